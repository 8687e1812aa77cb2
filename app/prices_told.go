package app

import (
	"fmt"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
)

// mostTold bounds the changes, and the rows left out, of an answer.
const mostTold = 1000

// tellPrices says what a proposal changes.
func tellPrices(done *api.PriceImport, p *Proposal) {
	done.ReadAs, done.Changed, done.Left = p.Book, len(p.Changes), len(p.Skipped)
	done.Changes, done.Terms = []api.ChangedPrice{}, []string{}
	done.Findings, done.LeftOut = []api.PriceFinding{}, []api.PriceLeftOut{}
	for i := range p.Changes[:min(len(p.Changes), mostTold)] {
		done.Changes = append(done.Changes, toldChange(&p.Changes[i]))
	}
	for i := range p.Findings[:min(len(p.Findings), mostTold)] {
		done.Findings = append(done.Findings, api.PriceFinding{Severity: p.Findings[i].Severity, Says: p.Findings[i].Msg})
	}
	for _, s := range p.Skipped[:min(len(p.Skipped), mostTold)] {
		done.LeftOut = append(done.LeftOut, api.PriceLeftOut{Row: s.Row, What: s.What, Reason: s.Reason})
	}
	for _, a := range p.Aliases {
		done.Terms = append(done.Terms, fmt.Sprintf("alias %s %s → %s", a.Seller, a.Match, a.SKU))
	}
	for i := range p.Overlays {
		done.Terms = append(done.Terms, p.toldOverlay(&p.Overlays[i]))
	}
	for i := range p.Limits {
		done.Terms = append(done.Terms, fmt.Sprintf("limit %s %s: %s", p.Limits[i].Seller, p.Limits[i].SKU, &p.Limits[i]))
	}
}

// toldOverlay says what is agreed, and what was before.
func (p *Proposal) toldOverlay(o *pricebook.Overlay) string {
	text, word := fmt.Sprintf("overlay %s: %s", o.ID, o), ", instead of "
	for i := range p.Replaced {
		if was := &p.Replaced[i]; was.ID == o.ID {
			text, word = text+word+was.String(), " and "
		}
	}
	return text
}

func toldChange(ch *pricebook.Change) api.ChangedPrice {
	f := ch.New
	if f == nil {
		f = ch.Old
	}
	return api.ChangedPrice{
		Kind: ch.Kind, Seller: f.Seller, Model: f.SKU, Meter: f.Meter.String(), Conditions: f.When.Conditions(), Layer: f.Layer,
		Old: quoteOf(ch.Old), New: quoteOf(ch.New), Factor: ch.Factor, From: known(f.Valid.From), Source: f.Source.Ref,
	}
}

func quoteOf(f *pricebook.Fact) api.QuotedPrice {
	if f == nil {
		return api.QuotedPrice{}
	}
	return api.QuotedPrice{Price: money.Known(f.Price), Per: f.Per, Currency: f.Currency}
}
