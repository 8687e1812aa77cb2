package budget

import (
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
)

// Budget is a limit on what the calls of a scope use in a window.
type Budget struct {
	ID       string
	Scope    Selector
	Exempt   []Selector // calls that it does not look at: neither counted nor stopped
	Each     []string   // dimensions of which every value has a counter of its own
	Amount   money.Amount
	Currency money.Currency // of money, "" of tokens, calls and depth
	Counts   Measure
	Notional bool // whether usage that a seat covers counts too, at its list price
	Window   Window

	PerOutcome Earning // what a result adds to the limit
	Alerts     []Alert
	AtLimit    Action
	Pace       Pace       // of calls beyond the limit, of a throttle
	Grace      int        // percent of the limit that calls may use beyond it before AtLimit
	Fallback   string     // model that a downgrade asks for
	Unproven   money.Null // what a call without a bound is held at; unknown refuses it
	Owner      string     // whom to ask: a team, a role or a principal
	Override   Override
}

// Earning lets a limit grow with what is achieved, so that it bounds the cost of
// a result instead of taxing those who bring the most.
//
// Example: with an amount of 10 and 0.40 for each support.resolution, a window
// with 250 verified results may use 10 + 250 × 0.40 = 110.
type Earning struct {
	Outcome string       // the definition whose verified outcomes count, "" for none
	Amount  money.Amount // for each, in the currency or unit of the budget
}

// Alert is a threshold, in percent of the limit.
type Alert struct {
	Percent  int
	Forecast bool // of what the window is expected to use at its end
}

// Override lets a cap stop an owned production workflow whose results nobody
// counts, until a day.
type Override struct {
	Reason string
	Until  time.Time // zero for none
}

// String gives the threshold as documents write it: "80" or "forecast 100".
func (a Alert) String() string {
	if a.Forecast {
		return "forecast " + strconv.Itoa(a.Percent)
	}
	return strconv.Itoa(a.Percent)
}

// DefaultAlerts are those of a budget that names none.
func DefaultAlerts() []Alert { return []Alert{{Percent: 50}, {Percent: 80}, {Percent: 100}} }

// Apart names the dimensions of which every value is counted by itself; a budget of
// a run counts every run so.
func (b *Budget) Apart() []string {
	if b.Window.Period == EachRun && !slices.Contains(b.Each, "run") {
		return append(slices.Clone(b.Each), "run")
	}
	return b.Each
}

// IsSafety says that a budget is a safety ceiling, which needs no evidence: of a
// run, a call or a key, outside production, or of spend that nobody owns.
func (b *Budget) IsSafety() bool {
	if b.Window.Period == EachRun || b.Window.Period == EachCall {
		return true
	}
	for _, name := range []string{"credential", "run"} {
		if _, said := b.Scope[name]; said || slices.Contains(b.Each, name) {
			return true
		}
	}
	for _, owner := range []string{"team", "application", "workflow"} {
		if slices.Equal(b.Scope[owner], []string{""}) {
			return true
		}
	}
	environments := b.Scope["environment"]
	return len(environments) > 0 && !slices.Contains(environments, "production") && !slices.Contains(environments, "")
}

// action is what the budget does at an instant with a call that does not fit. A
// cap that neither evidence nor an override allows to stop warns.
func (b *Budget) action(at time.Time, evident bool) Action {
	if b.AtLimit.Admits() || evident || at.Before(b.Override.Until) {
		return b.AtLimit
	}
	return Warn
}

// evident says that a budget may stop calls without an override: it is a safety
// ceiling, it grows with results, or the results of its workflows are counted.
func (b *Budget) evident(counted func(workflow string) bool) bool {
	if b.IsSafety() || b.PerOutcome.Outcome != "" {
		return true
	}
	workflows := b.Scope["workflow"]
	return counted != nil && len(workflows) > 0 && !slices.ContainsFunc(workflows, func(w string) bool { return !counted(w) })
}

func (b *Budget) check(at string, found *document.Problems) {
	found.Add(!isName(b.ID), at+".id", "must be 1 to %d of a-z, 0-9, - _ . and /", document.MaxName)
	b.Scope.check(at+".scope", found)
	for _, s := range b.Exempt {
		s.check(at+".exempt", found)
		found.Add(len(s) == 0, at+".exempt", "an empty selector exempts every call")
	}
	checkEach(b.Each, at+".each", found)
	found.Add(isAddress(b.Owner), at+".owner", "is an address: name a team, a role or a principal id")
	found.Add(isAddress(b.Override.Reason), at+".override", "its reason holds an address: name a principal id")
	b.checkAmount(at, found)
	b.Window.check(at+".period", found)
	b.checkAlerts(at+".alerts", found)
	known := []Action{Watch, Warn, Throttle, Downgrade, Stop}
	found.Add(!slices.Contains(known, b.AtLimit) && b.AtLimit != Approve, at+".at_limit", "must be one of %s", words(known))
	b.checkPace(at, found)
	found.Add((b.AtLimit == Downgrade) != (b.Fallback != ""), at+".fallback", "is the model to go on with: said with at_limit downgrade, and only there")
	found.Add(b.Grace < 0 || b.Grace > 100, at+".grace", "must be a percentage from 0 to 100")
	found.Add(b.Override.Until.IsZero() != (b.Override.Reason == ""), at+".override", "needs both a reason and a day that it holds until")
	for _, text := range []string{b.Fallback, b.Owner, b.Override.Reason, b.PerOutcome.Outcome} {
		found.Add(len(text) > maxText, at, "a text is longer than %d bytes", maxText)
	}
}

func (b *Budget) checkAmount(at string, found *document.Problems) {
	most := money.FromInt(maxAmount)
	found.Add(!slices.Contains(measures(), b.Counts), at+".counts", "must be one of %s", words(measures()))
	found.Add(b.Amount.Sign() < 0 || b.Amount.Cmp(most) > 0, at+".amount", "must be a number from 0 to %d", int64(maxAmount))
	switch {
	case b.Counts.IsMoney():
		found.Add(b.Currency.Validate() != nil, at+".currency", "must be three capital letters such as USD")
	case slices.Contains(measures(), b.Counts):
		found.Add(b.Currency != "", at+".currency", "is for money; %s have none", b.Counts)
		found.Add(!isWhole(b.Amount), at+".amount", "must be a whole number of %s", b.Counts)
	}
	found.Add(b.Counts == Depth && b.Window.accumulates(), at+".period", "depth is that of each call: write period: call")
	each := b.PerOutcome
	found.Add(each.Amount.Sign() < 0 || each.Amount.Cmp(most) > 0, at+".per_outcome.amount", "must be a number from 0 to %d", int64(maxAmount))
	found.Add((each.Outcome == "") != each.Amount.IsZero(), at+".per_outcome", "needs both an outcome and an amount above 0")
	found.Add(each.Outcome != "" && !b.Window.accumulates(), at+".per_outcome", "results do not belong to a single call")
	u := b.Unproven
	found.Add(u.Amount.Sign() < 0 || u.Amount.Cmp(most) > 0, at+".unproven", "must be refuse or a number from 0 to %d", int64(maxAmount))
	found.Add(u.Valid && u.Amount.IsZero(), at+".unproven", "unknown is never zero: write refuse or an amount above 0")
}

func (b *Budget) checkAlerts(at string, found *document.Problems) {
	seen := map[Alert]bool{}
	for _, a := range b.Alerts {
		found.Add(a.Percent < 1 || a.Percent > 1000, at, "%d: must be a percentage from 1 to 1000", a.Percent)
		found.Add(seen[a], at, "%s is there twice", a)
		seen[a] = true
	}
	found.Add(len(b.Alerts) > 20, at, "more than 20 thresholds")
}

func checkEach(each []string, at string, found *document.Problems) {
	for i, name := range each {
		_, known := dimensionOf(name)
		found.Add(!known, at, "there is no dimension %.40q", name)
		found.Add(slices.Contains(each[:i], name), at, "%.40q is there twice", name)
	}
	found.Add(len(each) > 4, at, "more than 4 dimensions")
}

func isWhole(a money.Amount) bool {
	_, whole := a.Int()
	return whole
}
