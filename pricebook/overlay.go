package pricebook

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Op is what an overlay does to a price.
type Op string

// The operations of an overlay.
const (
	Multiply Op = "multiply" // times the list price in force: follows list cuts
	Fixed    Op = "fixed"    // replaces the list price: does not follow it
)

// Overlay is a negotiated price rule of one seller. It changes the contracted
// amount of a rating and never its list amount. Among overlays that fit one
// call the highest precedence applies, then the one that names an account; two
// that are left are an error when the book is compiled.
//
// Example: 0.88 times a list price of 1.25 per million is 1.10 per million;
// when the list falls to 1.00 the contracted price falls to 0.88.
type Overlay struct {
	ID         string
	Seller     string
	Account    string // the vendor account that the terms belong to, "" for every account
	SKUGlob    string // pattern of path.Match on the SKU, "" for all
	MeterGlob  string // pattern on the meter's name, "" for all
	Op         Op
	Value      money.Amount // a factor, or a price in the currency of the list price
	Per        int64        // units of a fixed price; 0 keeps that of the list price
	Base       Layer        // what multiply starts from: List, the public price in force, promotions included
	Valid      Span
	Precedence int
}

// String says what it does and when: "openai gpt-5* multiply 0.88 from 2026-12-01".
func (o *Overlay) String() string {
	words := []string{o.Seller}
	for _, glob := range []string{o.SKUGlob, o.MeterGlob} {
		if glob != "" {
			words = append(words, glob)
		}
	}
	words = append(words, string(o.Op), o.Value.String())
	for _, more := range []struct {
		said        bool
		name, value string
	}{
		{o.Per != 0, "per", strconv.FormatInt(o.Per, 10)},
		{o.Account != "", "for account", o.Account},
		{o.Precedence != 0, "with precedence", strconv.Itoa(o.Precedence)},
		{!o.Valid.From.IsZero(), "from", o.Valid.From.Format(time.DateOnly)},
		{!o.Valid.To.IsZero(), "until", o.Valid.To.Format(time.DateOnly)},
	} {
		if more.said {
			words = append(words, more.name, more.value)
		}
	}
	return strings.Join(words, " ")
}

// EndedBy cuts an overlay where another one of its id begins, which takes its place from
// then on; false where nothing of it is left.
//
// Example: 0.88 for ever ends on 2026-12-01 by 0.85 from that day on, and is gone by 0.85
// for ever.
func (o *Overlay) EndedBy(other *Overlay) bool {
	from := other.Valid.From
	switch {
	case o.ID != other.ID:
		return true
	case !o.Valid.From.Before(from):
		return false
	case o.Valid.To.IsZero() || from.Before(o.Valid.To):
		o.Valid.To = from
	}
	return true
}

func (o *Overlay) problems() (found []string) {
	complain := func(wrong bool, msg string) {
		if wrong {
			found = append(found, fmt.Sprintf("overlay %q: %s", o.ID, msg))
		}
	}
	complain(o.ID == "", "has no id")
	complain(o.Seller == "", "has no seller")
	complain(o.Seller != Seller(o.Seller), "the seller is called "+Seller(o.Seller)+" in facts")
	complain(o.Op != Multiply && o.Op != Fixed, fmt.Sprintf("op %.20q: want multiply or fixed", string(o.Op)))
	complain(o.Base != "" && o.Base != List, fmt.Sprintf("base %.20q: only list can be the base", string(o.Base)))
	complain(o.Value.Sign() < 0, "value is negative")
	complain(o.Per < 0, "per is negative")
	complain(!o.Valid.ordered(), "it ends before it starts")
	for _, glob := range []string{o.SKUGlob, o.MeterGlob} {
		_, err := path.Match(glob, "")
		complain(err != nil, fmt.Sprintf("pattern %.40q is malformed", glob))
	}
	return found
}

// terms is an overlay as one sheet applies it.
type terms struct {
	*Overlay
	meters   uint64 // bit of each meter that the pattern selects
	from, to int64
}

func (t *terms) covers(q *query, m spend.Meter) bool {
	return t.meters>>m&1 == 1 && t.from <= q.at && q.at < t.to && (t.Account == "" || t.Account == q.account)
}

// apply gives the negotiated rate; an overflow keeps the list price.
func (t *terms) apply(list price) price {
	if t.Op == Fixed {
		return price{t.Value, cmp.Or(t.Per, list.per)}
	}
	rate, err := list.rate.Mul(t.Value, 1)
	if err != nil {
		return list
	}
	return price{rate, list.per}
}

// termsOf selects and sorts the overlays of one SKU, the one to apply first.
func termsOf(overlays []Overlay, seller, sku string) (all []terms) {
	for i := range overlays {
		o := &overlays[i]
		if o.Seller != seller || !globs(o.SKUGlob, sku) {
			continue
		}
		from, to := o.Valid.micros()
		all = append(all, terms{Overlay: o, meters: metersOf(o.MeterGlob), from: from, to: to})
	}
	slices.SortStableFunc(all, func(a, b terms) int {
		return cmp.Or(cmp.Compare(b.Precedence, a.Precedence), cmp.Compare(len(b.Account), len(a.Account)))
	})
	return all
}

func globs(pattern, name string) bool {
	hit, err := path.Match(pattern, name)
	return pattern == "" || err == nil && hit
}

func metersOf(glob string) (set uint64) {
	for _, m := range spend.Meters() {
		if globs(glob, m.String()) {
			set |= 1 << m
		}
	}
	return set
}

// termTies names the pairs of overlays of one sheet between which a call could
// not choose.
func termTies(all []terms) (found []string) {
	for i := range all {
		for j := range all[:i] {
			a, b := &all[j], &all[i]
			if a.Precedence == b.Precedence && a.Account == b.Account && a.meters&b.meters != 0 && a.from < b.to && b.from < a.to {
				found = append(found, fmt.Sprintf("overlays %q and %q fit the same calls of %s with one precedence: "+
					"change a precedence or a pattern", a.ID, b.ID, a.Seller))
			}
		}
	}
	return found
}

// The open ends of a span in microseconds since 1970.
const (
	always = -1 << 62
	never  = 1 << 62
)

func (s Span) micros() (from, to int64) {
	from, to = always, never
	if !s.From.IsZero() {
		from = s.From.UnixMicro()
	}
	if !s.To.IsZero() {
		to = s.To.UnixMicro()
	}
	return from, to
}

// ordered says that the span holds at least one instant.
func (s Span) ordered() bool { return s.From.IsZero() || s.To.IsZero() || s.From.Before(s.To) }

// endOfDay is midnight UTC after the day of t, as microseconds since 1970.
func endOfDay(t time.Time) int64 {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, time.UTC).UnixMicro()
}
