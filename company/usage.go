package company

import (
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// meter draws what the run's next step consumes.
func (r *run) meter(u *spend.Usage, d *dice) {
	prompt := d.around(r.shape.prompt.at(r.step+1)*r.scale/100, 8)
	t := &u.Tokens
	switch r.shape.kind {
	case "embeddings":
		t[spend.InText] = prompt
	case "transcription":
		t[spend.OutText] = r.shape.reply.draw(d)
		r.hear(u, prompt)
	case "image":
		t[spend.InText], t[spend.OutImage] = prompt, 1056
	default:
		r.read(u, prompt, d)
		r.write(u, d)
	}
}

// hear meters audio in the seller's way: by tokens, or by seconds at ten tokens each.
func (r *run) hear(u *spend.Usage, tokens int64) {
	if !r.offer.timed {
		u.Tokens[spend.InAudio] = tokens
		return
	}
	u.Tokens[spend.OutText] = 0
	u.Extra = []spend.Extra{{Meter: spend.Second, Quantity: money.FromInt(tokens/10 + 1)}}
}

// read meters a chat's prompt: a part comes from the cache, and where writing
// to the cache is billed most of the rest goes into it.
func (r *run) read(u *spend.Usage, prompt int64, d *dice) {
	t := &u.Tokens
	var cached int64
	if share := r.shape.cached.at(r.step + 1); share > 0 && r.offer.caching != uncached {
		cached = prompt * min(d.around(share, 5), 975) / 1000
		t[spend.CacheRead] = cached
	}
	fresh := prompt - cached
	switch {
	case r.offer.caching == writesShort && len(r.shape.cached) > 0:
		t[spend.CacheWrite5m] = fresh * 9 / 10
	case r.offer.caching == writes && len(r.shape.cached) > 0:
		t[spend.CacheWriteOther] = fresh * 9 / 10
	}
	fresh -= t[spend.CacheWrite5m] + t[spend.CacheWriteOther]
	t[spend.InImage] = fresh * r.shape.images / 1000
	t[spend.InTool] = fresh * r.shape.tools / 1000
	t[spend.InText] = fresh - t[spend.InImage] - t[spend.InTool]
}

// write meters a chat's answer, and the web searches on its way.
func (r *run) write(u *spend.Usage, d *dice) {
	reply := r.shape.reply.draw(d)
	u.Tokens[spend.OutText] = reply
	if r.offer.reasons {
		u.Tokens[spend.OutReasoning] = reply * d.around(r.shape.reasoning, 60) / 1000
	}
	if r.offer.seller == "anthropic" && d.chance(r.shape.searches) {
		u.Extra = []spend.Extra{{Meter: spend.WebSearch, Quantity: money.FromInt(1 + d.below(4))}}
	}
}

// of is what the seller says that a call cost: its tokens, and now and then the
// fee of a plug-in, which no token explains.
func (f fare) of(u *spend.Usage, d *dice) money.Amount {
	t := &u.Tokens
	units := f.in*(t[spend.InText]+t[spend.InTool]) + f.read*t[spend.CacheRead] +
		f.write*t[spend.CacheWrite5m] + f.out*(t[spend.OutText]+t[spend.OutReasoning])
	if d.chance(feeRate) {
		units += f.fee
	}
	return money.FromUnits(units)
}
