package budget

import (
	"fmt"

	"github.com/bursarhq/bursar/money"
)

// Prices is what is known of prices and exchange rates. What is nil is not asked.
type Prices struct {
	// Priced says that there is a price of a model at a seller, at any of them if it is "".
	Priced func(seller, model string) bool
	// Unrated gives a currency in which calls come and from which no exchange rate leads
	// into another, "" for none.
	Unrated func(into money.Currency) money.Currency
}

// Idle lists budgets that cannot do what they say: without an exchange rate into their
// currency, or whose fallback is no other model, or one that nobody knows a price of.
func (s *Set) Idle(known Prices) (all []Finding) {
	for i := range s.limits {
		if b := s.limits[i].budget; b != nil {
			all = append(all, b.idle(known)...)
		}
	}
	return all
}

// IdleOf is Idle of one limit alone.
func (s *Set) IdleOf(id string, known Prices) []Finding {
	i, found := s.find(id)
	if !found || s.limits[i].budget == nil {
		return nil
	}
	return s.limits[i].budget.idle(known)
}

func (b *Budget) idle(known Prices) (all []Finding) {
	if b.AtLimit == Downgrade && len(b.Scope["model"]) == 1 && b.Scope["model"][0] == b.Fallback {
		all = append(all, Finding{Limit: b.ID, Msg: fmt.Sprintf("its fallback %s is the model that it looks at, so that calls beyond the limit go on as they came; name a cheaper one", b.Fallback)})
	}
	if seller, unknown := b.unpriced(known); unknown {
		all = append(all, Finding{Limit: b.ID, Msg: fmt.Sprintf("no price is known of its fallback %s%s, which the vendor may not have at all; name a model that bursar price show knows, or import its price", b.Fallback, seller)})
	}
	if !b.Counts.IsMoney() || known.Unrated == nil {
		return all
	}
	if from := known.Unrated(b.Currency); from != "" {
		all = append(all, Finding{Limit: b.ID, Msg: fmt.Sprintf("no exchange rate leads from %s into %s, so that calls in %s are not counted, and never fit; bursar rate import brings rates", from, b.Currency, from)})
	}
	return all
}

// unpriced says that nobody knows a price of the fallback, and at which of the sellers
// that the budget names.
func (b *Budget) unpriced(known Prices) (at string, unknown bool) {
	if b.AtLimit != Downgrade || known.Priced == nil {
		return "", false
	}
	sellers := b.Scope["seller"]
	if len(sellers) == 0 {
		return "", !known.Priced("", b.Fallback)
	}
	for _, seller := range sellers {
		if !known.Priced(seller, b.Fallback) {
			return " at " + seller, true
		}
	}
	return "", false
}
