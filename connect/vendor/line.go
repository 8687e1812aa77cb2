package vendor

import (
	"cmp"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Grouping is the tag that says by which columns the day of a line is split.
const Grouping = "grouping"

// maxKey bounds a source key that is written out.
const maxKey = 300

// line begins a line of a row: what a vendor says of some calls in a span.
func (r *row) line(at time.Time, day string) *Line {
	e := spend.Event{
		Book: r.kind.book(), Rank: spend.RankVendorUsage, UsedAt: at, Bucket: true,
		Status: spend.StatusOK, UsageSource: spend.UsageProvider, Scope: spend.Scope{Tags: map[string]string{}},
	}
	if r.kind.bill {
		e.Rank, e.UsageSource = spend.RankBill, spend.UsageBill
	}
	r.lines = append(r.lines, Line{Event: e, Day: day, Row: r.number, Hash: r.hash()})
	return &r.lines[len(r.lines)-1]
}

// tag keeps a cell that names something, "" keeps nothing. An address is somebody's, so
// it names a person.
func (l *Line) tag(name, value string) {
	switch {
	case value == "":
	case strings.Contains(value, "@"):
		l.Event.Scope.Principal = cmp.Or(l.Event.Scope.Principal, value)
	default:
		l.Event.Scope.Tags[name] = value
	}
}

// name puts a line under its source, its partition and a key of its own: the instant, the
// account and what the day is split by. Who used it stands alone in the key, where it is
// found and veiled.
func (c *collector) name(r *row, l *Line) {
	e := &l.Event
	e.Account = cmp.Or(c.options.Account, e.Account, "default")
	e.Source = c.kind.source
	if c.kind.bill {
		l.bill()
		return
	}
	e.Partition = e.Account + "/" + l.Day
	if e.Kind != "" {
		e.Partition = e.Account + "/" + e.Kind + "/" + l.Day
	}
	parts := []string{part(e.Account), part(e.Kind), string(e.Category)}
	for _, column := range c.kind.groups {
		value := r.label(column)
		if value != "" {
			c.split(column)
		}
		if value == e.Scope.Principal {
			value = ""
		}
		parts = append(parts, part(value))
	}
	key := strings.Join(parts, "/")
	if len(key) > maxKey || strings.Contains(key, "@") {
		key = spend.Digest(parts...).String()
	}
	e.SourceKey = e.UsedAt.Format(time.RFC3339Nano) + "/" + key
	if e.Scope.Principal != "" {
		e.SourceKey += "/" + e.Scope.Principal
	}
}

// part is a value as a part of a key, in which a slash stands between two.
func part(value string) string { return strings.ReplaceAll(value, "/", `\`) }

// split notes that the file splits its days by a column.
func (c *collector) split(column string) {
	if c.by == nil {
		c.by = map[string]bool{}
	}
	c.by[column] = true
}

// group says of every line by what its day is split.
func (c *collector) group() {
	var by []string
	for _, column := range c.kind.groups {
		if c.by[column] {
			by = append(by, column)
		}
	}
	for i := range c.export.Lines {
		c.export.Lines[i].Event.Scope.Tags[Grouping] = cmp.Or(strings.Join(by, "+"), "total")
	}
}

// Finer says that one splitting of a day stands before another: the one by more
// columns, and of two by as many the one whose name comes first.
//
// Example: "model+project_id" stands before "project_id", and "model" before it too.
func Finer(a, b string) bool {
	if x, y := strings.Count(a, "+"), strings.Count(b, "+"); x != y || a == "total" || b == "total" {
		return x > y || x == y && b == "total" && a != "total"
	}
	return a < b
}
