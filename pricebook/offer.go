package pricebook

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Offer is a seller's model, with what it costs at an instant in short.
type Offer struct {
	Place
	Input, Output Quote // of fresh text, without conditions
	Prices        int   // that are in force, of all meters and conditions
	Promotion     bool  // one of them is
	Changed       time.Time
	Checked       time.Time // the oldest check among them
	Confidence    Confidence
}

// Quote is a price for Per units; null when the model has none of its meter.
type Quote struct {
	Price    money.Null
	Per      int64
	Currency money.Currency

	layer uint8
}

// Place is where an offer stands among all that a search finds.
type Place struct {
	Rank   int // the likest first
	Trust  int // then what rests on the better sources
	Seller string
	SKU    string
}

func (p *Place) compare(o *Place) int {
	return cmp.Or(cmp.Compare(p.Rank, o.Rank), cmp.Compare(p.Trust, o.Trust), strings.Compare(p.Seller, o.Seller), strings.Compare(p.SKU, o.SKU))
}

// Search says which models to find.
type Search struct {
	Text      string // words that seller and model hold, in any order; "" for all
	At        time.Time
	Contracts bool   // prices of contracts count too
	After     *Place // behind this one; nil for the first
	Limit     int
}

// Offers finds models, those that are called like the text first. What has no price
// at the instant is found too, with none in force.
func (b *Book) Offers(s Search) []Offer {
	words := strings.Fields(strings.ToLower(s.Text))
	var found []Offer
	for rest := b.facts; len(rest) > 0; {
		first, n := rest[0].ware, 1
		for n < len(rest) && rest[n].seller == first.seller && rest[n].sku == first.sku {
			n++
		}
		if rank, ok := likeness(first, words); ok {
			if o, any := offerOf(rest[:n], &s); any {
				o.Rank = rank
				found = append(found, o)
			}
		}
		rest = rest[n:]
	}
	slices.SortFunc(found, func(a, b Offer) int { return a.compare(&b.Place) })
	if s.After != nil {
		at, same := slices.BinarySearchFunc(found, s.After, func(o Offer, p *Place) int { return o.compare(p) })
		if same {
			at++
		}
		found = found[at:]
	}
	return found[:min(len(found), s.Limit)]
}

// likeness ranks a model by what it is called: the text itself, what begins with it,
// what holds its words; false when it does not.
func likeness(w *ware, words []string) (rank int, ok bool) {
	sku := strings.ToLower(w.sku)
	name := w.seller + "/" + sku
	for _, word := range words {
		if !strings.Contains(name, word) {
			return 0, false
		}
	}
	switch text := strings.Join(words, " "); {
	case text == "" || sku == text || name == text:
		return 0, true
	case strings.HasPrefix(sku, text) || w.seller == text:
		return 1, true
	}
	return 2, true
}

// offerOf sums up the facts of one model, false when none of them may be told.
func offerOf(facts []rate, s *Search) (o Offer, told bool) {
	o = Offer{Place: Place{Seller: facts[0].seller, SKU: facts[0].sku, Trust: len(confidences())}}
	for i := range facts {
		f := facts[i].fact()
		if f.layer() == Contract && !s.Contracts {
			continue
		}
		told = true
		if f.Valid.Contains(s.At) {
			o.add(&f)
		}
	}
	return o, told
}

func (o *Offer) add(f *Fact) {
	o.Prices++
	o.Promotion = o.Promotion || f.layer() == Promo
	if f.Valid.From.After(o.Changed) {
		o.Changed = f.Valid.From
	}
	if o.Checked.IsZero() || f.Source.Checked.Before(o.Checked) {
		o.Checked = f.Source.Checked
	}
	if trust := slices.Index(confidences(), f.Confidence); trust >= 0 && trust < o.Trust {
		o.Trust, o.Confidence = trust, f.Confidence
	}
	if conditions := f.When.Conditions(); conditions != "" && !strings.HasPrefix(conditions, "window not ") {
		return
	}
	switch f.Meter {
	case spend.InText:
		o.Input.take(f)
	case spend.OutText:
		o.Output.take(f)
	}
}

// take keeps the price of the strongest layer.
func (q *Quote) take(f *Fact) {
	layer := uint8(1 + slices.Index(layers(), f.layer()))
	if layer > q.layer {
		*q = Quote{Price: money.Known(f.Price), Per: f.Per, Currency: f.Currency, layer: layer}
	}
}
