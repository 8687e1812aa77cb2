package tracker

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

// conditions writes the conditions of a fact as text, so that two facts with
// equal text never hold apart.
func conditions(w pricebook.When) string {
	return plainConditions(w) + fmt.Sprintf("|%v", w.Window)
}

// plainConditions leaves the time of day out: a SKU whose price we know by the
// hour is known as a whole.
func plainConditions(w pricebook.When) string {
	return fmt.Sprintf("%s|%s|%d|%s|%s", strings.Join(w.ServiceTiers, ","), strings.Join(w.Regions, ","),
		w.PromptAbove, w.ImageSize, w.ImageQuality)
}

// isBase says that the price is the standard one: no tier, region, context or
// size.
func isBase(w pricebook.When) bool {
	return len(w.ServiceTiers) == 0 && len(w.Regions) == 0 && w.PromptAbove == 0 && w.ImageSize == "" && w.ImageQuality == ""
}
