package pricebook

import (
	"time"

	"github.com/bursarhq/bursar/spend"
)

// choice is the fact that prices a meter.
type choice struct {
	meter spend.Meter // whose rate it is: the meter's own or a parent's
	list  *rate       // the best public price, nil for none
	all   *rate       // the best price, contract prices included
	flags spend.Flags
}

// choose finds the price of a meter: its own, or that of what it is carved out
// of. A price of its own for the standard tier is preferred to a parent's price
// for the right tier.
func (t *tally) choose(m spend.Meter) choice {
	var flags spend.Flags
	for {
		c := t.best(m)
		if c.list == nil && m == spend.CacheWriteOther {
			c = t.defaultLifetime(flags == 0)
		}
		if c.list != nil {
			c.flags |= flags
			return c
		}
		parent, isChild := m.Parent()
		if !isChild {
			return choice{}
		}
		flags |= missingFlag(m)
		m = parent
	}
}

// defaultLifetime prices cache writes by the seller's default lifetime: those of
// a lifetime that the seller does not list, after the price of writes of any
// lifetime, and those whose lifetime was not said, which is a remark of its own.
func (t *tally) defaultLifetime(unsaid bool) choice {
	c := t.best(defaultLifetime(t.query.seller))
	if unsaid {
		c.flags |= spend.CacheWriteUnitemised
	}
	return c
}

// defaultLifetime is how long a seller keeps a cache entry when the caller does
// not say.
func defaultLifetime(seller string) spend.Meter {
	if seller == "openai" || seller == "azure" {
		return spend.CacheWrite30m
	}
	return spend.CacheWrite5m
}

// missingFlag is the remark on a meter that is billed at its parent's rate.
// Reasoning, tool and rejected predicted tokens get none: where a seller lists
// no price for them, the parent's price is the rule of the field.
func missingFlag(m spend.Meter) spend.Flags {
	switch m {
	case spend.OutReasoning, spend.InTool, spend.OutPredictionRejected:
		return 0
	case spend.InAudio, spend.OutAudio, spend.CacheReadAudio:
		return spend.AudioRateMissing
	case spend.InImage, spend.OutImage, spend.CacheReadImage:
		return spend.ImageRateMissing
	case spend.InVideo, spend.OutVideo:
		return spend.VideoRateMissing
	case spend.CacheRead:
		return spend.CacheReadRateMissing
	case spend.CacheWrite5m, spend.CacheWrite1h, spend.CacheWrite30m, spend.CacheWriteOther:
		return spend.CacheWriteRateMissing
	}
	return spend.OtherRateMissing
}

// best picks among the facts of one meter.
func (t *tally) best(m spend.Meter) choice {
	c := choice{meter: m}
	var list, all fit
	local := false
	rates := t.sheet.rates(m)
	for i := range rates {
		r := &rates[i]
		if t.query.public && !r.like.Public() {
			continue
		}
		local = local || r.local() && r.from <= t.query.at && t.query.at < r.to
		f, ok := r.fit(&t.query)
		if !ok {
			continue
		}
		if c.all == nil || all.less(f) {
			c.all, all = r, f
		}
		if r.like.Layer != Contract && (c.list == nil || list.less(f)) {
			c.list, list = r, f
		}
	}
	if c.list == nil {
		c.list, list = c.all, all // only a contract prices it, so that is its list price too
	}
	if c.list != nil {
		c.flags = t.standInFlags(m, list, local)
	}
	return c
}

func (t *tally) standInFlags(m spend.Meter, f fit, local bool) (flags spend.Flags) {
	if !f.tier && tiered(m) {
		flags |= spend.ServiceTierMissing
	}
	if !t.query.unplaced && local && f.place < anyLocal {
		flags |= spend.RegionMissing
	}
	return flags
}

// tiered says that sellers price the meter by service tier; fees of searches
// and calls are the same in all of them.
func tiered(m spend.Meter) bool {
	return m.Prompt() || m.Completion() || m == spend.Second || m == spend.Image || m == spend.Page || m == spend.Character
}

// contracted gives the negotiated price of a choice and the id of its terms. An
// override fact stands above every contract.
func (t *tally) contracted(c choice) (price, string) {
	if c.all.like.Layer == Override {
		return c.all.cost(), ""
	}
	for i := range t.sheet.terms {
		if o := &t.sheet.terms[i]; o.covers(&t.query, c.meter) {
			return o.apply(c.list.cost()), o.ID
		}
	}
	if c.all.like.Layer == Contract {
		return c.all.cost(), c.all.id
	}
	return c.list.cost(), ""
}

// costsLike says that both SKUs have the same base prices for text at an instant.
func (s *sheet) costsLike(o *sheet, at time.Time) bool {
	for _, m := range [2]spend.Meter{spend.InText, spend.OutText} {
		a, b := s.base(m, at), o.base(m, at)
		if (a == nil) != (b == nil) || a != nil && a.cost() != b.cost() {
			return false
		}
	}
	return true
}

func (s *sheet) base(m spend.Meter, at time.Time) *rate {
	t := tally{sheet: s, query: newQuery(&Call{At: at}, s.seller, "")}
	return t.best(m).list
}
