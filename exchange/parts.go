package exchange

import (
	"cmp"
	"slices"
	"strings"
)

// Parts cuts facts into parts of about as many as given, to be told one after
// the other: what the facts of the first parts convert, they convert as all of
// them would. So rates of invoices come first, then days from the newest on,
// and what could take each other's place is never cut in two.
func Parts(facts []Rate, most int) [][]Rate {
	facts = slices.Clone(facts)
	slices.SortStableFunc(facts, byPlace)
	var parts [][]Rate
	for start := 0; start < len(facts); {
		end := start
		for end < len(facts) {
			next := end + 1
			for next < len(facts) && byPlace(facts[end], facts[next]) == 0 {
				next++
			}
			if next-start > most && end > start {
				break
			}
			end = next
		}
		parts = append(parts, facts[start:end])
		start = end
	}
	return parts
}

// byPlace orders facts by when they are to be told; those that are equal belong
// together.
func byPlace(a, b Rate) int {
	switch invoiceA, invoiceB := a.Basis == InvoiceRate, b.Basis == InvoiceRate; {
	case invoiceA && invoiceB:
		return cmp.Or(strings.Compare(a.Seller, b.Seller), cmp.Compare(a.Period, b.Period))
	case invoiceA:
		return -1
	case invoiceB:
		return 1
	}
	return cmp.Compare(b.Day, a.Day)
}
