package state

import (
	"context"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const selectRates = `SELECT id, from_currency, to_currency, rate, day, basis, seller, account, period, source, known_at FROM exchange_rates `

func scanRate(scan scanner) (r exchange.Rate, err error) {
	var rate, day string
	err = scan(&r.ID, &r.From, &r.To, &rate, &day, &r.Basis, &r.Seller, &r.Account, &r.Period, &r.Source, instant{&r.Known})
	if err != nil {
		return r, err
	}
	if r.Rate, err = money.Parse(rate); err != nil {
		return r, err
	}
	r.Day, err = exchange.ParseDay(day)
	return r, err
}

// AddRates adds facts and gives those that are new, with their ids. What a
// source says already is no new fact; another rate for the same is a
// correction, and both stay. The error is of kind invalid when a fact cannot be
// kept, or two of these contradict each other; then none is kept.
func (tx *Tx) AddRates(ctx context.Context, rates []exchange.Rate) (added []exchange.Rate, err error) {
	for _, r := range rates {
		r.Known = tx.now
		r.ID = r.ContentID()
		isNew, err := tx.addRate(ctx, &r)
		if err != nil {
			return nil, err
		}
		if isNew {
			added = append(added, r)
		}
	}
	return added, nil
}

func (tx *Tx) addRate(ctx context.Context, r *exchange.Rate) (bool, error) {
	if err := tx.refuseRate(r); err != nil {
		return false, err
	}
	last, found, err := tx.lastRate(ctx, r)
	switch {
	case err != nil, found && last.Rate == r.Rate:
		return false, err
	case found && last.Known.Equal(r.Known):
		return false, spend.Errorf(spend.KindInvalid, "keep exchange rates", "%s says two rates of %s in %s for %s: %s and %s",
			r.Source, r.From, r.To, r.Day, last.Rate, r.Rate).WithHint("say each once; a correction comes with a later import")
	}
	return true, tx.exec(ctx, ask(`INSERT INTO exchange_rates
(id, from_currency, to_currency, rate, day, basis, seller, account, period, source, known_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.From, r.To, r.Rate.String(), r.Day.String(), r.Basis, r.Seller, r.Account, r.Period, r.Source, micros(r.Known)))
}

// refuseRate allows for zones that are a day ahead: a later day is a slip that
// would convert what is used on that day, once it comes.
func (tx *Tx) refuseRate(r *exchange.Rate) error {
	problems := r.Validate()
	if latest := exchange.DayOf(tx.now, tx.now.Location()) + 1; r.Day > latest {
		problems = append(problems, spend.Problem{Field: "day", Msg: "is in the future"})
	}
	if len(problems) == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "keep exchange rates", "%.3s in %.3s for %s: %s", r.From, r.To, r.Day, problems[0])
}

// lastRate is what the source of a fact said last of the same.
func (tx *Tx) lastRate(ctx context.Context, r *exchange.Rate) (exchange.Rate, bool, error) {
	return first(ctx, tx, ask(selectRates+`WHERE from_currency = ? AND to_currency = ? AND day = ? AND basis = ?
AND seller = ? AND account = ? AND period = ? AND source = ? ORDER BY known_at DESC, id DESC LIMIT 1`,
		r.From, r.To, r.Day.String(), r.Basis, r.Seller, r.Account, r.Period, r.Source), scanRate)
}

// Rates lists every fact, in the order in which they were learned.
func (tx *Tx) Rates(ctx context.Context) ([]exchange.Rate, error) {
	return list(ctx, tx, ask(selectRates+`ORDER BY known_at, id`), scanRate)
}

// RateList says which facts to list.
type RateList struct {
	From, To  money.Currency // "" for any
	BeforeDay exchange.Day   // and BeforeID: the last of the page before; 0 for the first page
	BeforeID  string
	Limit     int
}

// ListRates lists facts by day, the newest first.
func (tx *Tx) ListRates(ctx context.Context, l RateList) ([]exchange.Rate, error) {
	day := l.BeforeDay.String()
	if l.BeforeDay == 0 {
		day = "9999-12-31"
	}
	return list(ctx, tx, ask(selectRates+`WHERE (from_currency = ? OR ? = '') AND (to_currency = ? OR ? = '') AND (day, id) < (?, ?)
ORDER BY day DESC, id DESC LIMIT ?`, l.From, l.From, l.To, l.To, day, l.BeforeID, l.Limit), scanRate)
}

// Rate gives the fact with an id, false when there is none.
func (tx *Tx) Rate(ctx context.Context, id string) (exchange.Rate, bool, error) {
	return first(ctx, tx, ask(selectRates+`WHERE id = ?`, id), scanRate)
}
