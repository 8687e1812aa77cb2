package lake

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

type outcomeLine = outcome.Line

// OutcomeLines is the append-only table of what outcomes came to: each event
// with the standing after it, and the reversal of each line that stood before.
func OutcomeLines() Table[outcome.Line] {
	return Table[outcome.Line]{Name: "outcomes", Columns: []Column[outcomeLine]{
		ident("id", Booking, func(l *outcomeLine) *spend.ID { return &l.ID }),
		ident("outcome_id", Attribute, func(l *outcomeLine) *spend.ID { return &l.Outcome }),
		ident("event_id", Attribute, func(l *outcomeLine) *spend.ID { return &l.Key }),
		ident("content_id", Attribute, func(l *outcomeLine) *spend.ID { return &l.Content }),
		ident("corrects", Booking, func(l *outcomeLine) *spend.ID { return &l.Corrects }),
		moment("booked_at", Booking, func(l *outcomeLine) *time.Time { return &l.BookedAt }),
		derivedText("source", Attribute, func(l *outcomeLine) string { return l.Event.Source }),
		derivedText("definition", Dimension, func(l *outcomeLine) string { return l.Standing.Definition }),
		derivedInt("version", Whole, Dimension, func(l *outcomeLine) int64 { return int64(l.Standing.Version) }),
		derivedText("subject", Attribute, func(l *outcomeLine) string { return l.Standing.Subject }),
		derivedText("workflow", Dimension, func(l *outcomeLine) string { return l.Standing.Workflow }),
		derivedText("state", Dimension, func(l *outcomeLine) string { return string(l.Standing.State) }),
		derivedInt("level", Small, Dimension, func(l *outcomeLine) int64 { return int64(l.Standing.Level) }),
		moment("happened_at", Attribute, func(l *outcomeLine) *time.Time { return &l.Standing.At }),
		whole("items", Additive, func(l *outcomeLine) *int64 { return &l.Items }),
		sum12("count", func(l *outcomeLine) *money.Amount { return &l.Count }),
		total("value", Additive, func(l *outcomeLine) *money.Null { return &l.Value }),
		derivedText("value_currency", Dimension, func(l *outcomeLine) string { return string(l.Standing.Currency) }),
		sum12("remediation_minutes", func(l *outcomeLine) *money.Amount { return &l.Minutes }),
		asJSON("event", func(l *outcomeLine) *outcome.Event { return &l.Event }),
		asJSON("standing", func(l *outcomeLine) *outcome.Standing { return &l.Standing }),
	}}
}

// sum12 is an additive amount of any size that is always known.
func sum12(name string, field func(*outcomeLine) *money.Amount) Column[outcomeLine] {
	return Column[outcomeLine]{Name: name, Type: Total, Role: Additive,
		Get: func(l *outcomeLine, v *Value) error { v.Amount = *field(l); return nil },
		Set: func(l *outcomeLine, v *Value) error { *field(l) = v.Amount; return nil }}
}

// OutcomeLink is a signed row of a line's link set: the credit of one run, or
// that of people where Run is empty. The weights of one line sum to 1, those of
// its reversal to −1.
type OutcomeLink struct {
	Line     spend.ID // whose links these are: each line has its own version of the set
	Outcome  spend.ID
	BookedAt time.Time
	Workflow string
	State    string
	Run      string
	Links    int64 // 1, −1 on a reversal
	Weight   money.Amount
}

// OutcomeLinks is the append-only table of which runs had a part in which
// outcome, a version of the set for each line.
func OutcomeLinks() Table[OutcomeLink] {
	return Table[OutcomeLink]{Name: "outcome_links", Columns: []Column[OutcomeLink]{
		ident("line_id", Booking, func(l *OutcomeLink) *spend.ID { return &l.Line }),
		ident("outcome_id", Attribute, func(l *OutcomeLink) *spend.ID { return &l.Outcome }),
		moment("booked_at", Booking, func(l *OutcomeLink) *time.Time { return &l.BookedAt }),
		text("workflow", Dimension, func(l *OutcomeLink) *string { return &l.Workflow }),
		text("state", Dimension, func(l *OutcomeLink) *string { return &l.State }),
		text("run", Dimension, func(l *OutcomeLink) *string { return &l.Run }),
		whole("links", Additive, func(l *OutcomeLink) *int64 { return &l.Links }),
		amount("weight", Additive, func(l *OutcomeLink) *money.Amount { return &l.Weight }),
	}}
}

// LinksOf gives the link sets of lines, people's share included, as an engine
// stores them with the lines.
func LinksOf(lines []outcome.Line) []OutcomeLink {
	var all []OutcomeLink
	for i := range lines {
		l := &lines[i]
		row := OutcomeLink{Line: l.ID, Outcome: l.Outcome, BookedAt: l.BookedAt, Workflow: l.Standing.Workflow,
			State: string(l.Standing.State), Links: l.Items}
		people := outcome.Link{Weight: money.Known(l.Standing.Human)}
		for _, link := range append(slices.Clone(l.Standing.Links), people) {
			row.Run, row.Weight = link.Run, link.Weight.Amount
			if l.Reverses() {
				row.Weight = row.Weight.Neg()
			}
			all = append(all, row)
		}
	}
	return all
}
