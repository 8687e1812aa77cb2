package tracker

import (
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
)

// shareRegions joins facts that differ in their region alone into one with a
// list of regions.
func shareRegions(facts []pricebook.Fact) []pricebook.Fact {
	var shared []pricebook.Fact
	at := map[string]int{}
	for _, f := range facts {
		if len(f.When.Regions) == 0 {
			shared = append(shared, f)
			continue
		}
		key := signature(f)
		i, ok := at[key]
		if !ok {
			at[key] = len(shared)
			shared = append(shared, f)
			continue
		}
		shared[i].When.Regions = slices.Sorted(slices.Values(slices.Concat(shared[i].When.Regions, f.When.Regions)))
		shared[i].Confidence = weaker(shared[i].Confidence, f.Confidence)
		if f.Source.Checked.After(shared[i].Source.Checked) {
			shared[i].Source = f.Source
		}
	}
	return shared
}

// signature is everything that two facts must share to share a line.
func signature(f pricebook.Fact) string {
	where := unplaced(f)
	return where.seller + " " + where.sku + " " + where.meter.String() + " " + where.when + " " +
		conditions(pricebook.When{Window: f.When.Window}) + f.Price.String() + " " + f.Valid.From.String() + f.Valid.To.String() +
		f.Known.From.String() + f.Known.To.String()
}

func weaker(a, b pricebook.Confidence) pricebook.Confidence {
	for _, c := range []pricebook.Confidence{pricebook.Low, pricebook.Medium} {
		if a == c || b == c {
			return c
		}
	}
	return pricebook.High
}

// oneBedrockPrice drops the regions of Bedrock whose price is the in-region
// price, which stands for all of them, and takes the region off that one where
// there is no global profile at another price.
func oneBedrockPrice(facts []pricebook.Fact) []pricebook.Fact {
	home := map[cell]map[money.Amount]bool{} // in-region prices
	split := map[listing]bool{}              // SKUs whose global price differs from the regional one
	for _, f := range facts {
		if f.Seller == "bedrock" && isRegion(f, "regional") {
			if home[unplaced(f)] == nil {
				home[unplaced(f)] = map[money.Amount]bool{}
			}
			home[unplaced(f)][f.Price] = true
		}
	}
	for _, f := range facts {
		if f.Seller != "bedrock" || !isRegion(f, "global") {
			continue
		}
		if !home[unplaced(f)][f.Price] {
			split[listing{f.Seller, f.SKU}] = true
		}
	}
	var kept []pricebook.Fact
	for _, f := range facts {
		own := split[listing{f.Seller, f.SKU}]
		switch {
		case f.Seller != "bedrock" || len(f.When.Regions) == 0, own && (isRegion(f, "regional") || isRegion(f, "global")):
			kept = append(kept, f)
		case isRegion(f, "regional"):
			f.When.Regions = nil
			kept = append(kept, f)
		case !home[unplaced(f)][f.Price]:
			kept = append(kept, f)
		}
	}
	return kept
}
