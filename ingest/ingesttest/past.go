package ingesttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// EachKin implements ingest.Past: kin are what prints alike but for times, figures
// and what names one call.
func (m *Memory) EachKin(_ context.Context, k lake.Kinship, f func(*lake.Kin) error) error {
	found := map[string]*lake.Kin{}
	for _, c := range m.asked(k) {
		name := kinOf(&c, k.Runs)
		if found[name] == nil {
			found[name] = &lake.Kin{Name: name, Sample: c.ID, First: c.UsedAt, Last: c.UsedAt}
		}
		kin, sums := found[name], lake.SumsOf(&c)
		if err := kin.Add(&sums); err != nil {
			return err
		}
		kin.First, kin.Last = earlier(kin.First, c.UsedAt), earlier(c.UsedAt, kin.Last)
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if err := f(found[name]); err != nil {
			return err
		}
	}
	return nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// asked gives the current lines of a window.
func (m *Memory) asked(k lake.Kinship) []spend.Charge {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := k.Query
	return current(m.charges, func(c *spend.Charge) bool {
		return c.Book == q.Book && !c.UsedAt.Before(q.From) && (q.To.IsZero() || c.UsedAt.Before(q.To))
	})
}

func kinOf(c *spend.Charge, runs bool) string {
	e, said := c.Event, spend.Scope{}
	if c.Claims != "" && json.Unmarshal([]byte(c.Claims), &said) != nil {
		said.Run = c.Claims // nobody can read them
	}
	if !runs {
		for _, s := range []*spend.Scope{&e.Scope, &said} {
			s.Run, s.ParentRun, s.Step = "", "", ""
		}
	}
	return spend.Digest(fmt.Sprint(e.Source, e.Account, e.Seller, e.Host, e.RequestedModel, e.ServedModel, e.RequestedTier, e.ServedTier,
		e.Region, e.Kind, e.ImageSize, e.ImageQuality, e.Status, e.Category), c.Rule, fmt.Sprintf("%q", e.Scope), fmt.Sprintf("%q", said)).String()
}

// Named implements ingest.Past.
func (m *Memory) Named(_ context.Context, ids []spend.ID, _ lake.Window) (found []spend.Charge, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.charges {
		if slices.Contains(ids, c.ID) {
			found = append(found, c)
		}
	}
	return found, nil
}

// MembersOf implements ingest.Past.
func (m *Memory) MembersOf(_ context.Context, q lake.Members) (attempts []spend.ID, _ error) {
	for _, c := range m.asked(q.Kinship) {
		if slices.Contains(q.Names, kinOf(&c, q.Runs)) && bytes.Compare(c.AttemptID[:], q.After[:]) > 0 {
			attempts = append(attempts, c.AttemptID)
		}
	}
	slices.SortFunc(attempts, func(a, b spend.ID) int { return bytes.Compare(a[:], b[:]) })
	return attempts[:min(q.Limit, len(attempts))], nil
}
