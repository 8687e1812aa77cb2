package ingesttest

import (
	"context"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// SoldIn implements ingest.Sales.
func (m *Memory) SoldIn(_ context.Context, w lake.Window) (found []lake.Sold, _ error) {
	for _, c := range m.sold(w) {
		name := lake.Sold{Seller: c.Seller, Model: c.Event.Model(), First: c.UsedAt, Last: c.UsedAt}
		at := slices.IndexFunc(found, func(s lake.Sold) bool { return s.Seller == name.Seller && s.Model == name.Model })
		if at < 0 {
			found = append(found, name)
			continue
		}
		found[at].First = earlier(found[at].First, c.UsedAt)
		if c.UsedAt.After(found[at].Last) {
			found[at].Last = c.UsedAt
		}
	}
	return found, nil
}

// EachSold implements ingest.Sales.
func (m *Memory) EachSold(_ context.Context, w lake.Window, names []lake.Sold, f func(*spend.Charge) error) error {
	for _, c := range m.sold(w) {
		if !slices.ContainsFunc(names, func(s lake.Sold) bool { return s.Seller == c.Seller && s.Model == c.Event.Model() }) {
			continue
		}
		if err := f(&c); err != nil {
			return err
		}
	}
	return nil
}

// sold gives the metered usage of a window, reversals included.
func (m *Memory) sold(w lake.Window) (found []spend.Charge) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.charges {
		if c.Book == spend.Metered && c.Category.IsUsage() && !c.UsedAt.Before(w.From) && c.UsedAt.Before(w.To) {
			found = append(found, c)
		}
	}
	return found
}
