package pricebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The bounds of a price and its units, so that no line of real usage can overflow.
const (
	highestPrice = 1_000_000_000
	highestPer   = 1_000_000_000_000
)

func layers() []Layer { return []Layer{List, Promo, Contract, Override} }

// layer reads an empty layer as the list.
func (f *Fact) layer() Layer {
	if f.Layer == "" {
		return List
	}
	return f.Layer
}

// floor is the smallest prompt that meets the context condition, 0 without one.
func (w *When) floor() int64 {
	switch {
	case w.PromptAbove <= 0:
		return 0
	case w.Inclusive:
		return w.PromptAbove
	}
	return w.PromptAbove + 1
}

// ContextTier writes the context condition, ">200000" or ">=200000", "" for none.
func (w *When) ContextTier() string {
	switch {
	case w.PromptAbove <= 0:
		return ""
	case w.Inclusive:
		return fmt.Sprintf(">=%d", w.PromptAbove)
	}
	return fmt.Sprintf(">%d", w.PromptAbove)
}

// Conditions writes all conditions of a fact on one line, "" when it has none.
func (w *When) Conditions() string {
	var parts []string
	for _, c := range [...]struct{ name, value string }{
		{"tier ", strings.Join(w.ServiceTiers, "|")}, {"region ", strings.Join(w.Regions, "|")},
		{"prompt ", w.ContextTier()}, {"window ", w.Window.String()},
		{"size ", w.ImageSize}, {"quality ", w.ImageQuality},
	} {
		if c.value != "" {
			parts = append(parts, c.name+c.value)
		}
	}
	return strings.Join(parts, ", ")
}

// String names the fact for a person: what is priced, how much, under which conditions.
func (f *Fact) String() string {
	s := fmt.Sprintf("%s %s/%s %s %s per %d", f.ID, f.Seller, f.SKU, f.Meter, f.Price, f.Per)
	if c := f.When.Conditions(); c != "" {
		s += " (" + c + ")"
	}
	return s
}

func (f *Fact) problems() (found []string) {
	complain := func(wrong bool, msg string) {
		if wrong {
			found = append(found, fmt.Sprintf("fact %s: %s", f, msg))
		}
	}
	complain(f.Seller == "" || f.SKU == "", "seller and sku must not be empty")
	complain(f.ID == "" || strings.ContainsAny(f.ID, ", \n"), "id must be one word without commas")
	complain(!f.Meter.Valid(), "meter is not in the vocabulary")
	complain(f.Price.Sign() < 0, "the price is negative")
	complain(f.Price.Cmp(money.FromInt(highestPrice)) > 0, "the price is above 10^9")
	complain(f.Price.IsZero() && !f.Free, "a price of zero must say free, else it may be a missing price")
	complain(!f.Price.IsZero() && f.Free, "it says free and has a price")
	complain(checkPer(f.Per) != nil, "per must be 1 to 10^12")
	complain(f.Currency.Validate() != nil, "the currency is no code of three capital letters")
	complain(!f.Valid.ordered(), "valid ends before it starts")
	complain(!f.Known.ordered(), "known ends before it starts")
	complain(f.When.PromptAbove < 0, "prompt_tokens is negative")
	complain(!slices.Contains(layers(), f.layer()), "layer: want list, promo, contract or override")
	if name := Seller(f.Seller); name != f.Seller {
		complain(true, "the seller is called "+name+" in facts")
	}
	if err := f.When.Window.check(); err != nil {
		complain(true, err.Error())
	}
	return found
}

// checkPer says what is wrong with the number of units that a price is for, which a file
// may leave out and not set to nothing.
func checkPer(n int64) error {
	if n < 1 || n > highestPer {
		return fmt.Errorf("%d: want 1 to 10^12 units, or nothing at all for a million tokens or one of anything else", n)
	}
	return nil
}

// withDefaults fills what a file may leave out: USD, per million tokens or per
// unit, the list layer, medium confidence, the computed id.
func (f *Fact) withDefaults() {
	if f.Currency == "" {
		f.Currency = "USD"
	}
	if f.Per == 0 {
		f.Per = defaultPer(f.Meter)
	}
	if f.Confidence == "" {
		f.Confidence = Medium
	}
	f.Layer = f.layer()
	if f.ID == "" {
		f.ID = f.ContentID()
	}
}

func defaultPer(m spend.Meter) int64 {
	if m.Prompt() || m.Completion() {
		return 1_000_000
	}
	return 1
}
