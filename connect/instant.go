package connect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"go.yaml.in/yaml/v3"
)

// Lengths in microseconds.
const (
	microsecond = 1
	millisecond = 1000 * microsecond
	second      = 1000 * millisecond
	hour        = 3600 * second
)

// instant says how a file writes a point in time. A number counts units since
// 1970 or, when relative, since origin; anything else is a layout in a zone.
type instant struct {
	cell
	layout   string // as the mapping says it, for messages; "" when there is none
	pattern  string // Go layout, "" for a number
	zone     *time.Location
	unit     int64 // microseconds
	relative bool
	origin   time.Time
}

// instantWords are the named formats and their units.
func instantWords() map[string]int64 {
	return map[string]int64{
		"unix_s": second, "unix_ms": millisecond, "unix_us": microsecond,
		"relative_ms": millisecond, "relative_s": second, "relative_h": hour, "rfc3339": 0,
	}
}

func (d *decoder) instant(n *yaml.Node, m *Mapping) instant {
	t := instant{zone: time.UTC}
	if n.Kind == yaml.ScalarNode {
		d.badf(n, "time must be an object with field and format")
		return t
	}
	zoned := false
	t.cell = d.cellWith(n, "time", m, keys{
		"format": func(v *yaml.Node) { d.layout(v, &t) },
		"zone":   func(v *yaml.Node) { t.zone, zoned = d.zone(v), true },
		"origin": func(v *yaml.Node) { t.origin = d.origin(v) },
	})
	switch {
	case n.Kind != yaml.MappingNode || d.mentions(n, "format") && t.layout == "":
	case t.layout == "":
		d.badf(n, "time needs format: unix_s, unix_ms, unix_us, rfc3339, relative_ms, relative_s, relative_h or a layout")
	case t.relative == t.origin.IsZero():
		d.badf(n, "time: a relative format needs origin, the instant of 0, and no other format takes one")
	case zoned && (t.pattern == "" || t.layout == "rfc3339"):
		d.badf(n, "time: zone is for layouts; %s says the zone itself", t.layout)
	case t.slot < 0:
		d.badf(n, "time needs field, the column with the instant")
	}
	return t
}

func (d *decoder) layout(n *yaml.Node, t *instant) {
	word := d.name(n, "time.format")
	unit, named := instantWords()[word]
	pattern, problem := word, ""
	switch {
	case word == "rfc3339":
		pattern = time.RFC3339
	case named:
		pattern = ""
	case strings.Contains(word, "%"):
		pattern, problem = fromStrftime(word)
	case !strings.Contains(word, "06") || !strings.Contains(word, "2"):
		problem = "is neither a named format (unix_s, unix_ms, unix_us, rfc3339, relative_ms, relative_s, relative_h) " +
			"nor a layout like 2006-01-02 15:04:05 or %Y-%m-%d %H:%M:%S"
	}
	if problem != "" {
		d.badf(n, "time.format: %.60q %s", word, problem)
		return
	}
	t.layout, t.pattern, t.unit, t.relative = word, pattern, unit, strings.HasPrefix(word, "relative_")
}

// fromStrftime writes a strftime layout in Go's way. A fraction of a second is
// dropped from the layout: Go reads one wherever seconds end.
func fromStrftime(s string) (layout, problem string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, ".%f", ""), ",%f", "")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "%T", "%H:%M:%S"), "%F", "%Y-%m-%d")
	words := map[byte]string{
		'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'b': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
		'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM", 'z': "-0700", 'Z': "MST", 'j': "002", '%': "%",
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			return "", "holds a digit of its own, which no layout can carry"
		case s[i] != '%':
			b.WriteByte(s[i])
		case i+1 == len(s) || words[s[i+1]] == "":
			return "", "has a directive that is not read; known are %Y %y %m %d %e %b %B %a %A %H %I %M %S %p %z %Z %j %T %F and .%f"
		default:
			i++
			b.WriteString(words[s[i]])
		}
	}
	return b.String(), ""
}

func (d *decoder) zone(n *yaml.Node) *time.Location {
	name := d.name(n, "time.zone")
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		d.badf(n, "time.zone: %.60q is not a zone; want a name like Europe/Berlin", name)
		return time.UTC
	}
	return zone
}

func (d *decoder) origin(n *yaml.Node) time.Time {
	at, err := time.Parse(time.RFC3339, d.name(n, "time.origin"))
	if err != nil {
		d.badf(n, "time.origin: want an instant like 2025-11-18T00:00:00Z")
	}
	return at
}

// parse reads an instant, rounded to the microsecond.
func (t *instant) parse(b []byte) (time.Time, bool) {
	if t.pattern != "" {
		at, err := time.ParseInLocation(t.pattern, string(b), t.zone)
		return at.UTC().Round(time.Microsecond), err == nil
	}
	micros, ok := scaled(b, t.unit)
	if ok && t.relative {
		micros += t.origin.UnixMicro()
	}
	return time.UnixMicro(micros).UTC(), ok
}

// largestTime bounds instants and lengths: the year 9999, in microseconds.
const largestTime = 253_402_300_800 * second

// scaled reads a decimal number times a unit, rounded half to even.
func scaled(b []byte, unit int64) (int64, bool) {
	if n, plain := digits(b); plain {
		return n * unit, n <= largestTime/unit
	}
	a, _, err := money.ParseRounded(string(b))
	if err != nil || a.Abs().Cmp(money.FromInt(largestTime/unit)) > 0 {
		return 0, false
	}
	if a, err = a.MulInt(unit); err != nil {
		return 0, false
	}
	return a.Round(0).Int()
}

// words says what the format wants, for a message.
func (t *instant) words() string {
	switch {
	case slices.Contains([]string{"unix_s", "unix_ms", "unix_us"}, t.layout):
		return fmt.Sprintf("a number since 1970 (%s)", t.layout)
	case t.relative:
		return fmt.Sprintf("a number since the origin (%s)", t.layout)
	case t.layout == "rfc3339":
		return "a date like 2025-11-18T09:30:00Z"
	}
	return fmt.Sprintf("a date like %q", t.layout)
}
