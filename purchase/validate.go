package purchase

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The limits of one purchase. What they let through the ledger takes day by day,
// so that no purchase is booked in part.
const (
	maxDays   = 4000          // ten years and some
	maxText   = 512           // bytes
	maxID     = 480           // bytes; the key of a day is the id with its date
	maxTags   = 29            // of the owner; product and seats are three more
	maxPart   = 250_000       // of one line, which holds amounts below a million, also of a dearer currency
	maxAmount = 1_000_000_000 // of one cycle, 4,000 lines when it is for one day
	maxSeats  = 1_000_000_000 // more than there are people who write
	earliest  = 2015          // no model API was sold before that year
)

// Validate lists every mistake of the purchase at once, none for a sound one.
func (p *Purchase) Validate() []spend.Problem {
	var v validator
	v.text("id", p.ID, maxID)
	v.text("vendor", p.Vendor, maxText)
	v.text("product", p.Product, maxText)
	v.label("account", p.Account)
	v.check(slices.Contains(Kinds(), p.Kind), "kind", "must be one of %v", Kinds())
	v.check(slices.Contains([]Cycle{Once, Monthly, Yearly}, p.Cycle), "cycle", "must be month, year or nothing")
	v.check(p.Currency.Validate() == nil, "currency", "must be three capital letters such as USD")
	v.money(p)
	v.days(p)
	v.owner(&p.Owner)
	v.check(p.Revision >= 0, "revision", "is below zero")
	return v.found
}

// ValidateAll lists every mistake of a list of purchases, each with its place.
func ValidateAll(all []Purchase) []spend.Problem {
	var v validator
	first := map[string]int{}
	for i := range all {
		for _, p := range all[i].Validate() {
			v.check(false, fmt.Sprintf("[%d].%s", i, p.Field), "%s", p.Msg)
		}
		before, twice := first[all[i].ID]
		v.check(!twice, fmt.Sprintf("[%d].id", i), "is that of [%d]; a purchase comes once", before)
		if !twice {
			first[all[i].ID] = i
		}
	}
	return v.found
}

type validator struct{ found []spend.Problem }

func (v *validator) check(sound bool, field, format string, args ...any) {
	if !sound {
		v.found = append(v.found, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
	}
}

// text checks a name that must be there.
func (v *validator) text(field, text string, most int) {
	v.check(text != "" && len(text) <= most && readable(text), field, "must be a readable text of 1 to %d bytes", most)
}

// label checks a name that may be empty.
func (v *validator) label(field, text string) {
	v.check(len(text) <= maxText && readable(text), field, "must be a readable text of at most %d bytes", maxText)
}

func readable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

func (v *validator) money(p *Purchase) {
	v.check(p.Kind != Credit || p.Amount.Sign() <= 0, "amount", "of a credit must be below zero")
	v.check(p.Kind == Credit || p.Amount.Sign() >= 0, "amount", "is below zero; money back is of the kind credit")
	v.check(p.Amount.Abs().Cmp(money.FromInt(maxAmount)) <= 0, "amount", "is above 10^9; tell it as several purchases")
	v.check(p.Assigned.Sign() >= 0 && p.Assigned.Cmp(money.FromInt(maxSeats)) <= 0, "seats_assigned", "must be from 0 to 10^9")
	v.check(p.Active.Amount.Sign() >= 0 && p.Active.Amount.Cmp(p.Assigned) <= 0, "seats_active", "must be from 0 to seats_assigned")
}

func (v *validator) days(p *Purchase) {
	if p.From.IsZero() {
		v.check(false, "from", "is missing")
		return
	}
	v.check(!p.From.at.Before(time.Date(earliest, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 1)), "from", "must be a day after %d-01-01", earliest)
	v.check(p.days() > 0, "through", "lies before from")
	v.check(p.days() <= maxDays, "through", "makes %d days of service; at most %d are spread", p.days(), maxDays)
}

// owner checks who answers for the purchase: somebody that lasts, and no person.
func (v *validator) owner(s *spend.Scope) {
	names := spend.ScopeFields()
	for i, text := range s.Fields() {
		field := "owner." + names[i]
		if slices.Contains(Owners(), names[i]) {
			v.label(field, *text)
		} else {
			v.check(*text == "", field, "owns no purchase; name one of %v", Owners())
		}
	}
	for _, own := range []string{TagProduct, TagSeats, TagActive} {
		_, twice := s.Tags[own]
		v.check(!twice, "owner.tags", "holds %s, which the purchase says itself", own)
	}
	v.check(len(s.Tags) <= maxTags, "owner.tags", "has more than %d entries", maxTags)
	for _, key := range slices.Sorted(maps.Keys(s.Tags)) {
		v.label("owner.tags", key)
		v.label("owner.tags", s.Tags[key])
	}
}

// Owners are the scope fields that may own a purchase.
func Owners() []string {
	return []string{"business_unit", "team", "application", "workflow", "cost_centre"}
}
