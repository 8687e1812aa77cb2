package discrepancy

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// variation is a use of the price book that is not ours.
type variation struct {
	reason Reason
	detail string
	change func(*pricebook.Call) bool // of a copy of the call; false when it has nothing to change
}

// counted are the ways in which tokens may be counted or sorted otherwise.
func counted() []variation {
	reads := []spend.Meter{spend.CacheRead, spend.CacheReadAudio, spend.CacheReadImage}
	writes := []spend.Meter{spend.CacheWrite5m, spend.CacheWrite1h, spend.CacheWriteOther, spend.CacheWrite30m}
	caches := slices.Concat(reads, writes)
	fees := []spend.Meter{spend.Request, spend.WebSearch, spend.FileSearch, spend.RerankSearch, spend.ToolCall}
	reasoning := []spend.Meter{spend.OutReasoning}
	return []variation{
		{reason: NoCacheReadRate, change: moved(reads, spend.InText)},
		{reason: NoCacheWriteRate, change: moved(writes, spend.InText)},
		{reason: NoCacheRates, change: both(moved(reads, spend.InText), moved(writes, spend.InText))},
		{reason: CacheReadsLeftOut, change: leftOut(reads)},
		{reason: CacheLeftOut, change: both(leftOut(reads), leftOut(writes))},
		{reason: CacheReadTwice, change: twice(reads, spend.InText)},
		{reason: CacheTwice, change: twice(caches, spend.InText)},
		{reason: HourAsFiveMinutes, change: moved([]spend.Meter{spend.CacheWrite1h}, spend.CacheWrite5m)},
		{reason: ReasoningLeftOut, change: leftOut(reasoning)},
		{reason: ReasoningTwice, change: twice(reasoning, spend.OutText)},
		{reason: FeesLeftOut, change: leftOut(fees)},
	}
}

// both needs two changes that each have something to change: else one of them says it.
func both(a, b func(*pricebook.Call) bool) func(*pricebook.Call) bool {
	return func(c *pricebook.Call) bool { return a(c) && b(c) }
}

func moved(from []spend.Meter, to spend.Meter) func(*pricebook.Call) bool {
	return func(c *pricebook.Call) bool {
		sum, found := total(c.Usage, from)
		return found && drop(c.Usage, from) && add(c.Usage, to, sum)
	}
}

func leftOut(which []spend.Meter) func(*pricebook.Call) bool {
	return func(c *pricebook.Call) bool {
		_, found := total(c.Usage, which)
		return found && drop(c.Usage, which)
	}
}

func twice(which []spend.Meter, as spend.Meter) func(*pricebook.Call) bool {
	return func(c *pricebook.Call) bool {
		sum, found := total(c.Usage, which)
		return found && add(c.Usage, as, sum)
	}
}

func total(u *spend.Usage, which []spend.Meter) (sum spend.Quantity, found bool) {
	for _, m := range which {
		q, err := sum.Add(u.Get(m))
		if err != nil {
			return sum, false
		}
		sum = q
	}
	return sum, !sum.IsZero()
}

func drop(u *spend.Usage, which []spend.Meter) bool {
	for _, m := range which {
		if u.Set(m, spend.Quantity{}) != nil {
			return false
		}
	}
	return true
}

func add(u *spend.Usage, m spend.Meter, q spend.Quantity) bool {
	sum, err := u.Get(m).Add(q)
	return err == nil && u.Set(m, sum) == nil
}

// conditions are the ways in which a call may be priced under others than its own.
func (x *Explainer) conditions(c *spend.Charge) []variation {
	found := []variation{
		{reason: StandardTier, change: func(call *pricebook.Call) bool {
			had := call.ServiceTier != "" || call.ServedTier != ""
			call.ServiceTier, call.ServedTier = "", ""
			return had
		}},
		{reason: BaseContext, change: func(call *pricebook.Call) bool {
			had := !call.Aggregated
			call.Aggregated = true
			return had && c.Context != ""
		}},
		{reason: GlobalRegion, change: func(call *pricebook.Call) bool {
			had := call.Region != ""
			call.Region = ""
			return had
		}},
	}
	for _, tier := range []string{"batch", "flex", "priority"} {
		found = append(found, variation{OtherTier, tier, func(call *pricebook.Call) bool {
			had := call.ServedTier
			call.ServedTier = tier
			return had != tier
		}})
	}
	for _, day := range x.days(c) {
		found = append(found, variation{OtherDay, day.Format(time.DateOnly), func(call *pricebook.Call) bool {
			call.At = day
			return true
		}})
	}
	return found
}

// price is what a call costs in a variation, false when it has nothing to vary, or no
// price then.
func (x *Explainer) price(c *spend.Charge, v, w *variation) (money.Amount, bool) {
	x.usage = c.Usage // whose map is not written to: Set makes one of its own
	x.call = x.prices.Call(c)
	x.call.Usage = &x.usage
	if !v.change(&x.call) || w != nil && !w.change(&x.call) {
		return money.Amount{}, false
	}
	x.prices.Book.Rate(&x.call, &x.rating)
	return x.rating.List, x.rating.State != spend.Unpriced && x.rating.Currency == c.Currency
}
