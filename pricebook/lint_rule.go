package pricebook

import (
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// pairRules are the rules about two facts of one SKU that apply at one time.
// Each looks at its first fact and says nothing unless the second is what that
// must be compared with.
func pairRules() []func(a, b *Fact) []Finding {
	return []func(a, b *Fact) []Finding{
		cachedReadIsCheaper, shortWriteNearInput, longWriteIsDouble, discountTiersAreCheaper,
		priorityIsDearer, longContextIsDearer, regionNearGlobal, outputIsDearer,
	}
}

// cachedReadIsCheaper: a cached token never costs more than a fresh one. The
// slip: the price of cache storage, or of output, in the slot of cached reads.
func cachedReadIsCheaper(a, b *Fact) []Finding {
	if a.Meter == spend.CacheRead && b.Meter == spend.InText && alike(a, b, nil) && a.times(1, 1, b) > 0 {
		return finding("cached read <= input", Wrong, a, b)
	}
	return nil
}

// shortWriteNearInput: a cache write for minutes costs 1 to 1.5 times the input.
func shortWriteNearInput(a, b *Fact) []Finding {
	short := a.Meter == spend.CacheWrite5m || a.Meter == spend.CacheWrite30m
	if short && b.Meter == spend.InText && alike(a, b, nil) && (a.times(1, 1, b) < 0 || a.times(3, 2, b) > 0) {
		return finding("5m write in 1.0 to 1.5 x input", Look, a, b)
	}
	return nil
}

// longWriteIsDouble: Anthropic's models cost twice the input for writes of an
// hour, whoever sells them. The slip: another model's figure.
func longWriteIsDouble(a, b *Fact) []Finding {
	anthropic := a.Seller == "anthropic" || strings.HasPrefix(a.Model, "anthropic/")
	if anthropic && a.Meter == spend.CacheWrite1h && b.Meter == spend.InText && alike(a, b, nil) && a.times(2, 1, b) != 0 {
		return finding("1h write = 2 x input", Wrong, a, b)
	}
	return nil
}

// discountTiersAreCheaper: batch and flex never cost more than the standard tier.
func discountTiersAreCheaper(a, b *Fact) []Finding {
	if sameButTier(a, b) && (a.inTier("batch") || a.inTier("flex")) && b.isStandard() && a.times(1, 1, b) > 0 {
		return finding("batch and flex <= base", Wrong, a, b)
	}
	return nil
}

// priorityIsDearer: priority never costs less than the standard tier, and
// rarely more than five times as much. The slip: another model's figure.
func priorityIsDearer(a, b *Fact) []Finding {
	if sameButTier(a, b) && a.inTier("priority") && b.isStandard() && (a.times(1, 1, b) < 0 || a.times(5, 1, b) > 0) {
		return finding("priority >= base", Wrong, a, b)
	}
	return nil
}

// longContextIsDearer: a tier for long prompts never costs less than the base.
func longContextIsDearer(a, b *Fact) []Finding {
	noBound := func(w *When) { w.PromptAbove, w.Inclusive = 0, false }
	if a.Meter == b.Meter && a.When.floor() > b.When.floor() && alike(a, b, noBound) && a.times(1, 1, b) < 0 {
		return finding("long tier >= base", Wrong, a, b)
	}
	return nil
}

// regionNearGlobal: a region costs 1 to 1.3 times the global price. The slip:
// 33 instead of 3.3.
func regionNearGlobal(a, b *Fact) []Finding {
	noRegion := func(w *When) { w.Regions = nil }
	if a.Meter != b.Meter || !alike(a, b, noRegion) || !a.isLocal() || b.isLocal() {
		return nil
	}
	if a.times(1, 1, b) < 0 || a.times(13, 10, b) > 0 {
		return finding("regional in 1.0 to 1.3 x global", Look, a, b)
	}
	return nil
}

// outputIsDearer: a text model never sells output below input.
func outputIsDearer(a, b *Fact) []Finding {
	if a.Meter == spend.OutText && b.Meter == spend.InText && alike(a, b, nil) && !a.Free && a.times(1, 1, b) < 0 {
		return finding("output >= input", Look, a, b)
	}
	return nil
}

// jump wants a person to look at a rise above twice or a cut below a tenth.
func jump(before, after *Fact) []Finding {
	next := before.Meter == after.Meter && before.layer() == after.layer() && alike(before, after, nil) &&
		!before.Valid.To.IsZero() && before.Valid.To.Equal(after.Valid.From) && before.Per > 0 && after.Per > 0
	if next && (after.times(2, 1, before) > 0 || after.times(1, 10, before) < 0) {
		return finding("a change above 2 x or below a tenth", Look, after, before)
	}
	return nil
}

func sameButTier(a, b *Fact) bool {
	return a.Meter == b.Meter && alike(a, b, func(w *When) { w.ServiceTiers = nil })
}

func (f *Fact) inTier(tier string) bool {
	for _, name := range f.When.ServiceTiers {
		if serviceTier(name) == tier {
			return true
		}
	}
	return false
}

func (f *Fact) isStandard() bool { return len(f.When.ServiceTiers) == 0 || f.inTier("") }

func (f *Fact) isLocal() bool {
	for _, name := range f.When.Regions {
		if fold(name) != global {
			return true
		}
	}
	return false
}
