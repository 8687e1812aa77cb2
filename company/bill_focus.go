package company

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// account is that of Tarnbrook at every vendor.
const account = "tarnbrook"

// FOCUS writes the bill in columns of FOCUS 1.2.
func (b *Bill) FOCUS() ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	err := w.Write([]string{
		"BilledCost", "BillingCurrency", "BillingAccountId", "SubAccountId", "ChargeCategory", "ChargePeriodStart", "ChargePeriodEnd",
		"BillingPeriodStart", "BillingPeriodEnd", "ProviderName", "ServiceName", "SkuId", "SkuPriceDetails", "ConsumedQuantity", "ConsumedUnit",
	})
	for _, p := range b.rows() {
		err = errors.Join(err, w.Write(b.row(&p)))
	}
	w.Flush()
	return out.Bytes(), errors.Join(err, w.Error())
}

// rows are the items that come to anything, in one order.
func (b *Bill) rows() []item {
	var all []item
	for p, s := range b.items {
		if !s.amount.IsZero() || s.tokens != 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(p, q item) int {
		return cmp.Or(cmp.Compare(p.vendor, q.vendor), p.day.Compare(q.day), cmp.Compare(p.category, q.category),
			cmp.Compare(p.model, q.model), cmp.Compare(p.project, q.project), cmp.Compare(p.kind, q.kind), cmp.Compare(p.currency, q.currency))
	})
	return all
}

func (b *Bill) row(p *item) []string {
	v, s := &vendors()[p.vendor], b.items[*p]
	what := map[spend.Category]string{spend.CategoryPurchase: "Purchase", spend.CategoryCredit: "Credit", spend.CategoryTax: "Tax"}[p.category]
	row := []string{
		s.amount.String(), string(p.currency), account, p.project, cmp.Or(what, "Usage"), written(p.day), written(p.day.In(b.Zone(v.seller)).AddDate(0, 0, 1)),
		written(b.month(v, 0)), written(b.month(v, 1)), v.provider, v.service, p.model,
	}
	switch {
	case !p.category.IsUsage():
		return append(row, "", "", "")
	case p.kind == noToken:
		return append(row, p.details(), "", "")
	}
	return append(row, p.details(), strconv.FormatInt(s.tokens, 10), "Tokens")
}

// details says which tokens of which model a row is of.
func (p *item) details() string {
	d := map[string]string{"ModelID": p.model}
	switch p.kind {
	case fresh:
		d["TokenDirection"] = "Input"
	case cacheRead:
		d["TokenDirection"], d["TokenCacheAction"] = "Input", "Read"
	case cacheWritten:
		d["TokenDirection"], d["TokenCacheAction"] = "Input", "Write"
	case answered:
		d["TokenDirection"] = "Output"
	}
	text, _ := json.Marshal(d) // texts alone
	return string(text)
}

// month is the beginning of the bill's month, or of one that many after it, where the
// vendor counts its days.
func (b *Bill) month(v *vendor, after time.Month) time.Time {
	return time.Date(b.Month.Year(), b.Month.Month()+after, 1, 0, 0, 0, 0, b.Zone(v.seller))
}

func written(at time.Time) string { return at.UTC().Format(time.RFC3339) }
