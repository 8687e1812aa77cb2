package occasion

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// What one calendar may hold.
const (
	mostOccasions = 1_000
	mostDays      = 2_000 // of one occasion
	mostEffect    = 20    // times as much
)

// written is the shape of a file.
type written struct {
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
	var file written
	if err := document.Decode(text, &file); err != nil {
		return nil, refused(err.Error())
	}
	if n := len(file.Holidays) + len(file.Launches); n > mostOccasions {
		return nil, refused(fmt.Sprintf("%d occasions are more than %d", n, mostOccasions))
	}
	r := reader{}
	for i := range file.Holidays {
		r.add(Holiday, &file.Holidays[i], fmt.Sprintf("holidays[%d]", i))
	}
	for i := range file.Launches {
		r.add(Launch, &file.Launches[i], fmt.Sprintf("launches[%d]", i))
	}
	if err := r.found.Err(refused); err != nil {
		return nil, err
	}
	return r.all, Unique(r.all)
}

// Unique refuses two occasions of one kind and name of the same scope.
func Unique(all []Occasion) error {
	var found document.Problems
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID()
	}
	found.AddTwice(ids)
	return found.Err(refused)
}

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read the calendar", "%s", why).
		WithHint("the shape of the document is in docs/forecast.md")
}

// reader collects occasions and every mistake.
type reader struct {
	all   []Occasion
	found document.Problems
}

// add reads one item.
func (r *reader) add(kind Kind, i *item, at string) {
	o := Occasion{Kind: kind, Name: strings.TrimSpace(i.Name), Where: r.found.Scope(at+".where", "calendar", i.Where), Like: i.Like}
	r.found.Add(!document.IsTitle(o.Name), at+".name", "want a name of 1 to %d bytes in one line, without an e-mail address", document.MaxName)
	r.found.Add(len(i.Dates) == 0, at+".dates", "want at least one day, like 2026-12-25")
	for _, text := range i.Dates {
		days, err := daysOf(text)
		r.found.Add(err != nil, at+".dates", "%.30q is no day like 2026-12-25, nor two with a slash between them", text)
		o.Days = append(o.Days, days...)
	}
	r.found.Add(len(o.Days) > mostDays, at+".dates", "%d days are more than %d", len(o.Days), mostDays)
	r.found.Add(kind == Launch && slices.ContainsFunc(i.Dates, func(d string) bool { return strings.Contains(d, "/") }), at+".dates", "a launch has single days")
	slices.Sort(o.Days)
	o.Days = slices.Compact(o.Days)
	if i.Effect != "" {
		effect, err := money.Parse(i.Effect)
		o.Effect = money.Known(effect)
		r.found.Add(err != nil || effect.Sign() <= 0 || effect.Cmp(money.FromInt(mostEffect)) > 0, at+".effect", "%.30q is no factor above 0 and at most %d, like 0.2 for a fifth", i.Effect, mostEffect)
	}
	r.found.Add(i.Like != "" && (kind != Launch || len(i.Where) != 1 || !document.IsTitle(i.Like)), at+".like", "only a launch where one dimension has a value is like another value of it")
	r.all = append(r.all, o)
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
