package tracker

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// lineageOf reads models along product lines, and keeps of each the line, the identity
// and the day; its source is that of its first price. A model without a price is listed
// among what was left out.
//
// Example: openai-flagship, gpt-5.5, 2026-04-23 is a step of openai/flagship.
func lineageOf(data []byte, result *Result) error {
	if len(data) == 0 {
		return nil
	}
	rows, err := readCSV("read lineage", data, "family", "model", "launch_or_first_seen")
	if err != nil {
		return err
	}
	first := firstFacts(result.Facts)
	lines := map[string]string{}
	for _, line := range rows {
		maker, name, _ := strings.Cut(line["family"], "-")
		who := identify(maker, line["model"])
		fact, known := first[listing{who.seller, who.sku}]
		if name == "" || !known {
			result.Skipped = append(result.Skipped, Skip{Row: line["family"] + "/" + line["model"], What: "lineage", Reason: "no price of such a model"})
			continue
		}
		canonical := pricebook.Canonical(fact.Model)
		step := pricebook.Lineage{Line: maker + "/" + name, Model: canonical.Developer + "/" + canonical.Name, Since: day(line["launch_or_first_seen"]), Source: fact.Source}
		if other, taken := lines[step.Model]; taken && other != step.Line {
			return spend.Errorf(spend.KindInvalid, "read lineage", "%s is in %s and in %s", step.Model, other, step.Line)
		} else if !taken {
			lines[step.Model] = step.Line
			result.Lineage = append(result.Lineage, step)
		}
	}
	slices.SortFunc(result.Skipped, compareSkips)
	slices.SortFunc(result.Lineage, func(a, b pricebook.Lineage) int {
		return cmp.Or(strings.Compare(a.Line, b.Line), a.Since.Compare(b.Since), strings.Compare(a.Model, b.Model))
	})
	return nil
}

// firstFacts gives the earliest fact of each SKU.
func firstFacts(facts []pricebook.Fact) map[listing]*pricebook.Fact {
	first := map[listing]*pricebook.Fact{}
	for i := range facts {
		f := &facts[i]
		at := listing{f.Seller, f.SKU}
		if known := first[at]; known == nil || f.Valid.From.Before(known.Valid.From) {
			first[at] = f
		}
	}
	return first
}
