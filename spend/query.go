package spend

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Dimension is a column to group or filter by; "tag:KEY" reads one tag.
type Dimension string

// Dimensions lists every dimension but tags.
func Dimensions() []Dimension {
	all := make([]Dimension, 0, 40)
	for _, f := range ScopeFields() {
		all = append(all, Dimension(f))
	}
	return append(all, "seller", "account", "host", "model", "developer", "family", "requested_model",
		"served_model", "service_tier", "region", "context_tier", "kind", "status", "source", "usage_source",
		"price_state", "price_book", "category", "finality", "rule", "currency", "period", "origin_period", "flags")
}

// Tag gives the key of a tag dimension, false for a column.
func (d Dimension) Tag() (string, bool) { return strings.CutPrefix(string(d), "tag:") }

// Validate refuses names outside the vocabulary and offers the near ones.
func (d Dimension) Validate() error {
	if key, isTag := d.Tag(); isTag {
		if key == "" || len(key) > 512 {
			return Errorf(KindInvalid, "query", "dimension %q: name the tag, like tag:project", string(d))
		}
		return nil
	}
	return oneOf("dimension", d, Dimensions())
}

// Measure is a figure of each group. A measure named after a meter is its sum.
type Measure string

// The measures that are not meters. Costs are sums in the reporting currency's
// amount columns; quantiles are of calls, read from histograms.
const (
	Calls         Measure = "calls"
	Runs          Measure = "runs"   // distinct runs whose calls do not net to zero
	People        Measure = "people" // distinct principals whose calls do not net to zero
	Cost          Measure = "cost"   // effective
	ListCost      Measure = "list"
	Contracted    Measure = "contracted"
	BilledCost    Measure = "billed"
	ReportedCost  Measure = "reported" // the sources' own cost
	NotionalCost  Measure = "notional" // list prices of usage that a seat covers, in no cost
	Exposed       Measure = "exposure"
	PromptTokens  Measure = "prompt_tokens"
	OutputTokens  Measure = "completion_tokens"
	CachedTokens  Measure = "cached_tokens"
	UnpricedCalls Measure = "unpriced_calls"
	DurationP50   Measure = "duration_p50"
	DurationP95   Measure = "duration_p95"
	DurationP99   Measure = "duration_p99"
	FirstTokenP50 Measure = "first_token_p50"
	FirstTokenP95 Measure = "first_token_p95"
	CostP50       Measure = "cost_p50"
	CostP95       Measure = "cost_p95"
)

// Measures lists every measure, meters last.
func Measures() []Measure {
	all := []Measure{
		Calls, Runs, People, Cost, ListCost, Contracted, BilledCost, ReportedCost, NotionalCost, Exposed, PromptTokens, OutputTokens,
		CachedTokens, UnpricedCalls, DurationP50, DurationP95, DurationP99, FirstTokenP50, FirstTokenP95, CostP50, CostP95,
	}
	for k := range Components {
		all = append(all, Measure("cost_"+k.String())) // parts of the list cost
	}
	for _, m := range Meters() {
		all = append(all, Measure(m.String()))
	}
	return all
}

// Distinct gives the column of which a measure counts the values, "" when it
// counts none.
func (m Measure) Distinct() string {
	switch m {
	case Runs:
		return "run"
	case People:
		return "principal"
	}
	return ""
}

// Additive says that the rows of a measure sum to its total.
func (m Measure) Additive() bool {
	_, _, quantile := m.Quantile()
	return !quantile && m.Distinct() == ""
}

// Quantile gives the histogram and the quantile that a measure asks for, false
// when it is a sum.
func (m Measure) Quantile() (histogram string, q float64, ok bool) {
	i := strings.LastIndex(string(m), "_p")
	if i < 0 {
		return "", 0, false
	}
	switch string(m)[i:] {
	case "_p50":
		q = 0.50
	case "_p95":
		q = 0.95
	case "_p99":
		q = 0.99
	}
	return string(m)[:i], q, q > 0
}

// Validate refuses names outside the vocabulary.
func (m Measure) Validate() error { return oneOf("measure", m, Measures()) }

// oneOf refuses a word outside its closed vocabulary and says what would be right.
func oneOf[T ~string](what string, word T, all []T) error {
	if slices.Contains(all, word) {
		return nil
	}
	return Errorf(KindInvalid, "query", "%s %.40q is not known", what, string(word)).WithHint("one of %s", joined(all))
}

// Grain is the width of a time bucket, in the zone of the query.
type Grain string

// The grains. The empty grain makes one bucket of the whole window.
const (
	Whole  Grain = ""
	Minute Grain = "minute" // of a window of MostMinutes at most
	Hour   Grain = "hour"
	Day    Grain = "day"
	Week   Grain = "week" // from Monday

	// In the fiscal calendar of the query.
	Month   Grain = "month"
	Quarter Grain = "quarter"
	Year    Grain = "year"
)

// MostMinutes is the longest window that is told by minute: no more buckets than four months of hours.
const MostMinutes = 48 * time.Hour

// Grains lists every grain.
func Grains() []Grain { return []Grain{Whole, Minute, Hour, Day, Week, Month, Quarter, Year} }

// Axis is the time column that a query reads.
type Axis string

// The axes.
const (
	ByUse    Axis = "used_at" // when it happened
	ByPeriod Axis = "period"  // where finance posted it
)

// Filter keeps the lines whose dimension is one of the values, or none of them.
type Filter struct {
	By     Dimension `json:"by"`
	Values []string  `json:"values"`
	Not    bool      `json:"not,omitempty"`
	Has    string    `json:"has,omitempty"` // in place of values: the dimension holds it, whatever its case
}

// Query is a question to the ledger, which one compiler turns into SQL. From is included, To is not; zero leaves a side open.
type Query struct {
	Book     Book           `json:"book"`
	Axis     Axis           `json:"axis"`
	From     time.Time      `json:"from,omitzero"`
	To       time.Time      `json:"to,omitzero"`
	Periods  [2]Period      `json:"periods,omitzero"` // first and last, on the period axis
	AsOf     time.Time      `json:"as_of,omitzero"`   // what the ledger knew then
	By       []Dimension    `json:"by,omitempty"`
	Measures []Measure      `json:"measures"`
	Where    []Filter       `json:"where,omitempty"`
	Grain    Grain          `json:"grain,omitempty"`
	Zone     *time.Location `json:"-"`
	Fiscal   Fiscal         `json:"-"`               // how months, quarters and years are cut
	Order    Measure        `json:"order,omitempty"` // descending; the first measure when empty
	Top      int            `json:"top,omitempty"`   // groups kept, the rest become "other"; 0 keeps all
	Previous bool           `json:"previous,omitempty"`
	Against  [2]time.Time   `json:"against,omitzero"`  // start and end of what previous figures are of; the window of equal length before when zero
	Fewest   int            `json:"-"`                 // people that a group must have to be shown by itself; 0 shows all
	Closed   Period         `json:"-"`                 // the last closed one, of which nothing changes on the period axis; "" for none
	Restated time.Time      `json:"restated,omitzero"` // as the organisation stands then, whatever it was when lines were booked
}

// Validate refuses a question that has no answer and says what would.
func (q *Query) Validate() error {
	if err := oneOf("book", q.Book, []Book{Metered, Reported, Invoiced, Allocated}); err != nil {
		return err
	}
	if len(q.Measures) == 0 {
		return Errorf(KindInvalid, "query", "no measure asked for").WithHint("one of %s", joined(Measures()))
	}
	for _, m := range append(slices.Clone(q.Measures), cmp.Or(q.Order, q.Measures[0])) {
		if err := m.Validate(); err != nil {
			return err
		}
	}
	for _, d := range q.By {
		if err := d.Validate(); err != nil {
			return err
		}
	}
	for _, f := range q.Where {
		if err := f.By.Validate(); err != nil {
			return err
		}
		if f.Has != "" && len(f.Values) > 0 {
			return Errorf(KindInvalid, "query", "the condition on %s has values and a text that they hold", string(f.By)).WithHint("one of the two")
		}
	}
	return q.validateWindow()
}

func (q *Query) validateWindow() error {
	if err := oneOf("axis", q.Axis, []Axis{ByUse, ByPeriod}); err != nil {
		return err
	}
	if err := oneOf("grain", q.Grain, Grains()); err != nil {
		return err
	}
	switch {
	case !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To):
		return Errorf(KindInvalid, "query", "the window ends (%s) before it starts (%s)", q.To.Format(time.RFC3339), q.From.Format(time.RFC3339))
	case q.Previous && (q.From.IsZero() || q.To.IsZero()):
		return Errorf(KindInvalid, "query", "a comparison needs a window with two ends").WithHint("give --since, and --until if not now")
	case q.Against != [2]time.Time{} && (!q.Previous || q.Against[0].IsZero() || !q.Against[0].Before(q.Against[1])):
		return Errorf(KindInvalid, "query", "what is compared with has no two ends in order").WithHint("a start, a later end, and previous")
	case q.Axis == ByPeriod && q.Grain != Whole && q.Grain != Month:
		return Errorf(KindInvalid, "query", "the period axis has months only, not grain %s", q.Grain)
	case q.Grain == Minute && (q.From.IsZero() || q.To.IsZero() || max(q.To.Sub(q.From), q.Against[1].Sub(q.Against[0])) > MostMinutes):
		return Errorf(KindInvalid, "query", "a window by minute has two ends that are at most 48 hours apart").
			WithHint("take the grain hour, or a window like --since 24h")
	case q.Top < 0:
		return Errorf(KindInvalid, "query", "top %d: want 0 or more groups", q.Top)
	}
	return nil
}

func joined[T ~string](all []T) string {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = string(a)
	}
	return strings.Join(names, ", ")
}
