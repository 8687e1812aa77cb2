package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Limits of one body: far above any vendor's answer without its media, low
// enough that a hostile one costs little.
const (
	maxBody     = 1 << 20
	maxProblems = 20
)

// reading collects what is wrong with one body.
type reading struct {
	flags    spend.Flags
	problems []spend.Problem
}

func (r *reading) problem(name, format string, args ...any) {
	found := spend.Problem{Field: name, Msg: fmt.Sprintf(format, args...)}
	if len(r.problems) < maxProblems && !slices.Contains(r.problems, found) {
		r.problems = append(r.problems, found)
	}
}

// open reads the body's outermost object.
func (r *reading) open(body []byte) object {
	root := object{reading: r}
	if len(body) > maxBody {
		r.problem("body", "has %d bytes; at most %d are read, send the usage object alone", len(body), maxBody)
		return root
	}
	text := bytes.TrimLeft(body, space)
	switch {
	case !json.Valid(body):
		var syntax *json.SyntaxError
		errors.As(json.Unmarshal(body, new(json.RawMessage)), &syntax)
		r.problem("body", "is not valid JSON at byte %d", syntax.Offset)
	case text[0] != '{':
		r.problem("body", "is not a JSON object; send the usage object or the response that holds it")
	default:
		root.fields = split(text)
	}
	return root
}

// object is one object of a body. One that the body lacks has no fields and
// answers every question with "not given".
type object struct {
	*reading
	path   string // of the object in its body, "" for the outermost
	fields fields // nil for none
}

// count is a count of a body; null is not given.
type count struct {
	n     int64
	given bool
}

// at is the path of a field.
func (o object) at(name string) string {
	if o.path == "" {
		return name
	}
	return o.path + "." + name
}

// value is the raw JSON of a field, nil when absent or null.
func (o object) value(name string) json.RawMessage {
	if o.fields == nil {
		return nil
	}
	raw := o.fields.get(name)
	if kind(raw) == "null" {
		return nil
	}
	return raw
}

// has says that one of the fields is given.
func (o object) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return o.value(name) != nil })
}

// kind names the type of a JSON value.
func kind(raw json.RawMessage) string {
	if len(raw) == 0 {
		return "null"
	}
	switch raw[0] {
	case 'n':
		return "null"
	case '"':
		return "a string"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 't', 'f':
		return "a truth value"
	}
	return "a number"
}

// inner gives the object in a field, false when there is none.
func (o object) inner(name string) (object, bool) {
	child := object{reading: o.reading, path: o.at(name)}
	raw := o.value(name)
	if kind(raw) != "an object" {
		return child, false
	}
	child.fields = split(raw)
	return child, true
}

// child gives the object in a field, one without fields when absent; anything
// else there is a problem.
func (o object) child(name string) object {
	child, found := o.inner(name)
	if raw := o.value(name); !found && raw != nil {
		o.problem(o.at(name), "is %s; want an object", kind(raw))
	}
	return child
}

// list gives the objects in a field; an element of another type is a problem.
func (o object) list(name string) []object {
	raw := o.value(name)
	if raw == nil {
		return nil
	}
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil || slices.ContainsFunc(elements, neither) {
		o.problem(o.at(name), "is not a list of objects")
		return nil
	}
	all := make([]object, len(elements))
	for i, element := range elements {
		all[i] = object{reading: o.reading, path: o.at(name) + "[" + strconv.Itoa(i) + "]"}
		if kind(element) == "an object" {
			all[i].fields = split(element)
		}
	}
	return all
}

// neither says that a value is neither an object nor null.
func neither(raw json.RawMessage) bool { return kind(raw) != "an object" && kind(raw) != "null" }

// word gives a string to compare with words of the vendor's vocabulary. It is
// never kept or shown.
func (o object) word(name string) (s string) {
	if raw := o.value(name); kind(raw) == "a string" && json.Unmarshal(raw, &s) == nil {
		return s
	}
	return ""
}

// count reads a whole number of 0 to 10^15, written 12, 12.0 or 1.2e1.
func (o object) count(name string) count {
	raw := o.value(name)
	if raw == nil {
		return count{}
	}
	n, ok := whole(string(raw))
	switch {
	case kind(raw) != "a number":
		o.problem(o.at(name), "is %s; want a whole number", kind(raw))
	case !ok:
		o.problem(o.at(name), "is %.40s; want a whole number from 0 to 10^15", raw)
	}
	return count{n, true}
}

func whole(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		a, err := money.Parse(s)
		if err != nil {
			return 0, false
		}
		var fits bool
		if n, fits = a.Int(); !fits {
			return 0, false
		}
	}
	if n < 0 || n > largest {
		return 0, false
	}
	return n, true
}

// number is a count that is zero when not given.
func (o object) number(name string) int64 { return o.count(name).n }

// quantity reads a decimal that is not negative, rounded to 12 places. exact is
// false if that changed the value.
func (o object) quantity(name string) (q spend.Quantity, exact bool) {
	raw := o.value(name)
	q, exact, err := money.ParseRounded(string(raw))
	switch {
	case raw == nil:
		o.problem(o.at(name), "is missing")
	case kind(raw) != "a number":
		o.problem(o.at(name), "is %s; want a number", kind(raw))
	case err != nil || q.Sign() < 0:
		o.problem(o.at(name), "is %.40s; want a number from 0 to 10^15", raw)
	default:
		return q, exact
	}
	return spend.Quantity{}, true
}

// totals reads the two counts of which every usage has at least one.
func (o object) totals(in, out string) (input, output count) {
	input, output = o.count(in), o.count(out)
	if !input.given && !output.given {
		name := o.path
		if name == "" {
			name = "usage"
		}
		o.problem(name, "has neither %s nor %s; send the body that holds the final counts", in, out)
	}
	return input, output
}

// told is a count that a body may tell in two places. Two values that differ
// set UsageInconsistent; the first counts.
func (o object) told(first, second count) int64 {
	if !first.given {
		return second.n
	}
	if second.given && first.n != second.n {
		o.flags |= spend.UsageInconsistent
	}
	return first.n
}

// partition checks parts that should make up a whole: more is a problem, less
// sets UsageInconsistent.
func (o object) partition(name string, whole int64, parts ...int64) {
	var sum int64
	for _, part := range parts {
		sum += part
	}
	switch {
	case sum > whole:
		o.problem(o.at(name), "is %d, below the sum of its parts, %d", whole, sum)
	case sum < whole:
		o.flags |= spend.UsageInconsistent
	}
}

// find gives the object at a path of names joined by points, and the object
// that it stands in.
func (o object) find(path string) (found, parent object, ok bool) {
	found = o
	for name := range strings.SplitSeq(path, ".") {
		parent = found
		if found, ok = parent.inner(name); !ok {
			return object{}, object{}, false
		}
	}
	return found, parent, true
}
