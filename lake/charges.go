package lake

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

type charge = spend.Charge

// Schema is the number of the tables described here. It grows when columns are
// added; columns are never removed or changed.
const Schema = 3

// Charges is the one wide table of the ledger: every field of spend.Charge, and
// the columns that queries need and every engine would otherwise compute.
func Charges() Table[spend.Charge] {
	t := chargeTable("charges")
	t.Columns = append(t.Columns, derivedInt(BookingColumn, Whole, Booking, func(*charge) int64 { return 0 }))
	return t
}

// BookingColumn numbers the lines in the order in which they were booked, from 1 on; the
// engine gives the numbers. Lines of before schema 3 have 0.
const BookingColumn = "booking"

func chargeTable(name string) Table[spend.Charge] {
	return Table[spend.Charge]{Name: name, Columns: slices.Concat(
		identityColumns(), timeColumns(), routeColumns(), scopeColumns(), meterColumns(), moneyColumns(), bookColumns(), binColumns())}
}

// OpenCalls is the table of calls that have begun and of which nothing is
// booked yet. A row is a line like that of a charge: calls is 1, exposure the
// hold, and the usage what the call may come to at most. When the call is booked
// the row is reversed, so that sums over any dimensions, as of any instant, are
// those of the calls that were open then. A row is never changed: a table from
// which closed calls vanished could be neither asked as of an instant nor
// recounted.
func OpenCalls() Table[spend.Charge] {
	return chargeTable("open_calls")
}

func identityColumns() []Column[charge] {
	return []Column[charge]{
		ident("attempt_id", Attribute, func(c *charge) *spend.ID { return &c.AttemptID }),
		ident("id", Booking, func(c *charge) *spend.ID { return &c.ID }),
		ident("corrects", Booking, func(c *charge) *spend.ID { return &c.Corrects }),
		derivedInt("reverses", Flag, Booking, func(c *charge) int64 { return bit(Reverses(c)) }),
		ident("content_id", Attribute, func(c *charge) *spend.ID { return &c.ContentID }),
		text("source", Dimension, func(c *charge) *string { return &c.Source }),
		text("source_key", Attribute, func(c *charge) *string { return &c.SourceKey }),
		text("partition_key", Attribute, func(c *charge) *string { return &c.Partition }),
		whole("revision", Attribute, func(c *charge) *int64 { return &c.Revision }),
		small("rank", Attribute, func(c *charge) *spend.Rank { return &c.Rank }),
		text("account", Dimension, func(c *charge) *string { return &c.Account }),
		text("response", Attribute, func(c *charge) *string { return &c.Response }),
		text("attempt", Attribute, func(c *charge) *string { return &c.Attempt }),
		text("operation", Attribute, func(c *charge) *string { return &c.Operation }),
		flag("bucket", Attribute, func(c *charge) *bool { return &c.Bucket }),
		whole("call_count", Attribute, func(c *charge) *int64 { return &c.CallCount }),
	}
}

// Reverses says that a line takes another one back, by the rule that gives a
// reversal its id.
func Reverses(c *spend.Charge) bool {
	return !c.Corrects.IsZero() && c.ID == spend.Digest("reversal", c.Corrects.String())
}

func timeColumns() []Column[charge] {
	return []Column[charge]{
		moment("used_at", Attribute, func(c *charge) *time.Time { return &c.UsedAt }),
		moment("booked_at", Booking, func(c *charge) *time.Time { return &c.BookedAt }),
		moment("started_at", Attribute, func(c *charge) *time.Time { return &c.StartedAt }),
		moment("first_token_at", Attribute, func(c *charge) *time.Time { return &c.FirstTokenAt }),
		moment("ended_at", Attribute, func(c *charge) *time.Time { return &c.EndedAt }),
		text("period", Booking, func(c *charge) *string { return (*string)(&c.Period) }),
		text("origin_period", Dimension, func(c *charge) *string { return (*string)(&c.Origin) }),
	}
}

func routeColumns() []Column[charge] {
	return []Column[charge]{
		text("seller", Dimension, func(c *charge) *string { return &c.Seller }),
		text("host", Dimension, func(c *charge) *string { return &c.Host }),
		text("requested_model", Dimension, func(c *charge) *string { return &c.RequestedModel }),
		text("served_model", Dimension, func(c *charge) *string { return &c.ServedModel }),
		derivedText("model", Dimension, ModelName),
		text("developer", Dimension, func(c *charge) *string { return &c.Canonical.Developer }),
		text("family", Dimension, func(c *charge) *string { return &c.Canonical.Family }),
		text("model_name", Attribute, func(c *charge) *string { return &c.Canonical.Name }),
		text("model_version", Attribute, func(c *charge) *string { return &c.Canonical.Version }),
		derivedText("service_tier", Dimension, func(c *charge) string { return c.Tier() }),
		text("requested_tier", Attribute, func(c *charge) *string { return &c.RequestedTier }),
		text("served_tier", Attribute, func(c *charge) *string { return &c.ServedTier }),
		text("region", Dimension, func(c *charge) *string { return &c.Region }),
		text("context_tier", Dimension, func(c *charge) *string { return &c.Context }),
		text("kind", Dimension, func(c *charge) *string { return &c.Kind }),
		text("image_size", Attribute, func(c *charge) *string { return &c.ImageSize }),
		text("image_quality", Attribute, func(c *charge) *string { return &c.ImageQuality }),
		text("status", Dimension, func(c *charge) *string { return (*string)(&c.Status) }),
	}
}

// ModelName is the dimension "model" of a line: "developer/name", "" when the
// model is not known.
func ModelName(c *spend.Charge) string {
	if c.Canonical.Name == "" {
		return ""
	}
	return c.Canonical.Developer + "/" + c.Canonical.Name
}

func scopeColumns() []Column[charge] {
	return []Column[charge]{
		text("business_unit", Dimension, func(c *charge) *string { return &c.Scope.BusinessUnit }),
		text("team", Dimension, func(c *charge) *string { return &c.Scope.Team }),
		text("application", Dimension, func(c *charge) *string { return &c.Scope.Application }),
		text("workflow", Dimension, func(c *charge) *string { return &c.Scope.Workflow }),
		text("agent", Dimension, func(c *charge) *string { return &c.Scope.Agent }),
		text("run", Dimension, func(c *charge) *string { return &c.Scope.Run }),
		text("parent_run", Dimension, func(c *charge) *string { return &c.Scope.ParentRun }),
		text("step", Dimension, func(c *charge) *string { return &c.Scope.Step }),
		text("trigger", Dimension, func(c *charge) *string { return &c.Scope.Trigger }),
		text("principal", Dimension, func(c *charge) *string { return &c.Scope.Principal }),
		text("credential", Dimension, func(c *charge) *string { return &c.Scope.Credential }),
		text("environment", Dimension, func(c *charge) *string { return &c.Scope.Environment }),
		text("cost_centre", Dimension, func(c *charge) *string { return &c.Scope.CostCentre }),
		text("feature", Dimension, func(c *charge) *string { return &c.Scope.Feature }),
		text("customer", Dimension, func(c *charge) *string { return &c.Scope.Customer }),
		text("claims", Attribute, func(c *charge) *string { return &c.Claims }),
		{Name: "tags", Type: Labels,
			Get: func(c *charge, v *Value) error { v.Labels = c.Scope.Tags; return nil },
			Set: func(c *charge, v *Value) error { c.Scope.Tags = v.Labels; return nil }},
	}
}

func meterColumns() []Column[charge] {
	columns := []Column[charge]{}
	for m := range spend.ColumnMeters {
		columns = append(columns, whole(m.String(), Additive, func(c *charge) *int64 { return &c.Usage.Tokens[m] }))
	}
	return append(columns,
		Column[charge]{Name: "extra", Type: Quantities, Role: Additive,
			Get: func(c *charge, v *Value) error { v.Extra = c.Usage.Extra; return nil },
			Set: func(c *charge, v *Value) error { c.Usage.Extra = v.Extra; return nil }},
		derivedInt("prompt_tokens", Whole, Additive, func(c *charge) int64 { return c.Usage.PromptTokens() }),
		derivedInt("completion_tokens", Whole, Additive, func(c *charge) int64 { return c.Usage.CompletionTokens() }),
		derivedInt("cached_tokens", Whole, Additive, CachedTokens),
		text("usage_source", Dimension, func(c *charge) *string { return (*string)(&c.UsageSource) }),
	)
}

// CachedTokens counts the prompt tokens of a line that were read from a cache,
// of any modality.
func CachedTokens(c *spend.Charge) int64 {
	n := c.Usage.Tokens[spend.CacheRead]
	for _, x := range c.Usage.Extra {
		if q, ok := x.Quantity.Int(); ok && (x.Meter == spend.CacheReadAudio || x.Meter == spend.CacheReadImage) {
			n += q
		}
	}
	return n
}

func moneyColumns() []Column[charge] {
	columns := []Column[charge]{}
	for k := range spend.Components {
		columns = append(columns, amount("cost_"+k.String(), Additive, func(c *charge) *money.Amount { return &c.Costs[k] }))
	}
	return append(columns,
		null("list", Additive, func(c *charge) *money.Null { return &c.List }),
		null("contracted", Additive, func(c *charge) *money.Null { return &c.Contracted }),
		null("effective", Additive, func(c *charge) *money.Null { return &c.Effective }),
		null("billed", Additive, func(c *charge) *money.Null { return &c.Billed }),
		null("reporting", Additive, func(c *charge) *money.Null { return &c.Reporting }),
		amount("exposure", Additive, func(c *charge) *money.Amount { return &c.Exposure }),
		null("reported", Additive, func(c *charge) *money.Null { return &c.Reported }),
		text("reported_currency", Attribute, func(c *charge) *string { return (*string)(&c.ReportedCurrency) }),
		text("currency", Dimension, func(c *charge) *string { return (*string)(&c.Currency) }),
		text("rate_fact", Attribute, func(c *charge) *string { return &c.RateFact }),
	)
}

func bookColumns() []Column[charge] {
	return []Column[charge]{
		whole("calls", Additive, func(c *charge) *int64 { return &c.Calls }),
		text("price_state", Dimension, func(c *charge) *string { return (*string)(&c.PriceState) }),
		{Name: "flags", Type: Text, Role: Dimension,
			Get: func(c *charge, v *Value) error { v.Text = c.Flags.String(); return nil },
			Set: func(c *charge, v *Value) (err error) { c.Flags, err = spend.ParseFlags(v.Text); return err }},
		text("price_book", Dimension, func(c *charge) *string { return &c.PriceBook }),
		text("facts", Attribute, func(c *charge) *string { return &c.Facts }),
		text("rule", Dimension, func(c *charge) *string { return &c.Rule }),
		text("finality", Dimension, func(c *charge) *string { return (*string)(&c.Finality) }),
		text("category", Dimension, func(c *charge) *string { return (*string)(&c.Category) }),
		text("book", Attribute, func(c *charge) *string { return (*string)(&c.Book) }),
		derivedInt("standing", Small, Attribute, func(c *charge) int64 { return int64(StandingOf(c)) }),
		small("schema", Attribute, func(c *charge) *int { return &c.Schema }),
	}
}

// Oversized names an amount of a line that its column cannot hold, "" when all
// fit: one line holds amounts below 1,000,000.
func Oversized(c *spend.Charge) string {
	for i, cost := range c.Costs {
		if !fits(cost) {
			return "cost_" + spend.Component(i).String()
		}
	}
	for i, amount := range [...]money.Amount{
		c.List.Amount, c.Contracted.Amount, c.Effective.Amount, c.Billed.Amount, c.Reporting.Amount, c.Exposure, c.Reported.Amount,
	} {
		if !fits(amount) {
			return [...]string{"list", "contracted", "effective", "billed", "reporting", "exposure", "reported"}[i]
		}
	}
	return ""
}

func fits(a money.Amount) bool {
	n, ok := a.Units()
	return ok && n < lineLimit && n > -lineLimit
}

// Standing says under which of the figures of spend.Totals a line counts. It is
// a column because every answer needs those figures: one grouping by a small
// number reads half of what seven conditions on text do.
type Standing int16

// The standings; a line may have several.
const (
	Unpriced     Standing = 1 << iota // its amount is unknown
	Unconverted                       // priced, without an exchange rate into the reporting currency
	Provisional                       // its figures may still change
	Unattributed                      // it has no team
)

// StandingOf gives the standing of a line.
func StandingOf(c *spend.Charge) (s Standing) {
	switch {
	case c.PriceState == spend.Unpriced:
		s = Unpriced
	case !c.Reporting.Valid:
		s = Unconverted
	}
	if c.Finality == spend.Provisional {
		s |= Provisional
	}
	if c.Scope.Team == "" {
		s |= Unattributed
	}
	return s
}

func binColumns() []Column[charge] {
	return []Column[charge]{
		derivedInt("duration_bin", Small, Histogram, func(c *charge) int64 { return int64(DurationBin(c.Duration())) }),
		derivedInt("first_token_bin", Small, Histogram, func(c *charge) int64 { return int64(DurationBin(c.FirstToken())) }),
		derivedInt("cost_bin", Small, Histogram, func(c *charge) int64 { return int64(CostBin(c.Reporting)) }),
	}
}
