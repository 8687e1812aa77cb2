package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// What one plan may hold.
const (
	mostLines  = 1_000
	mostMonths = 120 // of one line
	mostName   = 60  // bytes
)

// document is the shape of a file.
type document struct {
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
	var file document
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, refused([]string{strings.TrimPrefix(err.Error(), "yaml: ")})
	}
	if !errors.Is(in.Decode(&struct{}{}), io.EOF) {
		return nil, refused([]string{"the file holds more than one document"})
	}
	if n := len(file.Lines); n > mostLines {
		return nil, refused([]string{fmt.Sprintf("%d lines are more than %d", n, mostLines)})
	}
	r := reader{}
	currency := money.Currency(file.Currency)
	r.want(currency.Validate() == nil, "currency: %.10q is none; want that of the organisation, like USD", file.Currency)
	for i := range file.Lines {
		r.add(currency, &file.Lines[i], fmt.Sprintf("lines[%d]", i))
	}
	if len(r.problems) > 0 {
		return nil, refused(r.problems)
	}
	return r.all, Unique(r.all)
}

// Unique refuses two lines of one scope.
func Unique(all []Line) error {
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
	return spend.Errorf(spend.KindInvalid, "read the plan", "%s", strings.Join(problems, "; ")).
		WithHint("the shape of the document is in docs/report.md")
}

// reader collects lines and every mistake.
type reader struct {
	all      []Line
	problems []string
}

func (r *reader) want(ok bool, format string, args ...any) {
	if !ok {
		r.problems = append(r.problems, fmt.Sprintf(format, args...))
	}
}

// add reads one item.
func (r *reader) add(currency money.Currency, i *item, at string) {
	l := Line{Currency: currency, Months: map[spend.Period]money.Amount{}}
	for _, name := range slices.Sorted(maps.Keys(i.Where)) {
		d, value := spend.Dimension(name), i.Where[name]
		err := d.Validate()
		r.want(err == nil, "%s.where: %v", at, err)
		r.want(d != "principal", "%s.where: single persons have no plan", at)
		r.want(isName(value), "%s.where.%.40s: want a value of 1 to %d bytes in one line, without an e-mail address", at, name, mostName)
		if l.Where == nil {
			l.Where = map[spend.Dimension]string{}
		}
		l.Where[d] = value
	}
	r.want(len(i.Months) > 0 && len(i.Months) <= mostMonths, "%s.months: want 1 to %d months, like 2026-11: 12000", at, mostMonths)
	for _, month := range slices.Sorted(maps.Keys(i.Months)) {
		_, err := time.Parse("2006-01", month)
		r.want(err == nil, "%s.months: %.20q is no month like 2026-11", at, month)
		amount, err := money.Parse(i.Months[month])
		r.want(err == nil && amount.Sign() >= 0, "%s.months: %.30q is no amount of 0 or more", at, i.Months[month])
		l.Months[spend.Period(month)] = amount
	}
	r.all = append(r.all, l)
}

func isName(s string) bool {
	return s != "" && len(s) <= mostName && !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f || c == '@' })
}
