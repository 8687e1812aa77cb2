package telemetry

import (
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/money"
)

// All is the share of traces that a sampler keeps which keeps all of them, in millionths.
const All = 1_000_000

// samplingNames are the attributes by which exporters say how a trace was sampled: its
// share, or of how many it is one.
func samplingNames() (share, oneOf string) { return "sampling.ratio", "SampleRate" }

// kept gives the share of traces of which a span's is one, in millionths, 0 when nobody
// says it: by OpenTelemetry's threshold in the trace state, of which 56 bits say how many
// are rejected, else by an attribute.
//
// Example: ot=th:c rejects 0xc0000000000000 of 2^56, and keeps 250,000 millionths.
func (r *Reader) kept(state string) int64 {
	for _, member := range strings.Split(state, ",") {
		fields, ours := strings.CutPrefix(strings.TrimSpace(member), "ot=")
		if !ours {
			continue
		}
		for _, field := range strings.Split(fields, ";") {
			if threshold, found := strings.CutPrefix(field, "th:"); found {
				return keptBelow(threshold)
			}
		}
	}
	if v := &r.values[r.table.share]; v.kind != absent {
		return millionths(v.amount(), false)
	}
	if v := &r.values[r.table.oneOf]; v.kind != absent {
		return millionths(v.amount(), true)
	}
	return 0
}

// keptBelow reads a threshold: digits beyond the last are zeros.
func keptBelow(digits string) int64 {
	const places = 14
	if digits == "" || len(digits) > places {
		return 0
	}
	rejected, err := strconv.ParseUint(digits+strings.Repeat("0", places-len(digits)), 16, 64)
	if err != nil {
		return 0
	}
	const fine = 20 // bits that no share in millionths needs
	return int64(((1<<56-rejected)>>fine)*All) >> (56 - fine)
}

// millionths reads a share, or what it is one of; 0 for what is neither.
func millionths(text string, oneOf bool) int64 {
	n, _, err := money.ParseRounded(text)
	if err == nil && oneOf && n.Sign() > 0 {
		n, err = money.FromInt(1).MulRatio(1, max(1, floor(n)))
	}
	if err != nil || n.Sign() <= 0 || n.Cmp(money.FromInt(1)) > 0 {
		return 0
	}
	part, err := n.MulRatio(All, 1)
	if err != nil {
		return 0
	}
	return floor(part)
}

// floor gives the whole part, 0 for what is too large.
func floor(n money.Amount) int64 {
	whole, _ := n.Round(0).Int()
	return whole
}
