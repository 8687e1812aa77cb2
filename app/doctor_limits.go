package app

import (
	"context"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
)

// idle names the budgets that cannot do what they say.
func (s *Server) idle(context.Context) (api.Finding, error) {
	in := s.order.Load()
	var found []string
	for _, f := range in.limits.Idle(s.known(in)) {
		found = append(found, "budget "+f.String())
	}
	if len(found) == 0 {
		return look("limits", "", "prices and exchange rates are there by which all of them can act"), nil
	}
	return look("limits", "mend each as it says, and apply it again (docs/budgets.md)", strings.Join(found, "; ")), nil
}

// known is what an order's limits are looked at with: its prices and the exchange rates.
// Holds come in the reporting currency, and nearly all prices in the one of ceilings.
func (s *Server) known(in *order) budget.Prices {
	return budget.Prices{
		Priced: func(seller, model string) bool {
			if seller != "" {
				return in.Book.Match(seller, model, s.Now()).SKU != ""
			}
			return slices.ContainsFunc(in.Book.Sellers(), func(name string) bool { return in.Book.Match(name, model, s.Now()).SKU != "" })
		},
		Unrated: func(into money.Currency) money.Currency {
			for _, from := range []money.Currency{pricebook.HoldCurrency, in.Reporting} {
				if !s.converted(money.Money{Amount: money.FromInt(1), Currency: from}, into, s.Now()).Valid {
					return from
				}
			}
			return ""
		},
	}
}
