package reconcile

// Reason says why what is billed is not what was metered.
type Reason string

// The reasons, in the order in which they are looked for.
const (
	DuplicateEvent Reason = "duplicate_event"
	CoverageGap    Reason = "coverage_gap"
	TokenCount     Reason = "token_count"
	PriceVersion   Reason = "price_version"
	TierOrMode     Reason = "tier_or_mode"
	ContractTerm   Reason = "contract_term"
	Timing         Reason = "timing"
	Tax            Reason = "tax"
	FX             Reason = "fx"
	Rounding       Reason = "rounding"
	VendorError    Reason = "vendor_error"
	Unknown        Reason = "unknown"
)

// Reasons lists every reason in its order.
func Reasons() []Reason {
	return []Reason{
		DuplicateEvent, CoverageGap, TokenCount, PriceVersion, TierOrMode, ContractTerm, Timing, Tax, FX, Rounding, VendorError, Unknown,
	}
}

// Why says a reason in words.
func (r Reason) Why() string {
	switch r {
	case DuplicateEvent:
		return "a second source metered the same usage; without it the tokens are the vendor's"
	case CoverageGap:
		return "the vendor saw calls that were not metered"
	case TokenCount:
		return "the same calls, with other tokens"
	case PriceVersion:
		return "the tokens at the price book's price of that day are what is billed"
	case TierOrMode:
		return "the tokens at another service tier, or in another region, are what is billed"
	case ContractTerm:
		return "credits, discounts, purchases and adjustments of the bill, or one factor on every line"
	case Timing:
		return "other days of the month make up for it, or it is not billed yet"
	case Tax:
		return "tax of the bill"
	case FX:
		return "metered in another currency, at the rate of the day"
	case Rounding:
		return "less than the smallest coin"
	case VendorError:
		return "billed at less than a fifth or more than five times the list price: dispute it"
	case Unknown:
		return "nothing that is known gives it"
	}
	return ""
}
