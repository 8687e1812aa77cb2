package outcome

import (
	"math/big"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Part is spend of one fate: in runs with an outcome, in runs without one, or
// in no run at all. Unknown and Exposure stand beside Cost, never inside it.
type Part struct {
	Runs     int64        `json:"runs"`
	Calls    int64        `json:"calls"`
	Cost     money.Null   `json:"cost"`          // of the known amounts; unknown when there are none, or of several currencies
	Unknown  int64        `json:"unknown_calls"` // calls without an amount
	Exposure money.Amount `json:"exposure"`      // what they may cost at most

	UnknownLines int64 `json:"unknown_lines"` // those of them, and of purchases, which are no calls
}

// Plus adds two parts. A cost is unknown only when no part of it is known.
func (p Part) Plus(q Part) (Part, error) {
	var err error
	sum := Part{Runs: p.Runs + q.Runs, Calls: p.Calls + q.Calls, Unknown: p.Unknown + q.Unknown, UnknownLines: p.UnknownLines + q.UnknownLines}
	sum.Cost.Valid = p.Cost.Valid || q.Cost.Valid
	if sum.Cost.Amount, err = p.Cost.Amount.Add(q.Cost.Amount); err != nil {
		return Part{}, err
	}
	sum.Exposure, err = p.Exposure.Add(q.Exposure)
	return sum, err
}

// KnownCost is the cost, unknown where it is zero while calls or purchases stand beside it
// that have no price: nothing is known of what such a part costs.
func (p Part) KnownCost() money.Null {
	return money.Null{Amount: p.Cost.Amount, Valid: p.Cost.Valid && !(p.Cost.Amount.IsZero() && p.Unknown+p.UnknownLines > 0)}
}

// Fate is what became of spend.
type Fate string

// The fates of spend.
const (
	InWinning Fate = "with"    // in a run with a standing outcome
	InOthers  Fate = "without" // in a run without one
	InNoRun   Fate = "none"
)

// Day is spend of one workflow and fate on one day.
type Day struct {
	Workflow string
	Fate     Fate
	At       time.Time // the day's start
	Part     Part      // without its runs, which may take several days
}

// Row sets one workflow's results against all of its spend.
type Row struct {
	Workflow   string         `json:"workflow"`
	Definition string         `json:"definition"` // of its outcomes, "" when there are several
	Outcomes   money.Amount   `json:"outcomes"`   // verified or matured, in the definition's unit
	Claimed    money.Amount   `json:"claimed"`    // claimed and not verified
	Disputed   money.Amount   `json:"disputed"`   // under dispute
	Reversed   int64          `json:"reversed"`   // outcomes that were taken back
	Minutes    money.Amount   `json:"remediation_minutes"`
	Value      money.Null     `json:"value"`          // of the verified or matured; unknown when there is none, or of several currencies
	Valued     money.Currency `json:"value_currency"` //
	With       Part           `json:"with_outcome"`   // runs with a standing outcome
	Without    Part           `json:"without_outcome"`
	NoRun      Part           `json:"no_run"`   // spend that names no run
	All        Part           `json:"all"`      // the sum of the three
	Currency   money.Currency `json:"currency"` // of the costs where the basis is billed in many; "" is the table's
	Mixed      bool           `json:"mixed"`    // costs are of several currencies, so none is given
}

// Part is the spend of one fate.
func (r *Row) Part(f Fate) *Part {
	switch f {
	case InWinning:
		return &r.With
	case InOthers:
		return &r.Without
	}
	return &r.NoRun
}

// Close sums the parts.
func (r *Row) Close() error {
	all, err := r.Orphan()
	if err == nil {
		r.All, err = r.With.Plus(all)
	}
	return err
}

// Orphan is the spend without a standing outcome: that of failed runs, and what
// names no run.
func (r *Row) Orphan() (Part, error) { return r.Without.Plus(r.NoRun) }

// CostPerOutcome is all spend of the workflow per outcome, never only that of
// winning runs, half-even at 12 decimals. It is unknown without outcomes or a known cost.
//
// Example: 229.98 over 371 outcomes is 0.619892183288.
func (r *Row) CostPerOutcome() money.Null {
	return quotient(r.All.KnownCost(), money.Known(r.Outcomes))
}

// CostPerOutcome is that of the total, unknown where it is of several workflows: their
// results are of several kinds.
func (t *Table) CostPerOutcome() money.Null {
	if len(t.Rows) != 1 {
		return money.Null{}
	}
	return t.Total.CostPerOutcome()
}

// Share is the part of the cost in runs with an outcome, 0 to 1.
func (r *Row) Share() money.Null { return quotient(r.part(r.With), r.All.Cost) }

// OrphanShare is the part of the cost without a standing outcome, 0 to 1: with
// Share it sums to 1, to the last digit.
func (r *Row) OrphanShare() money.Null {
	share := r.Share()
	if !share.Valid {
		return money.Null{}
	}
	rest, err := money.FromInt(1).Sub(share.Amount)
	return money.Null{Amount: rest, Valid: err == nil}
}

// part takes no runs for no cost: of known spend, an empty part is zero.
func (r *Row) part(p Part) money.Null {
	return money.Null{Amount: p.Cost.Amount, Valid: r.All.Cost.Valid}
}

// quotient divides, half to even at 12 decimals; it is unknown where either is
// unknown, the divisor is not positive, or the result is too large.
func quotient(a, b money.Null) money.Null {
	if !a.Valid || !b.Valid || b.Amount.Sign() <= 0 {
		return money.Null{}
	}
	scaled := new(big.Int).Mul(a.Amount.Abs().Big(), money.FromInt(1).Big())
	q, rest := scaled.QuoRem(scaled, b.Amount.Big(), new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(b.Amount.Big()); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	if a.Amount.Sign() < 0 {
		q.Neg(q)
	}
	result, err := money.FromBig(q)
	return money.Null{Amount: result, Valid: err == nil}
}

// Table is what outcomes cost, by workflow, the costliest first.
type Table struct {
	Query    spend.Query    `json:"query"`
	Basis    spend.Measure  `json:"basis"`    // which cost: cost, list, contracted, billed or reported
	Currency money.Currency `json:"currency"` // of every cost, but where Mixed says otherwise
	Rows     []Row          `json:"rows"`
	Total    Row            `json:"total"` // of all rows; results of several workflows are of several kinds

	Days        []Day         `json:"-"` // of the costs, of a question by day
	WithoutRate []money.Money `json:"-"` // costs of days without an exchange rate, in no row
	Shared      int           `json:"-"` // workflows in no row: others, whom the reader may not see, use them too
}

// Sum fills the totals from the rows.
func (t *Table) Sum() error {
	total := Row{}
	for i := range t.Rows {
		if err := total.add(&t.Rows[i]); err != nil {
			return err
		}
	}
	if total.Mixed {
		total.DropCosts()
	}
	t.Total = total
	return nil
}

func (r *Row) add(s *Row) (err error) {
	for _, pair := range [...]struct{ to, from *money.Amount }{
		{&r.Outcomes, &s.Outcomes}, {&r.Claimed, &s.Claimed}, {&r.Disputed, &s.Disputed}, {&r.Minutes, &s.Minutes},
	} {
		if *pair.to, err = pair.to.Add(*pair.from); err != nil {
			return err
		}
	}
	for _, pair := range [...]struct{ to, from *Part }{{&r.With, &s.With}, {&r.Without, &s.Without}, {&r.NoRun, &s.NoRun}, {&r.All, &s.All}} {
		if *pair.to, err = pair.to.Plus(*pair.from); err != nil {
			return err
		}
	}
	r.Reversed += s.Reversed
	r.Mixed = r.Mixed || s.Mixed || r.Currency != "" && s.Currency != "" && r.Currency != s.Currency
	if s.Currency != "" {
		r.Currency = s.Currency
	}
	return nil
}

// DropCosts makes every cost of a row unknown, for one that mixes currencies; it
// has no currency then.
func (r *Row) DropCosts() {
	for _, p := range [...]*Part{&r.With, &r.Without, &r.NoRun, &r.All} {
		p.Cost = money.Null{}
	}
	r.Currency = ""
}
