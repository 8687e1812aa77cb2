package pricebook

import (
	"strings"
	"time"
)

// Moved says what moved the list prices of a model between two spans, where it was no
// change of the price itself.
type Moved string

// What moves a list price.
const (
	Unmoved   Moved = ""          // nothing but the price
	Promotion Moved = "promotion" // a price for a time alone is in force in either span
	Repointed Moved = "repointed" // the name went over to another model
)

// Moved tells what moved the list prices of a model, by the name that a call gives it,
// between two spans. A nil book knows of nothing.
//
// Example: mistral-medium-latest went over to another model on 2026-06-26 and cost 1.5
// instead of 0.4 per million from then on; between May and July 2026 it was repointed.
func (b *Book) Moved(seller, model string, before, after Span) Moved {
	if b == nil || b.shop(seller) == nil {
		return Unmoved
	}
	s := b.shop(seller)
	earlier, later := s.find(model, before.last()).sheet, s.find(model, after.last()).sheet
	first, end := before, after
	if after.From.Before(before.From) {
		first, end = after, before
	}
	found := Unmoved
	for _, sh := range []*sheet{earlier, later} {
		if sh == nil {
			continue
		}
		for i := range sh.all {
			f := sh.all[i].fact()
			if f.repoint() && f.Valid.From.After(first.From) && f.Valid.From.Before(end.To) {
				return Repointed
			}
			if f.promotional() && (f.Valid.overlaps(before) || f.Valid.overlaps(after)) {
				found = Promotion
			}
		}
	}
	return found
}

func (s Span) last() time.Time { return s.To.Add(-time.Microsecond) }

// promotional says that a price is for a time alone: a fact of that layer, one with a
// promised end, or one that our history notes as a promotion. Its notes begin with the
// kind of the change.
func (f *Fact) promotional() bool {
	return f.layer() == Promo || !f.PromoUntilAtLeast.IsZero() ||
		strings.HasPrefix(f.Note, "promo ") && !strings.HasPrefix(f.Note, "promo end")
}

// repoint says that a price began because a name went over to another model.
func (f *Fact) repoint() bool { return strings.HasPrefix(f.Note, "alias repoint") }
