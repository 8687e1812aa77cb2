package lake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// The roll-up by days sums the lines of each local day of one zone that agree in every
// dimension but those that may have as many values as there are lines. It holds the
// lines up to one number of booking, a [Mark]; a question that it can answer reads
// it for those, and the lines themselves for what was booked since. So an answer is
// that of all lines at any moment, and the roll-up is extended when there is time.
//
// Every sum of it is of lines whose amounts are known alike, so that what is unknown
// stays so. Its time of use is that of the first of its lines. No zone has set its clocks
// back over the beginning of a day since 2011, so that the lines of a day lie between its
// beginning and that of the next.

// DaysTable is the name of the roll-up by days.
const DaysTable = "days"

// Mark is up to which booking something is made of the lines.
type Mark struct {
	Name     string // DaysTable or AuditMark
	Zone     string // of days
	Booking  int64
	RolledAt time.Time
}

// Rolled is the table of marks.
func Rolled() Table[Mark] {
	return Table[Mark]{Name: "rolled", Columns: []Column[Mark]{
		text("name", Attribute, func(m *Mark) *string { return &m.Name }),
		text("zone", Attribute, func(m *Mark) *string { return &m.Zone }),
		whole("booking", Attribute, func(m *Mark) *int64 { return &m.Booking }),
		moment("rolled_at", Attribute, func(m *Mark) *time.Time { return &m.RolledAt }),
	}}
}

// rolledColumn is a column of a roll-up and what it is made of; keys have no sum.
type rolledColumn struct {
	name string
	kind Type
	key  bool
	expr string // of a line, which a sum adds up
	last bool   // the latest instead of a sum
}

// someCustomer stands for every customer: they may be as many as there are lines.
const someCustomer = "CASE WHEN customer <> '' THEN '(some)' ELSE '' END"

// knownAmounts tells lines apart by which of their amounts are known.
func knownAmounts() string {
	var bits []string
	for i, c := range slices.DeleteFunc(Charges().Columns, func(c Column[charge]) bool { return !c.Nullable || c.Role != Additive }) {
		bits = append(bits, fmt.Sprintf("CASE WHEN %s IS NULL THEN 0 ELSE %d END", c.Name, 1<<i))
	}
	return strings.Join(bits, " + ")
}

// daysColumns are those of the roll-up, the time of use left out.
func daysColumns(d Dialect) []rolledColumn {
	var keys, sums []rolledColumn
	for _, c := range Charges().Columns {
		switch {
		case c.Name == "customer":
			keys = append(keys, rolledColumn{name: c.Name, kind: Text, key: true, expr: someCustomer})
		case c.Role == Dimension && !unbounded(spend.Dimension(c.Name)),
			slices.Contains([]string{"book", "period", "standing", "reported_currency", "rate_fact"}, c.Name):
			keys = append(keys, rolledColumn{name: c.Name, kind: c.Type, key: true, expr: c.Name})
		case c.Role == Additive && c.Type == Whole:
			sums = append(sums, rolledColumn{name: c.Name, kind: Whole, expr: c.Name})
		case c.Role == Additive && c.Type == Decimal:
			sums = append(sums, rolledColumn{name: c.Name, kind: Total, expr: c.Name})
		}
	}
	for _, m := range spend.Meters() {
		if !m.InColumn() {
			sums = append(sums, rolledColumn{name: m.String(), kind: Total, expr: d.MapDecimal("extra", "'"+m.String()+"'")})
		}
	}
	keys = append(keys, rolledColumn{name: "amounts", kind: Small, key: true, expr: knownAmounts()})
	return slices.Concat(keys, sums, []rolledColumn{
		{name: "stand", kind: Whole, expr: signOfLine},
		{name: "last_used", kind: Moment, expr: "used_at", last: true}, {name: "last_booked", kind: Moment, expr: "booked_at", last: true},
	})
}

// DaysNames lists the columns of the roll-up, in order.
func DaysNames(d Dialect) []string { return daysNames(daysColumns(d)) }

// DaysDDL gives the statement that makes the roll-up where it is missing.
func DaysDDL(d Dialect) string {
	columns := []string{"used_at " + d.Type(Moment)}
	for _, c := range daysColumns(d) {
		columns = append(columns, c.name+" "+d.Type(c.kind))
	}
	return "CREATE TABLE IF NOT EXISTS " + DaysTable + " (\n\t" + strings.Join(columns, ",\n\t") + "\n)"
}

// RollDays gives the statement that sums the lines of a condition into the roll-up, by
// the days of a zone. Their times of use lie in a window.
func RollDays(d Dialect, zone *time.Location, within Window, condition string) string {
	columns := daysColumns(d)
	return "INSERT INTO " + DaysTable + " (" + strings.Join(daysNames(columns), ", ") + ")\n" +
		rollDays(d, zone, within, columns) + "\n\tFROM charges WHERE " + condition + grouping(columns)
}

// FoldDays gives the statement that sums the roll-up itself, which was extended piece
// by piece, in the order of its columns.
func FoldDays(d Dialect, zone *time.Location, within Window) string {
	columns := daysColumns(d)
	for i := range columns {
		columns[i].expr = columns[i].name
	}
	return rollDays(d, zone, within, columns) + "\n\tFROM " + DaysTable + grouping(columns)
}

func daysNames(columns []rolledColumn) []string {
	names := []string{"used_at"}
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// grouping ends a statement that rollDays began: the day and the keys come first.
func grouping(columns []rolledColumn) string {
	keys := slices.IndexFunc(columns, func(c rolledColumn) bool { return !c.key })
	return " GROUP BY " + ordinals(1+keys) + "\n) AS rolled"
}

func rollDays(d Dialect, zone *time.Location, within Window, columns []rolledColumn) string {
	sums := []string{bucketSQL(d, &spend.Query{Grain: spend.Day, Zone: zone}, within.From, within.To) + " AS local_day"}
	for _, c := range columns {
		expr := c.expr
		switch {
		case c.last:
			expr = "max(" + expr + ")"
		case !c.key:
			expr = fmt.Sprintf("CAST(sum(%s) AS %s)", expr, d.Type(c.kind))
		}
		sums = append(sums, expr+" AS "+c.name)
	}
	sums = append(sums, "min(used_at) AS used_at")
	return "SELECT " + strings.Join(daysNames(columns), ", ") + " FROM (\n\tSELECT " + strings.Join(sums, ", ")
}

// daysMark reads how far the roll-up goes.
func (a *answer) daysMark(ctx context.Context) error {
	s := Statement{Text: "SELECT zone, " + a.dialect.AsText("booking") + " FROM rolled WHERE name = '" + DaysTable + "'"}
	return a.ask(ctx, s, func(cells []*string) (err error) {
		a.days = &Mark{Zone: textOf(cells[0])}
		a.days.Booking, err = wholeOf(cells[1])
		return err
	})
}

// rolled lets a compiler read the roll-up where that answers its question.
func (a *answer) rolled(c *compiler) *compiler {
	if a.days.inDays(c.query) && c.restated.empty() {
		c.days, c.lineDialect = a.days, c.dialect
		c.dialect.MapDecimal = func(_, key string) string { return strings.Trim(key, "'") } // a column of its own
	}
	return c
}

// unrolled is the compiler of the same question to the lines, for what sums do not tell.
func (c *compiler) unrolled() *compiler {
	if c.days == nil {
		return c
	}
	plain := *c
	plain.days, plain.dialect = nil, c.lineDialect
	return &plain
}

// sign counts lines of what is read.
func (c *compiler) sign() string {
	if c.days == nil {
		return signOfLine
	}
	return "stand"
}

// inDays says that a question is answered by the roll-up: its lines are
// told apart by nothing that the roll-up sums over, and it parts no day.
func (r *Mark) inDays(q *spend.Query) bool {
	if r == nil || !q.AsOf.IsZero() || !q.Restated.IsZero() {
		return false
	}
	for _, by := range q.By {
		if !rolledDimension(by) {
			return false
		}
	}
	for _, f := range q.Where {
		if !rolledDimension(f.By) {
			return false
		}
	}
	if q.Axis == spend.ByPeriod {
		return true
	}
	if byClock(q.Grain) > 0 || q.Grain != spend.Whole && zoneOf(q).String() != r.Zone {
		return false
	}
	return r.begins(q.From) && r.begins(q.To)
}

// parts cuts the window of a question where days begin, so that the roll-up answers all of
// it but the hours at its ends.
func (r *Mark) parts(q *spend.Query) []spend.Query {
	if r == nil || q.Axis != spend.ByUse {
		return []spend.Query{*q}
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return []spend.Query{*q}
	}
	return apart(q, zone, q.To)
}

// apart cuts the window of a question at the beginning of its first full day, and at that
// of the day of an instant; no instant is cut at nowhere.
func apart(q *spend.Query, zone *time.Location, last time.Time) (parts []spend.Query) {
	days := &spend.Query{Grain: spend.Day, Zone: zone}
	var cuts []time.Time
	if first := BucketOf(days, q.From); !q.From.IsZero() && first.Before(q.From) {
		cuts = append(cuts, nextBucket(days, first))
	}
	if !last.IsZero() {
		cuts = append(cuts, BucketOf(days, last))
	}
	part := *q
	for _, at := range cuts {
		if part.From.Before(at) && (q.To.IsZero() || at.Before(q.To)) {
			part.To = at
			parts = append(parts, part)
			part.From, part.To = at, q.To
		}
	}
	return append(parts, part)
}

// begins says that a day begins at an instant, or that there is none.
func (r *Mark) begins(t time.Time) bool {
	if t.IsZero() {
		return true
	}
	zone, err := time.LoadLocation(r.Zone)
	return err == nil && BucketOf(&spend.Query{Grain: spend.Day, Zone: zone}, t).Equal(t)
}

func rolledDimension(d spend.Dimension) bool {
	_, isTag := d.Tag()
	return !isTag && !unbounded(d)
}

// source is what the lines of a statement are read from: the roll-up and the lines
// behind it, or all lines.
func (c *compiler) source() string {
	if c.days == nil {
		return "charges"
	}
	d := c.lineDialect
	columns, exprs := daysColumns(d), []string{"used_at"}
	for _, column := range columns {
		if column.expr != column.name {
			column.expr += " AS " + column.name
		}
		exprs = append(exprs, column.expr)
	}
	return fmt.Sprintf("(\n\t\tSELECT %s FROM %s\n\t\tUNION ALL\n\t\tSELECT %s FROM charges WHERE booking > %d\n\t) AS rolled",
		strings.Join(daysNames(columns), ", "), DaysTable, strings.Join(exprs, ", "), c.days.Booking)
}
