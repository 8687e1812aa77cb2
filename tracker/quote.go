package tracker

import (
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// The units that prices are kept in.
const (
	perToken  = 1_000_000
	perSearch = 1_000
)

// highest bounds a price, in dollars per its unit.
const highest = 1_000_000

// ratio is an exact multiplier num/den; the zero value is none.
type ratio struct{ num, den int64 }

// usd gives the quoted price in dollars per its unit.
func (q *quote) usd() (money.Amount, error) {
	price, err := scaled(q.price, q.exp)
	if err != nil || q.scale == (ratio{}) {
		return price, err
	}
	return price.MulRatio(q.scale.num, q.scale.den)
}

// scaled reads a decimal number from its text and shifts its point: 3e-05 by 4
// is 0.3. Digits beyond the twelfth decimal, the noise of a float, are rounded
// away.
func scaled(text string, exp int) (money.Amount, error) {
	mantissa, exponent, found := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "e")
	if found {
		n, err := strconv.Atoi(exponent)
		if err != nil || n < -100 || n > 100 {
			return money.Amount{}, spend.Errorf(spend.KindInvalid, "read price", "%.40q is no decimal number", text)
		}
		exp += n
	}
	price, _, err := money.ParseRounded(mantissa + "e" + strconv.Itoa(exp))
	if err != nil {
		return price, spend.Errorf(spend.KindInvalid, "read price", "%.40q is no decimal number", text)
	}
	return price, nil
}

// put books the quotes of one row under an identity: each becomes a fact or a
// skipped value.
func (r *Reading) put(row string, who identity, quotes []quote) {
	origin := OriginOf(r.Book)
	if who.sku == "" || who.seller == "" {
		r.skip(row, "row", "no seller or no model id")
		return
	}
	for i := range quotes {
		q := &quotes[i]
		price, err := q.usd()
		what := q.meter.String() + " " + q.price
		switch {
		case err != nil:
			r.skip(row, what, err.Error())
			continue
		case price.Sign() < 0:
			r.skip(row, what, "a negative price means that the seller's price varies")
			continue
		case price.Cmp(money.FromInt(highest)) > 0:
			r.skip(row, what, "beyond any price")
			continue
		case price.IsZero() && !who.free:
			r.skip(row, what, "zero without a mark that it is free")
			continue
		}
		basis := q.basis
		if basis == "" {
			basis = pricebook.Tracker
		}
		r.Facts = append(r.Facts, pricebook.Fact{
			Seller: who.seller, SKU: who.sku, Model: who.model, Meter: q.meter,
			Price: price, Per: q.per, Currency: "USD", When: who.apply(q.when), Valid: q.valid,
			Layer: pricebook.List, Basis: basis, Free: price.IsZero(), Note: q.note, Confidence: pricebook.Low,
			Source: pricebook.Source{Ref: origin.Ref, Checked: origin.Snapshot},
		})
	}
}

// list remembers an id of a seller that the book names.
func (r *Reading) list(who identity) {
	r.listed = append(r.listed, listing{who.seller, who.id})
}

// tokens makes a quote of a token meter.
func tokens(m spend.Meter, price string, exp int) quote {
	return quote{meter: m, price: price, exp: exp, per: perToken}
}

// cacheWrite is the meter of a cache write whose lifetime the book does not
// say: five minutes for Claude, the one class that there is for all others.
func cacheWrite(model string) spend.Meter {
	if strings.HasPrefix(model, "anthropic/") {
		return spend.CacheWrite5m
	}
	return spend.CacheWriteOther
}
