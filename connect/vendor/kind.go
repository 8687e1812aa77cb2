package vendor

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// kind is one export of a vendor. Its columns have their plain names.
type kind struct {
	vendor string
	name   string
	source string   // of its events
	bill   bool     // it is the vendor's bill: book invoiced, a month is a partition, and rows without number are summed
	cents  bool     // its amounts are in cents, whatever is stated
	rest   bool     // nothing is taken of its other columns, and that is known
	marks  []string // columns that no other export of the vendor has
	needed []string // columns, beside the marks, without which a row says nothing
	known  []string // columns that are read or of no use, beside those
	groups []string // columns that split a day; an empty one is not split by
	read   func(*row)
}

// kinds are all exports that can be read.
func kinds() []kind {
	return []kind{
		openaiCost(), openaiUsage(), anthropicUsage(), anthropicCost(), anthropicReport(), anthropicCostReport(), anthropicAnalytics(), anthropicAnalyticsCost(),
		claudeCode(), copilotUsage(), copilotLegacy(), copilotMetrics(), cursorEvents(), cursorPages(), focusBill(), bedrockBill(), azureBill(), googleBill(),
	}
}

// Vendors are those whose exports can be read. A file in the form of FOCUS may be of any.
func Vendors() []string {
	return []string{"openai", "anthropic", "copilot", "cursor", "focus", "bedrock", "azure", "google-cloud"}
}

func (k *kind) book() spend.Book {
	if k.bill {
		return spend.Invoiced
	}
	return spend.Reported
}

// kindOf tells by its columns which export of a vendor a table is.
func kindOf(vendor string, t *header) (*kind, error) {
	var nearest *kind
	var names []string
	for _, k := range kinds() {
		if k.vendor != vendor {
			if len(t.missing(append(k.marks, k.needed...))) == 0 {
				return nil, spend.Errorf(spend.KindInvalid, "read export", "the file is %s", article(k.name)).WithHint("bursar import %s", k.vendor)
			}
			continue
		}
		names = append(names, k.name)
		if nearest == nil || len(t.missing(k.columns())) < len(t.missing(nearest.columns())) {
			nearest = &k
		}
	}
	missing := t.missing(nearest.columns())
	switch {
	case len(missing) == len(nearest.columns()):
		return nil, spend.Errorf(spend.KindInvalid, "read export", "no column is one of %s; the header found is %s", strings.Join(names, ", "), quoted(t.names)).
			WithHint("docs/vendor-exports.md says where each is downloaded")
	case len(missing) > 0:
		return nil, spend.Errorf(spend.KindInvalid, "read export", "as %s it has missing columns: %s; the header found is %s", article(nearest.name), quoted(missing), quoted(t.names)).
			WithHint("download it again, with all columns")
	}
	return nearest, nil
}

func article(name string) string {
	if strings.ContainsRune("aeiou", rune(name[0])) {
		return "an " + name + " export"
	}
	return "a " + name + " export"
}

func (k *kind) columns() []string { return slices.Concat(k.marks, k.needed) }

// unknown are the columns of a table that nothing is taken of, as they are written: of no
// row was one asked.
func (k *kind) unknown(names []string, asked map[string]bool) []string {
	if k.rest {
		return nil
	}
	found := []string(nil)
	for _, name := range names {
		if p := renamed(name); p != "object" && !asked[p] && !slices.Contains(k.columns(), p) && !slices.Contains(k.known, p) && !slices.Contains(k.groups, p) {
			found = append(found, short(name))
		}
	}
	return found
}
