package occasion

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// What one calendar may hold.
const (
	mostOccasions = 1_000
	mostDays      = 2_000 // of one occasion
	mostName      = 60    // bytes
	mostEffect    = 20    // times as much
)

// document is the shape of a file.
type document struct {
	Holidays []item `yaml:"holidays"`
	Launches []item `yaml:"launches"`
}

type item struct {
	Name   string            `yaml:"name"`
	Dates  []string          `yaml:"dates"` // a date, or two with a slash between them
	Where  map[string]string `yaml:"where"`
	Effect string            `yaml:"effect"`
	Like   string            `yaml:"like"`
}

// Parse reads a calendar (YAML, unknown keys refused). All mistakes come at once, in an
// error of kind invalid.
func Parse(text []byte) ([]Occasion, error) {
	var file document
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, refused([]string{strings.TrimPrefix(err.Error(), "yaml: ")})
	}
	if !errors.Is(in.Decode(&struct{}{}), io.EOF) {
		return nil, refused([]string{"the file holds more than one document"})
	}
	if n := len(file.Holidays) + len(file.Launches); n > mostOccasions {
		return nil, refused([]string{fmt.Sprintf("%d occasions are more than %d", n, mostOccasions)})
	}
	r := reader{}
	for i := range file.Holidays {
		r.add(Holiday, &file.Holidays[i], fmt.Sprintf("holidays[%d]", i))
	}
	for i := range file.Launches {
		r.add(Launch, &file.Launches[i], fmt.Sprintf("launches[%d]", i))
	}
	if len(r.problems) > 0 {
		return nil, refused(r.problems)
	}
	return r.all, Unique(r.all)
}

// Unique refuses two occasions of one kind and name of the same scope.
func Unique(all []Occasion) error {
	var problems []string
	seen := map[string]bool{}
	for i := range all {
		if key := all[i].ID(); seen[key] {
			problems = append(problems, "there are two of "+key)
		} else {
			seen[key] = true
		}
	}
	if len(problems) > 0 {
		return refused(problems)
	}
	return nil
}

func refused(problems []string) error {
	return spend.Errorf(spend.KindInvalid, "read the calendar", "%s", strings.Join(problems, "; ")).
		WithHint("the shape of the document is in docs/forecast.md")
}

// reader collects occasions and every mistake.
type reader struct {
	all      []Occasion
	problems []string
}

// add reads one item.
func (r *reader) add(kind Kind, i *item, at string) {
	o := Occasion{Kind: kind, Name: strings.TrimSpace(i.Name), Like: i.Like}
	want := func(ok bool, format string, args ...any) {
		if !ok {
			r.problems = append(r.problems, at+"."+fmt.Sprintf(format, args...))
		}
	}
	want(isName(o.Name), "name: want a name of 1 to %d bytes in one line, without an e-mail address", mostName)
	want(len(i.Dates) > 0, "dates: want at least one day, like 2026-12-25")
	for _, text := range i.Dates {
		days, err := daysOf(text)
		want(err == nil, "dates: %.30q is no day like 2026-12-25, nor two with a slash between them", text)
		o.Days = append(o.Days, days...)
	}
	want(len(o.Days) <= mostDays, "dates: %d days are more than %d", len(o.Days), mostDays)
	want(kind == Holiday || !slices.ContainsFunc(i.Dates, func(d string) bool { return strings.Contains(d, "/") }), "dates: a launch has single days")
	slices.Sort(o.Days)
	o.Days = slices.Compact(o.Days)
	r.where(i, &o, want)
	if i.Effect != "" {
		effect, err := money.Parse(i.Effect)
		o.Effect = money.Known(effect)
		want(err == nil && effect.Sign() > 0 && effect.Cmp(money.FromInt(mostEffect)) <= 0, "effect: %.30q is no factor above 0 and at most %d, like 0.2 for a fifth", i.Effect, mostEffect)
	}
	want(i.Like == "" || kind == Launch && len(i.Where) == 1 && isName(i.Like), "like: only a launch where one dimension has a value is like another value of it")
	r.all = append(r.all, o)
}

// where reads whose an occasion is.
func (r *reader) where(i *item, o *Occasion, want func(bool, string, ...any)) {
	for name, value := range i.Where {
		d := spend.Dimension(name)
		err := d.Validate()
		want(err == nil, "where: %v", err)
		want(d != "principal", "where: single persons have no calendar")
		want(isName(value), "where.%.40s: want a value of 1 to %d bytes in one line, without an e-mail address", name, mostName)
		if o.Where == nil {
			o.Where = map[spend.Dimension]string{}
		}
		o.Where[d] = value
	}
}

// daysOf are the days of a date, or of two with a slash between them.
func daysOf(text string) ([]string, error) {
	first, last, span := strings.Cut(text, "/")
	from, errFrom := time.Parse(time.DateOnly, first)
	to := from
	var errTo error
	if span {
		to, errTo = time.Parse(time.DateOnly, last)
	}
	if err := cmp.Or(errFrom, errTo); err != nil {
		return nil, err
	}
	if to.Before(from) || to.Sub(from) > mostDays*24*time.Hour {
		return nil, errors.New("it ends before it begins, or too late")
	}
	var days []string
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(time.DateOnly))
	}
	return days, nil
}

func isName(s string) bool {
	return s != "" && len(s) <= mostName && !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f || c == '@' })
}
