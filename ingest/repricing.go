package ingest

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Repricing says what prices change in the past: lines that come to another amount, as
// they are booked and as they are due.
type Repricing struct {
	Rows   []RepricedRow `json:"rows"` // the largest change first
	Before lake.Sums     `json:"before"`
	After  lake.Sums     `json:"after"`
}

// RepricedRow is what changes of one workflow in one month of use.
type RepricedRow struct {
	Workflow string       `json:"workflow"` // "" is unattributed
	Month    spend.Period `json:"month"`
	Before   lake.Sums    `json:"before"`
	After    lake.Sums    `json:"after"`
}

// Add adds another stretch of the past, whose rows join those of the same name.
func (r *Repricing) Add(s *Repricing) error {
	t := repricing{most: len(r.Rows) + len(s.Rows), rows: map[[2]string]*RepricedRow{}}
	for _, rows := range [][]RepricedRow{r.Rows, s.Rows} {
		for i := range rows {
			if err := t.add(&rows[i]); err != nil {
				return err
			}
		}
	}
	*r = t.all()
	return nil
}

// repricing is a Repricing in the making.
type repricing struct {
	by    *Pipeline
	most  int
	rows  map[[2]string]*RepricedRow
	total Repricing
}

// line counts a line that stands, or takes back what its reversal takes back.
func (t *repricing) line(c *spend.Charge) error {
	stands := c
	if lake.Reverses(c) {
		back := c.Reverse(c.BookedAt, c.Period)
		stands = &back
	}
	due, err := t.by.priced(stands)
	if err != nil || pricedAlike(stands, &due) {
		return err
	}
	if stands != c {
		due = due.Reverse(c.BookedAt, c.Period)
	}
	return t.count(c, &due)
}

func (t *repricing) count(c, due *spend.Charge) error {
	row := RepricedRow{
		Workflow: c.Scope.Workflow, Month: spend.PeriodOf(c.UsedAt, t.by.Calendar.Location()), Before: lake.SumsOf(c), After: lake.SumsOf(due),
	}
	return t.add(&row)
}

func (t *repricing) add(row *RepricedRow) error {
	key := [2]string{row.Workflow, string(row.Month)}
	if t.rows[key] == nil {
		if len(t.rows) >= t.most {
			return spend.Errorf(spend.KindInvalid, "price anew", "more than %d workflows and months would change", t.most).WithHint("ask for a shorter window")
		}
		t.rows[key] = &RepricedRow{Workflow: row.Workflow, Month: row.Month}
	}
	sums := []*lake.Sums{&t.rows[key].Before, &t.total.Before, &t.rows[key].After, &t.total.After}
	for i, more := range []*lake.Sums{&row.Before, &row.Before, &row.After, &row.After} {
		if err := sums[i].Add(more); err != nil {
			return err
		}
	}
	return nil
}

// all gives the rows in which lines stand, the largest change first.
func (t *repricing) all() Repricing {
	t.total.Rows = []RepricedRow{}
	for _, row := range t.rows {
		if row.Before.Lines != 0 {
			t.total.Rows = append(t.total.Rows, *row)
		}
	}
	slices.SortFunc(t.total.Rows, func(a, b RepricedRow) int {
		if c := b.change().Cmp(a.change()); c != 0 {
			return c
		}
		return strings.Compare(a.Workflow+"\x00"+string(a.Month), b.Workflow+"\x00"+string(b.Month))
	})
	return t.total
}

// change is by how much the cost of a row moves, whichever way.
func (r *RepricedRow) change() money.Amount {
	moved, err := r.After.Cost.Sub(r.Before.Cost)
	if err != nil { // beyond all amounts
		return r.After.Cost.Abs()
	}
	return moved.Abs()
}
