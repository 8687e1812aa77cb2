package app

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

func (p Privacy) orDefaults() Privacy {
	if p.MinimumGroup == 0 {
		p.MinimumGroup = 5
	}
	if p.NewLabels == 0 {
		p.NewLabels = 1000
	}
	return p
}

// remembering is for how long a label value that was booked is not new again.
const remembering = 31 * 24 * time.Hour

// labels caps new label values; those that the ledger learned of lately are known.
func (s *Server) labels(ctx context.Context) (*ingest.Labels, error) {
	labels := ingest.NewLabels(s.Privacy.NewLabels, s.Now)
	return labels, s.Lake.EachLabel(ctx, s.Now().Add(-remembering), labels.Know)
}

// Answer answers a question to the ledger as far as it may show people: whoever
// asks, the page or the command line, passes here.
func (a *App) Answer(ctx context.Context, q *spend.Query) (spend.Table, error) {
	policy := privacy.Policy{PersonViews: a.Privacy.PersonViews, MinimumGroup: a.Privacy.MinimumGroup}
	if err := policy.Check(q); err != nil {
		return spend.Table{}, err
	}
	asked := *q
	asked.Closed = a.ClosedThrough()
	if privacy.Groups(q) {
		asked.Fewest = policy.MinimumGroup
	}
	if asked.Fewest > 0 && len(q.Measures) > 0 {
		asked.Measures = slices.Clone(q.Measures)
		for _, needed := range []spend.Measure{spend.People, spend.Cost} { // of the merged groups' size, and of "other"
			if !slices.Contains(asked.Measures, needed) {
				asked.Measures = append(asked.Measures, needed)
			}
		}
	}
	restating, err := a.restating(ctx, &asked)
	if err != nil {
		return spend.Table{}, err
	}
	t, err := lake.AnswerRestated(ctx, a.Lake, &asked, restating)
	t.Currency = a.Currency()
	if err == nil {
		strip(&t, len(q.Measures))
	}
	return t, err
}

// restating says whose the lines of a question are by the organisation that it
// names, if it names one.
func (a *App) restating(ctx context.Context, q *spend.Query) (lake.Restating, error) {
	if q.Restated.IsZero() {
		return lake.Restating{}, nil
	}
	return ingest.Restate(ctx, a.Lake, a.order.Load().Order, q)
}

// strip leaves the first figures of an answer: the others nobody asked for.
func strip(t *spend.Table, asked int) {
	t.Query.Measures = t.Query.Measures[:asked]
	t.Totals.Values = t.Totals.Values[:asked]
	for i := range t.Rows {
		t.Rows[i].Values = t.Rows[i].Values[:asked]
	}
}
