package wire

import (
	"encoding/json"

	"github.com/bursarhq/bursar/spend"
)

// Named is usage in the form that Bursar's own doors take: a JSON object of
// totals and their parts by name. The names are those of Names; other members
// are passed over. Input is the whole prompt and output the whole completion,
// cached tokens contain the cached audio and images, audio tokens the cached
// audio. null is absent.
//
//	input_tokens               1000
//	├ cache_read_tokens         600   of which cache_audio_read_tokens 50
//	├ cache_write_1h_tokens     100
//	├ input_audio_tokens         80   the 50 cached ones included
//	└ the rest is fresh text    270 = 1000 − 600 − 100 − (80 − 50)
type Named map[string]json.RawMessage

// seconds is the one name of a Named that may have a fraction.
const seconds = "audio_seconds"

// Names lists the members of a Named in the order in which problems name them.
func Names() []string {
	var names []string
	for _, c := range new(Totals).counters() {
		names = append(names, c.name)
	}
	return append(names, seconds)
}

// IsZero says that no count is given: the usage says nothing, not even zero.
func (n Named) IsZero() bool {
	o := n.object(nil)
	for _, c := range new(Totals).counters() {
		if o.has(c.name) {
			return false
		}
	}
	return !o.has(seconds)
}

// Disjoint carves the parts out of the totals (Totals.Disjoint). Problems are a
// count that is no whole number from 0 to 10^15, as a JSON number such as 12 or
// 12.0, audio_seconds with more than 12 decimals, parts without input_tokens or
// output_tokens, and parts above their total. Their fields are the names, and the
// usage is zero then. A part with parts of its own (cached, audio, …) need not be
// told: it is what they sum up to.
//
// Cached tokens are text unless their parts say otherwise. Where text cannot
// hold them the rest must be images, audio or video: that is worked out and
// flagged ModalityUnsplit.
func (n Named) Disjoint() (spend.Usage, spend.Flags, []spend.Problem) {
	o := n.object(&reading{})
	t := o.named()
	o.demand("input_tokens", t.CacheRead, t.CacheWrite, t.InputAudio, t.InputImage, t.InputVideo, t.InputTool)
	return o.carve(t)
}

// DisjointCacheApart is Disjoint for sources whose input_tokens leave tokens
// read from and written to a cache out.
func (n Named) DisjointCacheApart() (spend.Usage, spend.Flags, []spend.Problem) {
	o := n.object(&reading{})
	return o.carve(o.named().IncludeCache())
}

func (n Named) object(r *reading) object { return object{reading: r, fields: n} }

func (n Named) get(name string) json.RawMessage { return n[name] }

// named reads the counts by their own names.
func (o object) named() (t Totals) {
	for _, c := range t.counters() {
		*c.n = o.number(c.name)
	}
	if o.has(seconds) {
		q, exact := o.quantity(seconds)
		if t.Seconds = q; !exact {
			o.problem(seconds, "has no exact value; want a number with at most 12 decimals")
		}
	}
	o.cacheWrites(&t, "cache_write_tokens", t.CacheWrite5m+t.CacheWrite1h+t.CacheWrite30m)
	o.least("cache_read_tokens", &t.CacheRead, t.CacheAudioRead+t.CacheImageRead+t.CacheVideoRead)
	o.least("input_audio_tokens", &t.InputAudio, t.CacheAudioRead)
	o.least("input_image_tokens", &t.InputImage, t.CacheImageRead)
	o.least("input_video_tokens", &t.InputVideo, t.CacheVideoRead)
	o.demand("output_tokens", t.OutputReasoning, t.OutputAudio, t.OutputImage, t.OutputVideo, t.OutputCitation, t.OutputPredictionRejected)
	if !o.has("output_tokens") {
		o.demand("input_tokens", t.Total)
	}
	return t
}

// least gives a part that is not told what its own parts show at least.
func (o object) least(name string, n *int64, parts int64) {
	if !o.has(name) {
		*n = parts
	}
}

// demand refuses parts whose total is not given.
func (o object) demand(total string, parts ...int64) {
	for _, part := range parts {
		if part > 0 && !o.has(total) {
			o.problem(total, "is missing, though a part of it is given")
		}
	}
}

// carve makes meters of totals that have been read without a problem.
func (o object) carve(t Totals) (spend.Usage, spend.Flags, []spend.Problem) {
	if len(o.problems) > 0 {
		return spend.Usage{}, 0, o.problems
	}
	said := t
	assumed := t.untangle(o.has("cache_audio_read_tokens", "cache_image_read_tokens", "cache_video_read_tokens"))
	if t == said {
		assumed = 0 // text holds the cached tokens, as the form says
	}
	usage, flags, problems := t.Disjoint()
	if len(problems) > 0 {
		return spend.Usage{}, 0, problems
	}
	return usage, flags | assumed, nil
}
