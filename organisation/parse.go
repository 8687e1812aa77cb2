package organisation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Parse reads the document of an organisation (YAML, unknown keys refused). What
// it does not say has the value of Default. All mistakes come at once, each with
// its line, in an error of kind invalid.
func Parse(text []byte) (Document, error) {
	top, err := root(text)
	if err != nil {
		return Document{}, err
	}
	r := &reader{doc: Default()}
	var kind, zone, currency string
	r.mapping(top, "organisation", fields{
		"kind": r.text(&kind), "name": r.text(&r.doc.Name), "zone": r.text(&zone), "currency": r.text(&currency),
		"fiscal_year": r.fiscal, "business_units": r.each("business_units", r.businessUnit),
	})
	if kind != "organisation" {
		r.refuse(top.Line, "kind: %.40q, want organisation", kind)
	}
	r.settings(top, zone, currency)
	r.units()
	if err := r.err(); err != nil {
		return Document{}, err
	}
	r.doc.Units = ordered(r.doc.Units)
	return r.doc, nil
}

// settings checks zone and currency, which stand at the top.
func (r *reader) settings(top *yaml.Node, zone, currency string) {
	line := func(key string) int {
		for i := 0; i+1 < len(top.Content); i += 2 {
			if top.Content[i].Value == key {
				return top.Content[i].Line
			}
		}
		return top.Line
	}
	if zone != "" {
		r.doc.Zone = zone
		if found, err := time.LoadLocation(zone); err != nil || found == time.Local {
			r.refuse(line("zone"), "there is no time zone %.60q; use a name like Europe/Zurich or UTC", zone)
		}
	}
	if currency != "" {
		r.doc.Currency = money.Currency(currency)
		if err := r.doc.Currency.Validate(); err != nil {
			r.refuse(line("currency"), "%v", err)
		}
	}
}

func (r *reader) fiscal(n *yaml.Node) {
	var starts, scheme, week, end, named string
	r.mapping(n, "fiscal_year", fields{
		"starts": r.text(&starts), "scheme": r.text(&scheme), "week_starts": r.text(&week),
		"year_end": r.text(&end), "named_by": r.text(&named),
	})
	f := &r.doc.Fiscal
	f.Start = time.Month(1 + r.word(n, "starts", starts, months()))
	f.Scheme = spend.Scheme(cmp.Or(scheme, string(spend.Months)))
	f.WeekStart = time.Weekday(r.word(n, "week_starts", week, weekdays()))
	f.Nearest = r.word(n, "year_end", end, []string{"last", "nearest"}) == 1
	f.NamedByStart = r.word(n, "named_by", named, []string{"end", "start"}) == 1
	if err := calendar.New(nil, *f).Validate(); err != nil {
		r.refuse(n.Line, "fiscal_year: %v; %s", unwrapped(err), spend.HintOf(err))
	}
	if f.Scheme == spend.Months && week+end != "" {
		r.refuse(n.Line, "fiscal_year: week_starts and year_end are for years of weeks; say scheme: 4-4-5")
	}
	if *f == (spend.Fiscal{Start: time.January, Scheme: spend.Months}) {
		*f = spend.Fiscal{}
	}
}

// word gives the place of a word in a list, 0 when it is not said.
func (r *reader) word(n *yaml.Node, field, said string, words []string) int {
	i := slices.Index(words, strings.ToLower(said))
	if i < 0 && said != "" {
		r.refuse(n.Line, "%s: %.20q is not known; one of %s", field, said, strings.Join(words, ", "))
	}
	return max(i, 0)
}

func months() (names []string) {
	for m := time.January; m <= time.December; m++ {
		names = append(names, strings.ToLower(m.String()))
	}
	return names
}

func weekdays() (names []string) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		names = append(names, strings.ToLower(d.String()))
	}
	return names
}
