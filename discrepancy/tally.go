package discrepancy

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Row is what some lines have in common: source, model and why their figures differ.
type Row struct {
	Bucket   string         `json:"bucket,omitempty"` // day, "" for the whole window
	Source   string         `json:"source"`
	Model    string         `json:"model"`
	Reason   Reason         `json:"reason"`
	Detail   string         `json:"detail,omitempty"`
	Currency money.Currency `json:"currency"`               // theirs; ours where they say no cost
	Ours     money.Currency `json:"our_currency,omitempty"` // where it is another one
	Figures
}

// Figures are those of some lines. An amount that is not known is null; the difference is
// ours − theirs, null where one of them is not known or the currencies differ.
type Figures struct {
	Lines      int64      `json:"lines"`
	Calls      int64      `json:"calls"`
	Tokens     int64      `json:"tokens"` // prompt and completion
	Theirs     money.Null `json:"theirs"`
	List       money.Null `json:"list"`
	Difference money.Null `json:"difference"`
}

// Total sums the rows of one currency.
type Total struct {
	Currency    money.Currency `json:"currency"`
	Lines       int64          `json:"lines"`
	Calls       int64          `json:"calls"`
	Tokens      int64          `json:"tokens"`
	Theirs      money.Amount   `json:"theirs"`
	List        money.Amount   `json:"list"`
	Difference  money.Amount   `json:"difference"`   // of lines with both figures
	ListAlone   money.Amount   `json:"list_alone"`   // of lines without theirs in the same currency
	TheirsAlone money.Amount   `json:"theirs_alone"` // of lines without ours in the same currency
}

// Tally sums lines by what they have in common.
type Tally struct {
	rows map[Row]*sums
}

type sums struct {
	lines, calls, tokens int64
	theirs, list         money.Amount
	known                int64 // lines with a list price
}

// mostRows bounds the memory of a tally and the length of its answer.
const mostRows = 50_000

// NewTally makes an empty one.
func NewTally() *Tally { return &Tally{rows: map[Row]*sums{}} }

// Add counts a line with its finding, or takes it back when sign is −1.
func (t *Tally) Add(bucket string, c *spend.Charge, f Finding, sign int64) error {
	key := Row{Bucket: bucket, Source: c.Source, Model: NameOf(c), Reason: f.Reason, Detail: f.Detail, Currency: c.ReportedCurrency}
	switch {
	case !c.Reported.Valid:
		key.Currency = c.Currency
	case c.List.Valid && c.Currency != c.ReportedCurrency:
		key.Ours = c.Currency
	}
	s := t.rows[key]
	if s == nil {
		if len(t.rows) >= mostRows {
			return spend.Errorf(spend.KindExhausted, "compare", "there are more than %d rows", mostRows).WithHint("ask about a shorter window, one source, or without days")
		}
		s = &sums{}
		t.rows[key] = s
	}
	s.lines += sign
	s.calls += sign * c.Calls
	s.tokens += sign * (c.Usage.PromptTokens() + c.Usage.CompletionTokens())
	if c.List.Valid {
		s.known += sign
	}
	var errs [4]error
	theirs, list := c.Reported.Amount, c.List.Amount
	if sign < 0 {
		theirs, list = theirs.Neg(), list.Neg()
	}
	s.theirs, errs[0] = s.theirs.Add(theirs)
	s.list, errs[1] = s.list.Add(list)
	return errors.Join(errs[:]...)
}

// Rows gives what stands, the largest differences first.
func (t *Tally) Rows() ([]Row, error) {
	rows := []Row{}
	for key, s := range t.rows {
		if s.lines == 0 {
			continue
		}
		row, err := s.row(key)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Bucket, b.Bucket), b.Difference.Amount.Abs().Cmp(a.Difference.Amount.Abs()), b.gap().Cmp(a.gap()),
			cmp.Compare(a.Source, b.Source), cmp.Compare(a.Model, b.Model), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Detail, b.Detail),
			cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Ours, b.Ours))
	})
	return rows, nil
}

// gap is the larger of both figures, which orders rows without a difference.
func (r *Row) gap() money.Amount {
	if r.Theirs.Amount.Cmp(r.List.Amount) > 0 {
		return r.Theirs.Amount
	}
	return r.List.Amount
}

func (s *sums) row(row Row) (Row, error) {
	row.Lines, row.Calls, row.Tokens = s.lines, s.calls, s.tokens
	if row.Reason != NoFigure {
		row.Theirs = money.Known(s.theirs)
	}
	if s.known != 0 {
		row.List = money.Known(s.list)
	}
	if !row.Theirs.Valid || !row.List.Valid || row.Ours != "" {
		return row, nil
	}
	gap, err := s.list.Sub(s.theirs)
	row.Difference = money.Known(gap)
	return row, err
}

// Totals sums rows by currency.
func Totals(rows []Row) ([]Total, error) {
	found := map[money.Currency]*Total{}
	of := func(c money.Currency) *Total {
		if found[c] == nil {
			found[c] = &Total{Currency: c}
		}
		return found[c]
	}
	var errs []error
	sum := func(to *money.Amount, a money.Amount) {
		var err error
		*to, err = to.Add(a)
		errs = append(errs, err)
	}
	for i := range rows {
		r := &rows[i]
		t := of(r.Currency)
		t.Lines, t.Calls, t.Tokens = t.Lines+r.Lines, t.Calls+r.Calls, t.Tokens+r.Tokens
		sum(&t.Theirs, r.Theirs.Amount)
		sum(&t.Difference, r.Difference.Amount)
		ours := t
		if r.Ours != "" {
			ours = of(r.Ours)
		}
		sum(&ours.List, r.List.Amount)
		if !r.Difference.Valid {
			sum(&t.TheirsAlone, r.Theirs.Amount)
			sum(&ours.ListAlone, r.List.Amount)
		}
	}
	totals := []Total{}
	for _, c := range slices.Sorted(maps.Keys(found)) {
		totals = append(totals, *found[c])
	}
	return totals, errors.Join(errs...)
}
