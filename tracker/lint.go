package tracker

import (
	"slices"

	"github.com/bursarhq/bursar/pricebook"
)

// lint runs the price book's own lint over the merged facts: each book may be in
// itself sound and wrong beside what was chosen of another. What no seller prices
// like is dropped. History stays as it is.
func (c *compiler) lint(facts []pricebook.Fact) []pricebook.Fact {
	findings := map[string]pricebook.Finding{}
	for _, found := range pricebook.Lint(facts) {
		if id := found.FactIDs[0]; findings[id].Severity != pricebook.Wrong {
			findings[id] = found
		}
	}
	return slices.DeleteFunc(facts, func(f pricebook.Fact) bool {
		found, ok := findings[f.ID]
		_, historic := c.owned[cellOf(f)]
		if !ok || historic || found.Severity != pricebook.Wrong {
			return false
		}
		c.skip("", cellOf(f), f.Meter.String()+" "+f.Price.String(), "beside the other facts: "+found.Rule)
		return true
	})
}
