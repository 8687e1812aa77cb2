package api

import (
	"io"
	"strconv"
)

func (q *QuotedPrice) cells() []string {
	if q.Per == 0 {
		return []string{"", "", ""}
	}
	return []string{q.Price.Amount.String(), strconv.FormatInt(q.Per, 10), string(q.Currency)}
}

func writeOffers(w io.Writer, page *Page[OfferedModel]) error {
	head := []string{
		"seller", "model", "input_price", "input_per", "input_currency", "output_price", "output_per", "output_currency",
		"prices", "promotion", "changed_at", "checked", "confidence",
	}
	return tableOf(w, head, page.Items, func(o *OfferedModel) []string {
		row := append(append([]string{o.Seller, o.Model}, o.Input.cells()...), o.Output.cells()...)
		return append(row, strconv.Itoa(o.Prices), strconv.FormatBool(o.Promotion), instantCell(o.ChangedAt), instantCell(o.Checked), string(o.Confidence))
	})
}

// writePrices writes a history; a row without a price tells a name.
func writePrices(w io.Writer, h *PriceHistory) error {
	head := []string{
		"seller", "sku", "meter", "price", "per", "currency", "conditions", "layer", "valid_from", "valid_to", "known_from", "known_to",
		"source", "checked", "confidence", "fact", "note",
	}
	return tableOf(w, head, h.Prices, func(p *Price) []string {
		price, per := "", ""
		if p.Per != 0 {
			price, per = p.Price.Amount.String(), strconv.FormatInt(p.Per, 10)
		}
		return []string{
			h.Seller, p.SKU, p.Meter, price, per, string(p.Currency), p.Conditions, string(p.Layer),
			instantCell(p.ValidFrom), instantCell(p.ValidTo), instantCell(p.KnownFrom), instantCell(p.KnownTo),
			p.Source, instantCell(p.Checked), string(p.Confidence), p.Fact, p.Note,
		}
	})
}
