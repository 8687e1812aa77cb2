package connect

import (
	"maps"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
	"go.yaml.in/yaml/v3"
)

// Convention is how a source counts tokens.
type Convention string

// The conventions.
const (
	Inclusive  Convention = "inclusive"   // totals contain their parts, as OpenAI and Google count
	Exclusive  Convention = "exclusive"   // every count is disjoint from every other
	CacheApart Convention = "cache_apart" // the input leaves cached tokens out, the output contains its parts, as Anthropic counts
)

// tokenCount is one count of tokens in a usage file: where it goes when totals
// contain their parts, and its meter when counts are disjoint.
type tokenCount struct {
	total func(*wire.Totals) *int64
	meter spend.Meter
}

// tokenCounts are the names that the usage of a mapping and, with "_tokens",
// the data of an event may use.
func tokenCounts() map[string]tokenCount {
	return map[string]tokenCount{
		"input":                      {func(t *wire.Totals) *int64 { return &t.Input }, spend.InText},
		"output":                     {func(t *wire.Totals) *int64 { return &t.Output }, spend.OutText},
		"cache_read":                 {func(t *wire.Totals) *int64 { return &t.CacheRead }, spend.CacheRead},
		"cache_audio_read":           {func(t *wire.Totals) *int64 { return &t.CacheAudioRead }, spend.CacheReadAudio},
		"cache_image_read":           {func(t *wire.Totals) *int64 { return &t.CacheImageRead }, spend.CacheReadImage},
		"cache_write":                {func(t *wire.Totals) *int64 { return &t.CacheWrite }, spend.CacheWriteOther},
		"cache_write_5m":             {func(t *wire.Totals) *int64 { return &t.CacheWrite5m }, spend.CacheWrite5m},
		"cache_write_1h":             {func(t *wire.Totals) *int64 { return &t.CacheWrite1h }, spend.CacheWrite1h},
		"cache_write_30m":            {func(t *wire.Totals) *int64 { return &t.CacheWrite30m }, spend.CacheWrite30m},
		"input_audio":                {func(t *wire.Totals) *int64 { return &t.InputAudio }, spend.InAudio},
		"input_image":                {func(t *wire.Totals) *int64 { return &t.InputImage }, spend.InImage},
		"input_video":                {func(t *wire.Totals) *int64 { return &t.InputVideo }, spend.InVideo},
		"input_tool":                 {func(t *wire.Totals) *int64 { return &t.InputTool }, spend.InTool},
		"output_reasoning":           {func(t *wire.Totals) *int64 { return &t.OutputReasoning }, spend.OutReasoning},
		"output_audio":               {func(t *wire.Totals) *int64 { return &t.OutputAudio }, spend.OutAudio},
		"output_image":               {func(t *wire.Totals) *int64 { return &t.OutputImage }, spend.OutImage},
		"output_video":               {func(t *wire.Totals) *int64 { return &t.OutputVideo }, spend.OutVideo},
		"output_citation":            {func(t *wire.Totals) *int64 { return &t.OutputCitation }, spend.OutCitation},
		"output_prediction_rejected": {func(t *wire.Totals) *int64 { return &t.OutputPredictionRejected }, spend.OutPredictionRejected},
	}
}

// besideTokens are the meters that no total of tokens contains; usage names
// them by their own names.
func besideTokens() []spend.Meter {
	return slices.DeleteFunc(spend.Meters(), func(m spend.Meter) bool { return m.Prompt() || m.Completion() })
}

// countNames are all names that the usage of a mapping may fill.
func countNames() []string {
	names := slices.Sorted(maps.Keys(tokenCounts()))
	for _, m := range besideTokens() {
		names = append(names, m.String())
	}
	return names
}

// count is one quantity in a row.
type count struct {
	cell
	name   string
	field  string      // under which a problem is reported
	tokens *tokenCount // nil for a meter beside tokens
	meter  spend.Meter
}

// usagePlan turns the counts of a row into usage.
type usagePlan struct {
	convention Convention
	round      bool // fractions of a token are rounded half to even
	flagOutput bool // parts above the output are left out and flagged
	total      *cell
	counts     []count
}

// resolve finds the meters of the counts.
func (u *usagePlan) resolve(d *decoder, n *yaml.Node) {
	table := tokenCounts()
	for i := range u.counts {
		c := &u.counts[i]
		if tokens, ok := table[c.name]; ok {
			c.tokens, c.meter, c.field = &tokens, tokens.meter, c.field+"_tokens"
			continue
		}
		var err error
		if c.meter, err = spend.ParseMeter(c.name); err != nil {
			d.badf(n, "usage: %v", err)
		}
	}
	if u.total != nil && u.convention != Inclusive {
		d.badf(n, "usage.total, the sum of input and output, is for convention: inclusive")
	}
}

// read gives the usage of a row and says whether anybody observed it: a row in
// which every count is empty was observed by nobody.
func (u *usagePlan) read(r *row) (usage spend.Usage, observed bool) {
	totals := &r.totals
	*totals = wire.Totals{}
	for i := range u.counts {
		c := &u.counts[i]
		if c.tokens == nil {
			observed = u.beside(r, c, &usage) || observed
			continue
		}
		n, given := u.tokens(r, c)
		switch {
		case !given:
		case u.convention == Exclusive:
			r.set(&usage, c, money.FromInt(n))
		default:
			*c.tokens.total(totals) = n
		}
		observed = observed || given && c.slot >= 0
	}
	if u.total != nil {
		totals.Total, _ = r.count(u.total, "usage.total_tokens")
	}
	if u.convention == Exclusive || len(r.found) > 0 {
		return usage, observed
	}
	return u.carve(r, *totals, usage), observed
}

// carve makes meters of totals and adds those that stand beside tokens.
func (u *usagePlan) carve(r *row, totals wire.Totals, beside spend.Usage) spend.Usage {
	if u.convention == CacheApart {
		totals = totals.IncludeCache()
	}
	usage, flags, found := totals.Disjoint()
	if whole := outputWhole(totals); len(found) > 0 && u.flagOutput {
		if usage, flags, found = whole.Disjoint(); len(found) == 0 {
			flags |= spend.UsageInconsistent
		}
	}
	r.event.Flags |= flags
	for _, p := range found {
		r.found = append(r.found, spend.Problem{Field: "usage." + p.Field, Msg: p.Msg})
	}
	usage.Extra = append(usage.Extra, beside.Extra...)
	return usage
}

// outputWhole leaves the parts of the output out: all of it is text.
func outputWhole(t wire.Totals) wire.Totals {
	t.OutputReasoning, t.OutputAudio, t.OutputImage, t.OutputVideo = 0, 0, 0, 0
	t.OutputCitation, t.OutputPredictionRejected = 0, 0
	return t
}

// tokens reads a count of tokens: whole, unless the mapping rounds.
func (u *usagePlan) tokens(r *row, c *count) (int64, bool) {
	if !u.round {
		return r.count(&c.cell, c.field)
	}
	q, given := r.quantity(c)
	n, _ := q.Round(0).Int()
	return n, given
}

// beside sets a meter that stands beside tokens, which may have fractions.
func (u *usagePlan) beside(r *row, c *count, usage *spend.Usage) bool {
	q, given := r.quantity(c)
	if given {
		r.set(usage, c, q)
	}
	return given && c.slot >= 0
}

func (r *row) quantity(c *count) (spend.Quantity, bool) {
	q, given := r.amount(&c.cell, c.field)
	if q.Sign() < 0 || q.Cmp(money.FromInt(largestCount)) > 0 {
		r.bad(c.field, &c.cell, "is %s; want 0 to 10^15", q)
		return spend.Quantity{}, false
	}
	return q, given
}

func (r *row) set(u *spend.Usage, c *count, q spend.Quantity) {
	if err := u.Set(c.meter, q); err != nil {
		r.bad(c.field, &c.cell, "is refused: %v", err)
	}
}
