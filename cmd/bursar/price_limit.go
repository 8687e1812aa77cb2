package main

import (
	"fmt"
	"io"
	"time"

	"github.com/bursarhq/bursar/pricebook"
)

// limitLines writes the limits of the models of a table, each once.
func limitLines(w io.Writer, rows []sold) error {
	seen := map[[2]string]bool{}
	for _, r := range rows {
		if r.Limit == nil || seen[[2]string{r.Seller, r.Limit.SKU}] {
			continue
		}
		seen[[2]string{r.Seller, r.Limit.SKU}] = true
		if _, err := fmt.Fprintf(w, "%s %s %s (checked %s, %s)\n", r.Seller, r.Limit.SKU, r.Limit.String(),
			date(r.Limit.Source.Checked, "never"), short(r.Limit.Source.Ref)); err != nil {
			return err
		}
	}
	return nil
}

// limitOf is the limit of a model at a seller, nil where nobody told one.
func limitOf(book *pricebook.Book, seller, sku string) *pricebook.Limit {
	l, told := book.Limit(seller, sku, time.Now())
	if !told {
		return nil
	}
	return &l
}
