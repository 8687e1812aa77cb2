package wire

import "github.com/bursarhq/bursar/spend"

// cacheWrites reads the total of cache writes in a field and holds it against
// the sum of the lifetimes that the source itemises. Without a total the sum
// is the total; what the total has above it is of unsaid lifetime.
func (o object) cacheWrites(t *Totals, name string, itemised int64) {
	total := o.count(name)
	if !total.given {
		total.n = itemised
	}
	if itemised > total.n {
		o.problem(o.at(name), "is %d, below the %d of its lifetimes", total.n, itemised)
	}
	t.CacheWrite = total.n
}

// lifetimes reads a split of cache writes by lifetime, in any of the spellings
// in use, and gives its sum.
func (o object) lifetimes(t *Totals) (sum int64) {
	for _, ttl := range [...]string{"5m", "30m", "1h"} {
		for _, name := range [...]string{"ephemeral_" + ttl + "_input_tokens", "ephemeral_" + ttl + "_tokens", ttl + "_tokens", ttl} {
			if split := o.count(name); split.given {
				*t.lifetime(ttl) = split.n
				sum += split.n
				break
			}
		}
	}
	return sum
}

// lifetime gives the count of a lifetime, nil for an unknown one.
func (t *Totals) lifetime(ttl string) *int64 {
	switch ttl {
	case "5m":
		return &t.CacheWrite5m
	case "30m":
		return &t.CacheWrite30m
	case "1h":
		return &t.CacheWrite1h
	}
	return nil
}

// medium is one modality beside text: its prompt tokens and those of them that
// were read from a cache.
type medium struct{ prompt, cached *int64 }

func (t *Totals) media() [3]medium {
	return [...]medium{
		{&t.InputImage, &t.CacheImageRead},
		{&t.InputAudio, &t.CacheAudioRead},
		{&t.InputVideo, &t.CacheVideoRead},
	}
}

// untangle tells apart cached tokens and tokens of other modalities where the
// source does not: both are parts of the prompt, and they overlap. Cached
// tokens are taken to be text as far as there is text; the rest must be
// images, audio or video, in this order. Written ones lose their modality, for
// which there is no meter. Whatever had to be assumed sets ModalityUnsplit; a
// true contradiction is left to Disjoint.
//
// Example: of 1000 prompt tokens 300 are images and 900 were read from a cache.
// At least 900 + 300 − 1000 = 200 are cached images, so cache_read is 700,
// cache_read_image 200, in_image 100 and in_text 0.
func (t *Totals) untangle(split bool) (flags spend.Flags) {
	taken := t.CacheRead + t.CacheWrite + t.InputTool // what is surely no fresh text
	media, fresh := int64(0), int64(0)
	for _, m := range t.media() {
		media += *m.prompt
		fresh += *m.prompt - *m.cached
	}
	if media == 0 || taken > t.Input || media+t.InputTool > t.Input {
		return 0
	}
	over, unsplit, written := max(0, taken+fresh-t.Input), t.CacheRead, t.CacheWrite
	if split {
		unsplit = 0
	}
	if unsplit > 0 || over > 0 {
		flags = spend.ModalityUnsplit
	}
	for _, m := range t.media() {
		read := min(over, unsplit, *m.prompt)
		*m.cached += read
		lost := min(over-read, written, max(0, *m.prompt-*m.cached))
		*m.prompt -= lost
		over, unsplit, written = over-read-lost, unsplit-read, written-lost
	}
	return flags
}
