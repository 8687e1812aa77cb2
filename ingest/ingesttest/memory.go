package ingesttest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Memory is a ledger in memory: the reference that engines are compared with.
type Memory struct {
	mu        sync.Mutex
	charges   []spend.Charge
	links     map[spend.ID]spend.ID
	sightings []lake.Sighting
	rejected  []lake.Rejected
	resolved  []lake.Resolution
	outcomes  []outcome.Line
	opens     []spend.Charge
	offset    *lake.Offset
	marks     []lake.Offset
	broken    bool
}

var (
	_ ingest.Ledger = (*Memory)(nil)
	_ ingest.Annex  = (*Memory)(nil)
)

// NewMemory makes an empty ledger.
func NewMemory() *Memory { return &Memory{links: map[spend.ID]spend.ID{}} }

// Break makes every further append fail, like a full disk.
func (m *Memory) Break(broken bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = broken
}

// Charges gives all lines in the order of their booking.
func (m *Memory) Charges(context.Context) ([]spend.Charge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.charges), nil
}

// Quarantine gives every rejection in the order of their booking.
func (m *Memory) Quarantine() []lake.Rejected {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.rejected)
}

// Offset gives the last offset appended, nil when there is none.
func (m *Memory) Offset() *lake.Offset {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.offset
}

// FileOffset implements ingest.Partitions.
func (m *Memory) FileOffset(_ context.Context, source, file string) (lake.Offset, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range slices.Backward(m.marks) {
		if o.Source == source && o.File == file {
			return o, true, nil
		}
	}
	return lake.Offset{}, false, nil
}

// EachAttempt calls f for every attempt id and linked key.
func (m *Memory) EachAttempt(_ context.Context, f func(spend.ID)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.charges {
		f(c.AttemptID)
	}
	for key := range m.links {
		f(key)
	}
	return nil
}

// Attempts implements ingest.Ledger.
func (m *Memory) Attempts(_ context.Context, keys []spend.ID) (map[spend.ID]spend.ID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := map[spend.ID]spend.ID{}
	for _, c := range m.charges {
		if slices.Contains(keys, c.AttemptID) {
			known[c.AttemptID] = c.AttemptID
		}
	}
	for _, key := range keys {
		if a, ok := m.links[key]; ok {
			known[key] = a
		}
	}
	return known, nil
}

// Heads implements ingest.Ledger.
func (m *Memory) Heads(ctx context.Context, attempts []spend.ID) (heads []lake.Head, _ error) {
	lines, err := m.Lines(ctx, attempts)
	for _, c := range lines {
		heads = append(heads, head(&c))
	}
	return heads, err
}

func head(c *spend.Charge) lake.Head {
	return lake.Head{
		Attempt: c.AttemptID, ID: c.ID, ContentID: c.ContentID, Source: c.Source, SourceKey: c.SourceKey,
		Rank: c.Rank, Revision: c.Revision,
	}
}

// Retire removes the attempts all of whose lines lie in periods up to one.
func (m *Memory) Retire(_ context.Context, through spend.Period) (n int64, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	young := map[spend.ID]bool{}
	for _, c := range m.charges {
		young[c.AttemptID] = young[c.AttemptID] || max(c.Period, c.Origin) > through
	}
	for key, attempt := range m.links {
		if old, known := young[attempt]; known && !old {
			m.links[key] = spend.ID{}
		}
	}
	gone := func(id spend.ID) bool { return !young[id] }
	m.charges = slices.DeleteFunc(m.charges, func(c spend.Charge) bool {
		if !gone(c.AttemptID) {
			return false
		}
		n++
		m.links[c.AttemptID] = spend.ID{}
		return true
	})
	m.sightings = slices.DeleteFunc(m.sightings, func(s lake.Sighting) bool { return gone(s.Attempt) })
	return n, nil
}

// Lines implements ingest.Ledger.
func (m *Memory) Lines(_ context.Context, attempts []spend.ID) ([]spend.Charge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return current(m.charges, func(c *spend.Charge) bool { return slices.Contains(attempts, c.AttemptID) }), nil
}

// Unconverted implements ingest.Unconverted.
func (m *Memory) Unconverted(_ context.Context, after spend.ID, limit int) ([]spend.Charge, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	lines := current(m.charges, func(c *spend.Charge) bool {
		return c.Flags&spend.Unconverted != 0 && bytes.Compare(c.ID[:], after[:]) > 0
	})
	slices.SortFunc(lines, func(a, b spend.Charge) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return lines[:min(limit, len(lines))], nil
}

// current gives the lines that no line reverses, of those that are wanted.
func current(all []spend.Charge, wanted func(*spend.Charge) bool) (lines []spend.Charge) {
	reversed := map[spend.ID]bool{}
	for _, c := range all {
		if lake.Reverses(&c) {
			reversed[c.ID], reversed[c.Corrects] = true, true
		}
	}
	for _, c := range all {
		if !reversed[c.ID] && wanted(&c) {
			lines = append(lines, c)
		}
	}
	return lines
}

// Sightings implements ingest.Ledger.
func (m *Memory) Sightings(_ context.Context, attempts []spend.ID) (all []lake.Sighting, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.sightings {
		if slices.Contains(attempts, s.Attempt) {
			all = append(all, s)
		}
	}
	return all, nil
}

// Partition implements ingest.Partitions.
func (m *Memory) Partition(ctx context.Context, source, partition string, f func(lake.Head) error) error {
	var attempts []spend.ID
	all, _ := m.Charges(ctx)
	for _, c := range all {
		if c.Source == source && c.Event.Partition == partition {
			attempts = append(attempts, c.AttemptID)
		}
	}
	lines, err := m.Lines(ctx, attempts)
	for _, c := range lines {
		err = errors.Join(err, f(head(&c)))
	}
	return err
}

// Append implements ingest.Ledger.
func (m *Memory) Append(_ context.Context, b lake.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return spend.Errorf(spend.KindExhausted, "append", "no space left on device")
	}
	m.charges = append(m.charges, b.Charges...)
	m.sightings = append(m.sightings, b.Sightings...)
	m.rejected = append(m.rejected, b.Quarantine...)
	m.resolved = append(m.resolved, b.Resolved...)
	m.outcomes = append(m.outcomes, b.Outcomes...)
	m.opens = append(m.opens, b.Opens...)
	for _, k := range b.Keys {
		m.links[k.Key] = k.Attempt
	}
	m.marks = append(m.marks, b.Marks...)
	if b.Offset != nil {
		m.offset = b.Offset
	}
	return nil
}
