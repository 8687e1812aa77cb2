package ingesttest

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Opened implements ingest.Annex.
func (m *Memory) Opened(_ context.Context, attempts []spend.ID) ([]spend.Charge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return current(m.opens, func(c *spend.Charge) bool { return slices.Contains(attempts, c.AttemptID) }), nil
}

// EachOpened calls f for the line of every open call.
func (m *Memory) EachOpened(_ context.Context, f func(*spend.Charge)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range current(m.opens, func(*spend.Charge) bool { return true }) {
		f(&c)
	}
	return nil
}

// OutcomeHistory implements ingest.Annex.
func (m *Memory) OutcomeHistory(_ context.Context, ids []spend.ID) (found []outcome.Line, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := map[spend.ID]bool{}
	for _, l := range m.outcomes {
		if slices.Contains(ids, l.Outcome) || slices.Contains(ids, l.Key) {
			wanted[l.Outcome] = true
		}
	}
	for _, l := range m.outcomes {
		if wanted[l.Outcome] {
			found = append(found, l)
		}
	}
	return found, nil
}

// Verified implements ingest.Annex.
func (m *Memory) Verified(_ context.Context, definition string, until time.Time) (found []outcome.Standing, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	gone := map[spend.ID]bool{}
	for _, l := range m.outcomes {
		gone[l.Corrects] = true
	}
	for _, l := range m.outcomes {
		s := l.Standing
		if !gone[l.ID] && !l.Reverses() && s.Definition == definition && s.State == outcome.Verified && !s.At.After(until) {
			found = append(found, s)
		}
	}
	return found, nil
}

// Rejected implements ingest.Annex.
func (m *Memory) Rejected(ctx context.Context, digest spend.ID) ([]lake.Rejected, error) {
	all, err := m.Quarantined(ctx, lake.Listing{All: true, Limit: math.MaxInt})
	return slices.DeleteFunc(all, func(r lake.Rejected) bool { return r.Digest != digest }), err
}

// Quarantined lists rejected records, the newest first.
func (m *Memory) Quarantined(_ context.Context, q lake.Listing) (found []lake.Rejected, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := map[lake.Place]lake.Rejected{}
	for _, r := range m.rejected {
		place := r.Place()
		place.At = time.Time{}
		if before, known := last[place]; !known || !r.At.Before(before.At) {
			last[place] = r
		}
	}
	for _, r := range last {
		found = append(found, r)
	}
	lake.Resolve(found, m.resolved)
	found = slices.DeleteFunc(found, func(r lake.Rejected) bool {
		return q.Source != "" && r.Source != q.Source || !q.All && !r.Open() || q.After != nil && comparePlaces(r.Place(), *q.After) <= 0
	})
	slices.SortFunc(found, func(a, b lake.Rejected) int { return comparePlaces(a.Place(), b.Place()) })
	return found[:min(len(found), q.Limit)], nil
}

func comparePlaces(a, b lake.Place) int {
	return cmp.Or(b.At.Compare(a.At), bytes.Compare(a.Digest[:], b.Digest[:]), cmp.Compare(a.File, b.File),
		cmp.Compare(a.Record, b.Record), cmp.Compare(a.Source, b.Source))
}

// Resolutions gives the tries of the records with a digest, oldest first.
func (m *Memory) Resolutions(_ context.Context, digest spend.ID) ([]lake.Resolution, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.resolved), func(r lake.Resolution) bool { return r.Digest != digest }), nil
}
