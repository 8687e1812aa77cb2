package spend

import (
	"fmt"
	"slices"
	"strings"
)

// Flags is a set of remarks about how a charge came about. Zero is none.
type Flags uint32

// The flags. Each names what a reader must know before trusting a figure.
const (
	AudioRateMissing      Flags = 1 << iota // no audio rate: its parent's rate was used
	ImageRateMissing                        // no image-token rate: its parent's rate was used
	VideoRateMissing                        // no video-token rate: its parent's rate was used
	ReasoningRateMissing                    // no reasoning rate: the output rate was used
	CacheReadRateMissing                    // no cached-read rate: the input rate was used
	CacheWriteRateMissing                   // no rate for this cache lifetime: a parent's rate was used
	ToolRateMissing                         // no rate for tool prompt tokens: the input rate was used
	OtherRateMissing                        // another child meter had no rate: its parent's was used
	CacheWriteUnitemised                    // cache writes of unsaid lifetime, at the seller's default
	ServiceTierMissing                      // no price for the service tier: standard was used
	RegionMissing                           // no price for the region: the seller's global price was used
	TierUndeterminable                      // aggregated rows: the base context tier was used
	LowConfidence                           // a price that one source alone supports
	ModalityUnsplit                         // the source does not split modalities: all went to text
	UsageInconsistent                       // the source's totals contradict its parts
	ClockSkew                               // times out of order, kept as sent
	PromotionUncertain                      // past the promised end of a promotion, price kept
	SellerUnknown                           // hold taken at the highest rate of any seller
	ReportedCostDiffers                     // the source's own cost differs from ours by more than 1 %
	Unconverted                             // no exchange rate into the reporting currency
	Notional                                // list-price estimate of usage that a seat covers
	LabelCapped                             // a label of too many new values was folded to "(capped)"
)

// SourceFlags are those that an event may bring; the pipeline sets the others.
const SourceFlags = ModalityUnsplit | UsageInconsistent | Notional | LabelCapped

// names are those of the flags in ascending order of bit.
func flagNames() []string {
	return []string{
		"audio_rate_missing_used_parent", "image_rate_missing_used_parent", "video_rate_missing_used_parent",
		"reasoning_rate_missing_used_output", "cache_read_rate_missing_used_input",
		"cache_write_rate_missing_used_parent", "tool_rate_missing_used_input", "rate_missing_used_parent",
		"cache_write_unitemised_used_default_ttl", "service_tier_missing_used_standard",
		"region_missing_used_global", "tier_undeterminable_aggregate", "low_confidence_price",
		"modality_unsplit", "usage_inconsistent", "clock_skew", "promotion_end_uncertain",
		"seller_unknown", "reported_cost_differs", "unconverted", "notional", "label_capped",
	}
}

// List gives the names of the set flags, in their fixed order.
func (f Flags) List() []string {
	names := []string{}
	for i, name := range flagNames() {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String joins the names by commas; it is what the lake stores.
func (f Flags) String() string {
	return strings.Join(f.List(), ",")
}

// ParseFlags reads what String writes.
func ParseFlags(s string) (f Flags, err error) {
	for _, name := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' }) {
		i := slices.Index(flagNames(), name)
		if i < 0 {
			return 0, fmt.Errorf("flag %.60q is not in the vocabulary", name)
		}
		f |= 1 << i
	}
	return f, nil
}

// MarshalText gives the names joined by commas.
func (f Flags) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads names joined by commas.
func (f *Flags) UnmarshalText(b []byte) (err error) { *f, err = ParseFlags(string(b)); return err }
