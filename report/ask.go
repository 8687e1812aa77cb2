package report

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// Ask is a question as it is written on a command line.
type Ask struct {
	By       string   // dimensions by commas: "team,workflow,project,tag:ticket"
	Measures string   // measures by commas
	Since    string   // "30d", "12h", "qtd", "2026-10-01", RFC 3339; "" is the beginning
	Until    string   // the same; "" is now
	Compare  string   // "", "previous" or START..END
	Grain    string   // minute, hour, day, week, month, quarter, year
	Where    []string // "model=a,b" or "model!=a"
	Book     string
	Axis     string
	AsOf     string
	Order    string
	Zone     string // IANA name
	Restated string // "now", or a time like Since, at which the organisation stands; "" is as booked
	Top      int

	Fiscal spend.Fiscal // what months, quarters and years are
}

// Query reads the question at an instant. All errors come at once.
func (a Ask) Query(now time.Time) (spend.Query, error) {
	var errs []error
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		errs = append(errs, spend.Errorf(spend.KindInvalid, "read --zone", "%w", err).WithHint("an IANA name, like Europe/Berlin"))
		zone = time.UTC
	}
	at := func(flag, text string) time.Time {
		t, err := instant(text, now, calendar.New(zone, a.Fiscal))
		if err != nil {
			errs = append(errs, spend.Errorf(spend.KindInvalid, "read --"+flag, "%w", err).
				WithHint("an age like 30d, 12h or 8w, a beginning like mtd, qtd or ytd, a date like 2026-10-01, or an RFC 3339 time"))
		}
		return t
	}
	q := spend.Query{
		Book: spend.Book(a.Book), Axis: spend.Axis(a.Axis), Zone: zone, Grain: spend.Grain(a.Grain), Top: a.Top,
		From: at("since", a.Since), To: at("until", a.Until), AsOf: at("as-of", a.AsOf), Order: spend.Measure(a.Order),
		By: dimensions(a.By), Measures: words[spend.Measure](a.Measures), Restated: at("restated", a.Restated), Fiscal: a.Fiscal,
	}
	if a.Restated != "" && q.Restated.IsZero() {
		q.Restated = now
	}
	if q.To.IsZero() && !q.From.IsZero() {
		q.To = now
	}
	for _, w := range a.Where {
		f, err := filter(w)
		errs = append(errs, err)
		q.Where = append(q.Where, f)
	}
	errs = append(errs, compare(&q, a.Compare, at))
	if err := errors.Join(errs...); err != nil {
		return q, err
	}
	return q, q.Validate()
}

// compare reads what a question is compared with.
func compare(q *spend.Query, text string, at func(flag, text string) time.Time) error {
	if text == "" {
		return nil
	}
	q.Previous = true
	start, end, own := strings.Cut(text, "..")
	switch {
	case own && start != "" && end != "":
		q.Against = [2]time.Time{at("compare", start), at("compare", end)}
	case own || text != "previous":
		return spend.Errorf(spend.KindInvalid, "read --compare", "%.40q is not known", text).
			WithHint("previous, or a window like 2026-09-01..2026-10-01, its end not included")
	}
	return nil
}

func words[T ~string](list string) []T {
	var all []T
	for _, w := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		all = append(all, T(strings.TrimSpace(w)))
	}
	return all
}

// dimensions reads names by commas.
func dimensions(list string) []spend.Dimension {
	all := words[spend.Dimension](list)
	for i := range all {
		all[i] = tagged(all[i])
	}
	return all
}

// tagged gives the dimension of a name: a few tags that many sources bring may be
// named without saying that they are tags.
func tagged(d spend.Dimension) spend.Dimension {
	if slices.Contains(Tags(), string(d)) {
		return "tag:" + d
	}
	return d
}

// Tags lists the tags that stand for themselves: project for tag:project.
func Tags() []string { return []string{"project", "repository", "branch"} }

func filter(text string) (spend.Filter, error) {
	by, values, ok := strings.Cut(text, "=")
	if !ok || by == "" {
		return spend.Filter{}, spend.Errorf(spend.KindInvalid, "read --where", "%.60q is no condition", text).
			WithHint("DIMENSION=VALUE[,VALUE…] or DIMENSION!=VALUE; a comma within a value is \\,")
	}
	f := spend.Filter{Values: commas(values)}
	by, f.Not = strings.CutSuffix(by, "!")
	f.By = tagged(spend.Dimension(strings.TrimSpace(by)))
	return f, nil
}

// commas takes values by commas apart. `\,` is a comma within a value and `\\` a
// backslash; any other backslash stands for itself.
func commas(text string) []string {
	var all []string
	var value strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == ',' || text[i+1] == '\\'):
			i++
			value.WriteByte(text[i])
		case text[i] == ',':
			all = append(all, value.String())
			value.Reset()
		default:
			value.WriteByte(text[i])
		}
	}
	return append(all, value.String())
}

// begun are the grains that a window to date begins with.
func begun(text string) spend.Grain {
	switch text {
	case "mtd":
		return spend.Month
	case "qtd":
		return spend.Quarter
	case "ytd":
		return spend.Year
	}
	return spend.Whole
}

// instant reads an age before now, the beginning of now's month, quarter or year, a
// date or a time; days, weeks and dates are those of the calendar's zone.
//
// Example: in November, "qtd" is 1 October; where the fiscal year begins in February it
// is 1 November.
func instant(text string, now time.Time, in calendar.Calendar) (time.Time, error) {
	if text == "" || text == "now" {
		return time.Time{}, nil
	}
	if grain := begun(text); grain != spend.Whole {
		return in.Begin(grain, in.Number(grain, now)), nil
	}
	now = now.In(in.Location())
	if n, err := strconv.Atoi(text[:len(text)-1]); err == nil && n >= 0 && n <= 100_000 {
		switch text[len(text)-1] {
		case 'h':
			return now.Add(-time.Duration(n) * time.Hour), nil
		case 'd':
			return now.AddDate(0, 0, -n), nil
		case 'w':
			return now.AddDate(0, 0, -7*n), nil
		case 'm':
			return now.AddDate(0, -n, 0), nil
		}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02", "2006-01"} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("cannot read " + strconv.Quote(text[:min(len(text), 40)]) + " as a time")
}
