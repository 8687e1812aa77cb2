package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// RateOrder is an exchange rate to be kept: one unit of From was worth Rate units
// of To.
type RateOrder struct {
	From    money.Currency `json:"from"`
	To      money.Currency `json:"to"`
	Rate    money.Amount   `json:"rate"`
	Day     exchange.Day   `json:"day"`               // that it was quoted on; of an invoice its date
	Source  string         `json:"source"`            // who says so
	Basis   exchange.Basis `json:"basis,omitempty"`   // day when empty
	Seller  string         `json:"seller,omitempty"`  // of an invoice
	Account string         `json:"account,omitempty"` // of an invoice, every account of the seller when empty
	Period  spend.Period   `json:"period,omitempty"`  // the month that the invoice bills
}

// RateChange says what became of exchange rates that were told, and of the lines
// that waited for one.
type RateChange struct {
	Added     int                      `json:"added"`     // facts that are new
	Known     int                      `json:"known"`     // facts that were there before
	Converted map[money.Currency]int64 `json:"converted"` // lines that had no rate, by their currency
	Left      map[money.Currency]int64 `json:"left"`      // lines that still have none
}

// maxProblems ends the list of what is wrong with a list of rates.
const maxProblems = 100

func exchangeRoutes() []route {
	params := append([]param{
		{"query", "from", "currency that the rates convert, like EUR; any when empty"},
		{"query", "to", "currency that they convert into; any when empty"},
	}, pageParams()...)
	return []route{
		{
			pattern: "GET /api/v1/rates", action: auth.PriceRead, handle: (*call).listRates,
			summary: "Lists exchange rates as they were stated, the newest day first.",
			params:  params, out: Page[exchange.Rate]{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/rates", action: auth.RateChange, handle: (*call).addRates,
			summary: "Keeps exchange rates, all of the list or none, and converts what waited for them. A rate that is told again changes nothing.",
			params:  []param{repeatKey()}, in: []RateOrder{}, out: RateChange{}, status: http.StatusOK,
		},
	}
}

func (c *call) listRates() (reply, error) {
	q, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	l, err := rateList(q)
	if err != nil {
		return reply{}, err
	}
	limit := l.Limit
	l.Limit++ // one more says that there is a next page
	rates, err := c.Exchange.Rates(c.request.Context(), l)
	if err != nil {
		return reply{}, err
	}
	page := Page[exchange.Rate]{Items: append([]exchange.Rate{}, rates[:min(len(rates), limit)]...)}
	if len(rates) > limit {
		last := &page.Items[limit-1]
		page.Next = last.Day.String() + "/" + last.ID
	}
	return jsonReply(http.StatusOK, page), nil
}

func rateList(q url.Values) (l RateList, err error) {
	if l.Limit, err = pageLimit(q); err != nil {
		return l, err
	}
	for _, side := range []struct {
		name string
		into *money.Currency
	}{{"from", &l.From}, {"to", &l.To}} {
		*side.into = money.Currency(q.Get(side.name))
		if *side.into != "" && side.into.Validate() != nil {
			return l, spend.Errorf(spend.KindInvalid, "read "+side.name, "%.40q is no currency", string(*side.into)).
				WithHint("three upper-case letters, like EUR")
		}
	}
	if cursor := q.Get("cursor"); cursor != "" {
		day, id, _ := strings.Cut(cursor, "/")
		if l.BeforeDay, err = exchange.ParseDay(day); err != nil {
			return l, spend.Errorf(spend.KindInvalid, "read cursor", "%.40q is no place in the list", cursor).
				WithHint("pass next of the page before, unchanged")
		}
		l.BeforeID = id
	}
	return l, nil
}

func (c *call) addRates() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	var orders []RateOrder
	if err := decode(c.body, &orders); err != nil {
		return reply{}, err
	}
	rates := make([]exchange.Rate, len(orders))
	var problems []spend.Problem
	for i := range orders {
		rates[i] = orders[i].rate()
		for _, p := range rates[i].Validate() {
			problems = append(problems, spend.Problem{Field: fmt.Sprintf("[%d].%s", i, p.Field), Msg: p.Msg})
		}
		if len(problems) > maxProblems {
			break
		}
	}
	if len(problems) > 0 {
		err := spend.Errorf(spend.KindInvalid, "keep exchange rates", "none of %d is kept", len(orders))
		return reply{}, rejection{err.WithHint("mend the problems and send them again"), problems}
	}
	change, err := c.Exchange.AddRates(c.request.Context(), c.who, rates)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, change), nil
}

func (o *RateOrder) rate() exchange.Rate {
	r := exchange.Rate{
		From: o.From, To: o.To, Rate: o.Rate, Day: o.Day, Source: o.Source,
		Basis: o.Basis, Seller: o.Seller, Account: o.Account, Period: o.Period,
	}
	if r.Basis == "" {
		r.Basis = exchange.DayRate
	}
	return r
}
