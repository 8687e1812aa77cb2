package variance

import "slices"

// The drivers of a bill, in the order of its chain. A call costs what its meters do:
// the number of calls, times the share of what was called in steps, times what a call
// uses, times what that costs. The calls of a workflow with outcomes and runs are its
// outcomes, times the runs of each, times the calls of each run, times those outside.
const (
	Outcomes    = "outcomes"         // more or fewer results of a workflow
	RunsEach    = "runs_per_outcome" // of its runs, those that failed too
	CallsEach   = "calls_per_run"    // of its calls in runs: loops of an agent
	OutsideRuns = "outside_runs"     // of its calls, those that name no run too, for each call in one

	Calls      = "calls"        // more or fewer calls, of what has no outcomes and runs to divide them by
	Lines      = "mix"          // of slices and of product lines
	Succession = "succession"   // within a product line, of the model that was asked for
	Alias      = "alias"        // the same name was asked for and another model answered
	Routing    = "routing"      // of sellers, regions, currencies
	Tiers      = "tiers"        // of service tiers and context tiers
	Context    = "context"      // prompt tokens of a call
	Cache      = "cache"        // fresh, cached and cache-writing shares of the prompt
	Output     = "output"       // completion tokens of a call
	Meters     = "other_meters" // searches, images, seconds and the like of a call
	ListPrice  = "list_price"   // of a unit
	Promotion  = "promotion"    // the same, where a price for a time alone began or ended
	Terms      = "terms"        // negotiated prices
	Settlement = "settlement"   // seats that cover calls, exchange rates
	Purchases  = "purchases"    // what is bought without a meter: seats, credits, fees, taxes
	Uncounted  = "uncounted"    // usage that no chain can tell: amounts without calls or units
)

// Divided lists the drivers that the calls of a workflow with outcomes split into.
func Divided() []string { return []string{Outcomes, RunsEach, CallsEach, OutsideRuns} }

// Drivers lists them in order.
func Drivers() []string {
	return []string{Outcomes, RunsEach, CallsEach, OutsideRuns, Calls, Lines, Succession, Alias, Routing, Tiers, Context, Cache, Output, Meters, ListPrice, Promotion, Terms, Settlement, Purchases, Uncounted}
}

// Headlines sorts the drivers under volume, mix, price and what has none of them.
func Headlines() []Headline {
	return []Headline{
		{Volume, []string{Outcomes, RunsEach, CallsEach, OutsideRuns, Calls, Context, Output, Meters}},
		{Mix, []string{Lines, Succession, Alias, Routing, Tiers, Cache}},
		{Price, []string{ListPrice, Promotion, Terms, Settlement}},
		{Purchases, []string{Purchases, Uncounted}},
	}
}

// Headline is a few drivers under one word.
type Headline struct {
	Name    string
	Drivers []string
}

// drivenBy gives a chain of ones but for some drivers.
func drivenBy(some map[string][2]Number) [][2]Number {
	names := Drivers()
	factors := make([][2]Number, len(names))
	for j := range factors {
		factors[j] = [2]Number{whole(1), whole(1)}
	}
	for name, pair := range some {
		factors[slices.Index(names, name)] = pair
	}
	return factors
}
