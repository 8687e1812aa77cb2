package discrepancy

import "strings"

// Reason says why two figures of a call differ, or that they do not. Two that hold
// together are joined by "+".
type Reason string

// The reasons.
const (
	Same     Reason = "same"
	Rounding Reason = "rounding"

	NoFigure       Reason = "no_figure"
	CachedResponse Reason = "cached_response"
	FailedCall     Reason = "failed_call"
	MissingUsage   Reason = "missing_usage"
	UnpricedHere   Reason = "unpriced_here"
	OtherCurrency  Reason = "currency"
	PricedAtZero   Reason = "priced_at_zero"

	PriceCorrected    Reason = "price_corrected"
	NoCacheReadRate   Reason = "no_cache_read_rate"
	NoCacheWriteRate  Reason = "no_cache_write_rate"
	NoCacheRates      Reason = "no_cache_rates"
	CacheReadsLeftOut Reason = "cache_reads_left_out"
	CacheLeftOut      Reason = "cache_left_out"
	CacheReadTwice    Reason = "cache_read_twice"
	CacheTwice        Reason = "cache_twice"
	HourAsFiveMinutes Reason = "hour_cache_as_five_minutes"
	ReasoningLeftOut  Reason = "reasoning_left_out"
	ReasoningTwice    Reason = "reasoning_twice"
	FeesLeftOut       Reason = "fees_left_out"
	StandardTier      Reason = "standard_tier"
	OtherTier         Reason = "other_tier"
	BaseContext       Reason = "base_context"
	GlobalRegion      Reason = "global_region"
	OtherDay          Reason = "price_of_another_day"

	Markup      Reason = "markup"
	OtherRate   Reason = "other_rate"
	Unexplained Reason = "unexplained"
)

// Reasons lists every reason.
func Reasons() []Reason {
	return []Reason{
		Same, Rounding, NoFigure, CachedResponse, FailedCall, MissingUsage, UnpricedHere, OtherCurrency, PricedAtZero,
		PriceCorrected, NoCacheReadRate, NoCacheWriteRate, NoCacheRates, CacheReadsLeftOut, CacheLeftOut, CacheReadTwice, CacheTwice,
		HourAsFiveMinutes, ReasoningLeftOut, ReasoningTwice, FeesLeftOut, StandardTier, OtherTier, BaseContext, GlobalRegion, OtherDay,
		Markup, OtherRate, Unexplained,
	}
}

// Why says a reason in words: what the other figure is.
func (r Reason) Why() string {
	one, other, both := strings.Cut(string(r), "+")
	if both {
		return Reason(one).Why() + "; " + Reason(other).Why()
	}
	switch r {
	case Same:
		return "both figures are one"
	case Rounding:
		return "they write fewer digits, or count in binary fractions"
	case NoFigure:
		return "they say no cost"
	case CachedResponse:
		return "answered out of their own cache: nobody sold anything"
	case FailedCall:
		return "they charge a call that failed, with nothing consumed"
	case MissingUsage:
		return "nobody counted what was used: it has no price here"
	case UnpricedHere:
		return "the price book has no price; add one with bursar price import"
	case OtherCurrency:
		return "they count in another currency"
	case PricedAtZero:
		return "they take zero for a model without a price"
	case PriceCorrected:
		return "it is the price by today's book; the line was booked by an earlier one"
	case Markup:
		return "their figure is ours times one factor throughout: a markup, a discount, or another price list"
	case OtherRate:
		return "they have another rate for one meter throughout"
	case Unexplained:
		return "no use of the price book gives their figure"
	}
	return r.variation()
}

// variation says a reason that is a use of the price book.
func (r Reason) variation() string {
	switch r {
	case NoCacheReadRate:
		return "they price cached tokens as fresh ones"
	case NoCacheWriteRate:
		return "they price tokens written to a cache as fresh ones"
	case NoCacheRates:
		return "they price all tokens of caches as fresh ones"
	case CacheReadsLeftOut:
		return "they leave cached tokens out"
	case CacheLeftOut:
		return "they leave the tokens of caches out"
	case CacheReadTwice:
		return "they count cached tokens twice, as cached and as fresh ones"
	case CacheTwice:
		return "they count the tokens of caches twice, as such and as fresh ones"
	case HourAsFiveMinutes:
		return "they price a cache of an hour as one of five minutes"
	case ReasoningLeftOut:
		return "they leave reasoning out"
	case ReasoningTwice:
		return "they count reasoning twice, as such and as text"
	case FeesLeftOut:
		return "they leave out what is priced beside tokens, like searches"
	case StandardTier:
		return "they take the standard service tier"
	case OtherTier:
		return "they take another service tier"
	case BaseContext:
		return "they have no price for a long context"
	case GlobalRegion:
		return "they take the price outside of the region"
	case OtherDay:
		return "they take the price of another day"
	}
	return ""
}
