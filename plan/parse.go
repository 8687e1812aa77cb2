package plan

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// What one plan may hold.
const (
	mostLines  = 1_000
	mostMonths = 120 // of one line
)

// written is the shape of a file.
type written struct {
	Currency string `yaml:"currency"`
	Lines    []item `yaml:"lines"`
}

type item struct {
	Where  map[string]string `yaml:"where"`
	Months map[string]string `yaml:"months"`
}

// Parse reads a plan (YAML, unknown keys refused). All mistakes come at once, in an error
// of kind invalid.
func Parse(text []byte) ([]Line, error) {
	var file written
	if err := document.Decode(text, &file); err != nil {
		return nil, refused(err.Error())
	}
	if n := len(file.Lines); n > mostLines {
		return nil, refused(fmt.Sprintf("%d lines are more than %d", n, mostLines))
	}
	r := reader{}
	currency := money.Currency(file.Currency)
	r.found.Add(currency.Validate() != nil, "currency", "%.10q is none; want that of the organisation, like USD", file.Currency)
	for i := range file.Lines {
		r.add(currency, &file.Lines[i], fmt.Sprintf("lines[%d]", i))
	}
	if err := r.found.Err(refused); err != nil {
		return nil, err
	}
	return r.all, Unique(r.all)
}

// Unique refuses two lines of one scope.
func Unique(all []Line) error {
	var found document.Problems
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID()
	}
	found.AddTwice(ids)
	return found.Err(refused)
}

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read the plan", "%s", why).
		WithHint("the shape of the document is in docs/report.md")
}

// reader collects lines and every mistake.
type reader struct {
	all   []Line
	found document.Problems
}

// add reads one item.
func (r *reader) add(currency money.Currency, i *item, at string) {
	l := Line{Currency: currency, Where: r.found.Scope(at+".where", "plan", i.Where), Months: map[spend.Period]money.Amount{}}
	r.found.Add(len(i.Months) == 0 || len(i.Months) > mostMonths, at+".months", "want 1 to %d months, like 2026-11: 12000", mostMonths)
	for _, month := range slices.Sorted(maps.Keys(i.Months)) {
		_, err := time.Parse("2006-01", month)
		r.found.Add(err != nil, at+".months", "%.20q is no month like 2026-11", month)
		amount, err := money.Parse(i.Months[month])
		r.found.Add(err != nil || amount.Sign() < 0, at+".months", "%.30q is no amount of 0 or more", i.Months[month])
		l.Months[spend.Period(month)] = amount
	}
	r.all = append(r.all, l)
}
