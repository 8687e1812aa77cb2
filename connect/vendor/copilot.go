package vendor

import (
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// copilotUsage is the report of premium requests or AI credits that GitHub's billing
// pages send: gross, discount and net in dollars by person, model and day.
//
// Traps: the unit changed from premium requests to AI credits, so that their quantities
// are two meters; what a plan includes is a discount; other products stand in the same
// report; aic_quantity says the same usage in the other unit.
func copilotUsage() kind {
	return kind{
		vendor: "copilot", name: "copilot usage", source: "copilot.usage",
		marks: []string{"gross_amount", "discount_amount", "net_amount"}, needed: []string{"sku", "quantity", "unit_type"},
		known:  []string{"date", "applied_cost_per_quantity", "exceeds_quota", "total_monthly_quota", "aic_quantity", "aic_gross_amount", "aic_net_amount", "workflow_path", "timeperiod_year", "timeperiod_month", "timeperiod_day", "discountquantity", "netquantity"},
		groups: []string{"username", "product", "sku", "model", "organization", "repository", "cost_center_name"},
		read:   readCopilot,
	}
}

func readCopilot(r *row) {
	if product := strings.ToLower(r.text("product")); r.has("product") && product != "copilot" && product != "spark" {
		r.foreign = true
		return
	}
	at, day := r.copilotDay()
	l := r.line(at, day)
	copilotNames(r, l)
	meter, price, known := copilotMeter(r.text("unit_type"))
	if !known {
		r.bad("unit_type", "holds a unit that is neither requests nor AI credits, so that the quantity is of no meter")
		return
	}
	r.quantity(l, "quantity", meter)
	gross, off := r.copilotMoney(l)
	if len(r.found) > 0 {
		return
	}
	if list, err := price.Mul(l.Event.Usage.Get(meter), 1); err == nil {
		if why := Suspect(gross, list, l.Rounding, r.options.Unit); why != "" {
			r.bad("gross_amount", "%s", strings.ReplaceAll(why, "tokens", "quantity"))
			return
		}
		if Differs(gross, list, l.Rounding) {
			l.Event.Flags |= spend.ReportedCostDiffers
		}
	}
	if off.IsZero() {
		return
	}
	credit := *l
	credit.Event.Flags = 0
	credit.Event.Usage, credit.Event.UsageSource, credit.Event.CallCount = spend.Usage{}, spend.UsageNone, 0
	credit.Event.Category, credit.Event.Reported = spend.CategoryCredit, money.Known(off.Neg())
	r.lines = append(r.lines, credit)
}

func copilotNames(r *row, l *Line) {
	e := &l.Event
	e.Seller, e.RequestedModel, e.Account = "github-copilot", r.label("model"), r.label("organization")
	e.Scope.Principal, e.Scope.CostCentre = r.label("username"), r.label("cost_center_name")
	l.tag("sku", r.label("sku"))
	l.tag("repository", r.label("repository"))
}

// copilotMeter is what a unit counts, and its list price in dollars
// (docs.github.com/billing/reference/billing-reports, read in November 2026).
func copilotMeter(unit string) (m spend.Meter, price money.Amount, known bool) {
	switch strings.ToLower(strings.ReplaceAll(unit, " ", "-")) {
	case "requests", "request", "premium-requests":
		return spend.Request, money.Must("0.04"), true
	case "ai-credits", "ai-credit", "credits":
		return spend.Credit, money.Must("0.01"), true
	}
	return 0, money.Amount{}, false
}

// quantity takes a count that may be a fraction: some models use less than a request.
func (r *row) quantity(l *Line, column string, m spend.Meter) {
	q, given := r.decimal(column, r.text(column))
	if !given {
		r.bad(column, "is empty, or no number")
		return
	}
	r.meter(column, &l.Event.Usage, m, q)
	if n, whole := q.Int(); whole && m == spend.Request {
		l.Event.CallCount = n
	}
}

// copilotMoney takes the gross amount, and gives what is taken off it. The three must
// add up.
func (r *row) copilotMoney(l *Line) (gross, off money.Amount) {
	gross, rounding, given := r.amount("gross_amount")
	off, _, givenOff := r.amount("discount_amount")
	net, _, givenNet := r.amount("net_amount")
	if !given || !givenOff || !givenNet {
		r.bad("gross_amount", "needs discount_amount and net_amount beside it, all three with a number")
		return gross, off
	}
	due, err := gross.Sub(off)
	if gap, errGap := due.Sub(net); err != nil || errGap != nil || gap.Abs().Cmp(money.Must("0.01")) > 0 {
		r.bad("net_amount", "is %s, and gross less discount is %s", net, due)
	}
	if off, err = gross.Sub(net); err != nil { // to the last digit what is owed is the net amount
		r.bad("net_amount", "is beyond all amounts")
	}
	l.Event.Reported, l.Event.ReportedCurrency, l.Rounding = money.Known(gross), "USD", rounding
	return gross, off
}
