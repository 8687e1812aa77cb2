package exchange

import (
	"strings"

	"github.com/bursarhq/bursar/money"
)

// Quote converts amounts of one currency into another: times one amount over
// another, since neither the inverse of a rate nor a cross of two is a decimal.
// The zero value converts nothing.
type Quote struct {
	Fact string // what it rests on: "par", the id of a rate, or ids behind "inverse:" or "cross:"
	Day  Day    // of the rate, 0 at par

	num, den money.Amount
}

// Par converts a currency into itself.
func Par() Quote { return Quote{Fact: "par", num: money.FromInt(1), den: money.FromInt(1)} }

// FactIDs gives the ids of the rates that the fact of a quote rests on, none at
// par.
func FactIDs(fact string) []string {
	if fact == "" || fact == Par().Fact {
		return nil
	}
	for _, by := range [2]string{byInverse, byCross} {
		fact = strings.TrimPrefix(fact, by)
	}
	return strings.Split(fact, "/")
}

// What stands before the ids where a quote is not as stated.
const (
	byInverse = "inverse:"
	byCross   = "cross:"
)

// Convert gives an amount in the other currency, rounded once, half to even at
// 10⁻¹². The error says that the result is beyond all amounts, or that the quote
// is none.
func (q Quote) Convert(a money.Amount) (money.Amount, error) { return a.MulQuotient(q.num, q.den) }

// stated converts as a fact says.
func stated(r *Rate) Quote {
	return Quote{Fact: r.ID, Day: r.Day, num: r.Rate, den: money.FromInt(1)}
}

// inverse converts the other way than a fact says: 1 / rate.
func inverse(r *Rate) Quote {
	return Quote{Fact: byInverse + r.ID, Day: r.Day, num: money.FromInt(1), den: r.Rate}
}

// cross converts by two facts that are stated against one third currency.
func cross(num, den *Rate) Quote {
	return Quote{Fact: byCross + num.ID + "/" + den.ID, Day: num.Day, num: num.Rate, den: den.Rate}
}
