package agentlog

import (
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// codexUsage is one set of counts.
type codexUsage struct {
	Input      tally `json:"input_tokens"`
	Cached     tally `json:"cached_input_tokens"`
	CacheWrite tally `json:"cache_write_input_tokens"`
	Output     tally `json:"output_tokens"`
	Reasoning  tally `json:"reasoning_output_tokens"`
	Total      tally `json:"total_tokens"`
}

func (u *codexUsage) numbers() [5]int64 {
	return [...]int64{u.Input.n, u.Cached.n, u.CacheWrite.n, u.Output.n, u.Reasoning.n}
}

func (u *codexUsage) isZero() bool { return u.numbers() == [5]int64{} }

func (u *codexUsage) less(v *codexUsage) (d codexUsage) {
	d.Input.n, d.Cached.n, d.CacheWrite.n = u.Input.n-v.Input.n, u.Cached.n-v.Cached.n, u.CacheWrite.n-v.CacheWrite.n
	d.Output.n, d.Reasoning.n, d.Total.n = u.Output.n-v.Output.n, u.Reasoning.n-v.Reasoning.n, u.Total.n-v.Total.n
	return d
}

func (u *codexUsage) totals() *wire.Totals {
	return &wire.Totals{
		Input: u.Input.n, CacheRead: u.Cached.n, CacheWrite: u.CacheWrite.n,
		Output: u.Output.n, OutputReasoning: u.Reasoning.n, Total: u.Total.n,
	}
}

// unread lists the counts that are none, under the name of their set.
func (u *codexUsage) unread(set string) []spend.Problem {
	if u == nil {
		return nil
	}
	return unread(
		namedTally{set + ".input_tokens", u.Input}, namedTally{set + ".cached_input_tokens", u.Cached},
		namedTally{set + ".cache_write_input_tokens", u.CacheWrite}, namedTally{set + ".output_tokens", u.Output},
		namedTally{set + ".reasoning_output_tokens", u.Reasoning}, namedTally{set + ".total_tokens", u.Total},
	)
}
