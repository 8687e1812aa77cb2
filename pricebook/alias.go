package pricebook

import "fmt"

// Alias says that a seller's name meant one of its SKUs during a span: the
// dated alias table. A name that moved has one alias for each span.
type Alias struct {
	Seller string
	Match  string // the exact name as clients send it
	SKU    string // the seller's own id that it stood for
	Region string // region that the name implies, "" for none
	Valid  Span
	Note   string // one line for a reader
}

func (a *Alias) problems() (found []string) {
	where := fmt.Sprintf("alias %s/%s", a.Seller, a.Match)
	if a.Seller == "" || a.Match == "" || a.SKU == "" {
		found = append(found, where+": seller, match and sku must not be empty")
	}
	if a.Seller != Seller(a.Seller) {
		found = append(found, where+": the seller is called "+Seller(a.Seller)+" in facts")
	}
	if !a.Valid.ordered() {
		found = append(found, where+": it ends before it starts")
	}
	if a.Match == a.SKU && a.Region == "" {
		found = append(found, where+": it stands for itself; an exact id needs no alias")
	}
	return found
}
