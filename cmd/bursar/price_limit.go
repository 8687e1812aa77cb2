package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
)

// limitText says what a model takes and gives at most.
func limitText(l *pricebook.Limit) string {
	var parts []string
	if l.Context > 0 {
		parts = append(parts, fmt.Sprintf("takes at most %d tokens", l.Context))
	}
	if l.Output > 0 {
		parts = append(parts, fmt.Sprintf("gives at most %d", l.Output))
	}
	return strings.Join(parts, ", ")
}

// limitLines writes the limits of the models of a table, each once.
func limitLines(w io.Writer, rows []sold) error {
	seen := map[[2]string]bool{}
	for _, r := range rows {
		if r.Limit == nil || seen[[2]string{r.Seller, r.Limit.SKU}] {
			continue
		}
		seen[[2]string{r.Seller, r.Limit.SKU}] = true
		if _, err := fmt.Fprintf(w, "%s %s %s (checked %s, %s)\n", r.Seller, r.Limit.SKU, limitText(r.Limit),
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
