package pricebook

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func (raw *yamlDocument) document() (d Document, problems []string) {
	r := &reading{}
	for i := range raw.Facts {
		r.where = fmt.Sprintf("fact %d", i+1)
		d.Facts = append(d.Facts, raw.Facts[i].fact(r))
	}
	for i := range raw.Aliases {
		r.where = fmt.Sprintf("alias %d", i+1)
		a := &raw.Aliases[i]
		d.Aliases = append(d.Aliases, Alias{a.Seller, a.Match.Exact, a.SKU, a.Region, r.span("valid", a.Valid), a.Note})
	}
	for i := range raw.Overlays {
		r.where = fmt.Sprintf("overlay %d", i+1)
		d.Overlays = append(d.Overlays, raw.Overlays[i].overlay(r))
	}
	for i := range raw.Limits {
		r.where = fmt.Sprintf("limit %d", i+1)
		l := raw.Limits[i].limit(r)
		r.problems = append(r.problems, l.problems()...)
		d.Limits = append(d.Limits, l)
	}
	return d, r.problems
}

func (y *yamlFact) fact(r *reading) Fact {
	meter, err := spend.ParseMeter(y.Meter)
	r.check("meter", err)
	f := Fact{
		ID: y.ID, Seller: y.Seller, SKU: y.SKU, Model: y.Model, Meter: meter,
		Price: r.amount("price", y.Price), Currency: money.Currency(y.Currency),
		When: y.When.when(r), Valid: r.span("valid", y.Valid), Known: r.span("known", y.Known),
		PromoUntilAtLeast: r.time("promo_until_at_least", y.Promo),
		Layer:             Layer(y.Layer), Basis: Basis(y.Basis),
		Source:     Source{Ref: y.Source.URL, Checked: r.time("source.checked", y.Source.Checked)},
		Confidence: Confidence(y.Confidence), Free: y.Free, Note: y.Note,
	}
	if y.Per != nil {
		f.Per = *y.Per
		r.check("per", checkPer(f.Per))
	}
	f.withDefaults()
	r.check("layer", oneOf(f.Layer, layers()))
	r.check("confidence", oneOf(f.Confidence, confidences()))
	if f.Basis != "" {
		r.check("basis", oneOf(f.Basis, bases()))
	}
	return f
}

func (y *yamlLimit) limit(r *reading) Limit {
	return Limit{
		Seller: y.Seller, SKU: y.SKU, Context: y.Context, Output: y.Output,
		Source: Source{Ref: y.Source.URL, Checked: r.time("source.checked", y.Source.Checked)}, Note: y.Note,
	}
}

func (y *yamlWhen) when(r *reading) When {
	w := When{ServiceTiers: y.ServiceTiers, Regions: y.Regions, ImageSize: y.ImageSize, ImageQuality: y.ImageQuality}
	w.PromptAbove = y.PromptTokens.Above
	if y.PromptTokens.AtLeast != 0 {
		w.PromptAbove, w.Inclusive = y.PromptTokens.AtLeast, true
	}
	if y.PromptTokens.Above != 0 && y.PromptTokens.AtLeast != 0 {
		r.check("when.prompt_tokens", errors.New("want gt or gte, not both"))
	}
	if y.Window.Zone == "" && len(y.Window.Spans)+len(y.Window.Days) == 0 {
		return w
	}
	parts := []string{y.Window.Zone, strings.Join(y.Window.Days, "+"), strings.Join(y.Window.Spans, "+")}
	if y.Window.Not {
		parts = append([]string{"not"}, parts...)
	}
	var err error
	w.Window, err = ParseWindow(strings.Join(parts, " "))
	r.check("when.windows", err)
	return w
}

func (y *yamlOverlay) overlay(r *reading) Overlay {
	return Overlay{
		ID: y.ID, Seller: y.Seller, Account: y.Scope.Account, SKUGlob: y.Select.SKUGlob, MeterGlob: y.Select.MeterGlob,
		Op: Op(y.Op), Value: r.amount("value", y.Value), Per: y.Per, Base: Layer(y.Base),
		Valid: r.span("valid", y.Valid), Precedence: y.Precedence,
	}
}
