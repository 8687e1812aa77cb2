package state

import (
	"context"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Rate is a dated fact: on a day, one unit of From was worth Rate units of To.
type Rate struct {
	ID     string // made by AddRate
	From   money.Currency
	To     money.Currency
	Rate   money.Amount // above zero
	Day    string       // "2026-11-25"
	Source string       // who says so, "ecb"
	Known  time.Time    // when Bursar learned it, set by AddRate
}

// Validate refuses what is no pair of currencies, no rate above zero, no day or
// without a source. The error is of kind invalid.
func (r *Rate) Validate() error {
	switch {
	case !isCurrency(r.From), !isCurrency(r.To), r.From == r.To:
		return spend.Errorf(spend.KindInvalid, "keep an exchange rate", "%.20q to %.20q is no pair of currencies", r.From, r.To)
	case r.Rate.Sign() <= 0:
		return spend.Errorf(spend.KindInvalid, "keep an exchange rate", "%s is not above zero", r.Rate)
	case !isDay(r.Day):
		return spend.Errorf(spend.KindInvalid, "keep an exchange rate", "%.20q is no day", r.Day).WithHint("write it like 2026-11-25")
	case r.Source == "":
		return spend.Errorf(spend.KindInvalid, "keep an exchange rate", "a source is needed")
	}
	return nil
}

const selectRates = `SELECT id, from_currency, to_currency, rate, day, source, known_at FROM exchange_rates `

func scanRate(scan scanner) (r Rate, err error) {
	var rate string
	if err := scan(&r.ID, &r.From, &r.To, &rate, &r.Day, &r.Source, instant{&r.Known}); err != nil {
		return r, err
	}
	r.Rate, err = money.Parse(rate)
	return r, err
}

// AddRate adds a fact and gives it with its id. What its source says of the day
// already is no new fact; another rate for the day is a correction, and both
// stay.
func (tx *Tx) AddRate(ctx context.Context, r Rate) (Rate, error) {
	if err := r.Validate(); err != nil {
		return Rate{}, err
	}
	last, found, err := first(ctx, tx, ask(selectRates+`WHERE from_currency = ? AND to_currency = ? AND day = ? AND source = ?
ORDER BY known_at DESC, id DESC LIMIT 1`, r.From, r.To, r.Day, r.Source), scanRate)
	if err != nil || found && last.Rate == r.Rate {
		return last, err
	}
	r.Known = tx.now
	known := strconv.FormatInt(micros(r.Known), 10)
	r.ID = spend.Digest("rate", string(r.From), string(r.To), r.Rate.String(), r.Day, r.Source, known).String()
	return r, tx.exec(ctx, ask(`INSERT INTO exchange_rates (id, from_currency, to_currency, rate, day, source, known_at)
VALUES (?, ?, ?, ?, ?, ?, ?)`, r.ID, r.From, r.To, r.Rate.String(), r.Day, r.Source, micros(r.Known)))
}

// Rate gives the fact with an id, false when there is none.
func (tx *Tx) Rate(ctx context.Context, id string) (Rate, bool, error) {
	return first(ctx, tx, ask(selectRates+`WHERE id = ?`, id), scanRate)
}

// RateOn gives the fact to convert with on the day of want, as far as was known
// at want.Known: of the last day that is not after it, the one learned last. It
// says false when there is none; how old a fact may be is the caller's question.
func (tx *Tx) RateOn(ctx context.Context, want Rate) (Rate, bool, error) {
	return first(ctx, tx, ask(selectRates+`WHERE from_currency = ? AND to_currency = ? AND day <= ? AND known_at <= ?
ORDER BY day DESC, known_at DESC, id DESC LIMIT 1`, want.From, want.To, want.Day, micros(want.Known)), scanRate)
}
