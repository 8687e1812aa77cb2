package telemetry

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Tokens are those of both sides, with the parts that have prices of their own.
type Tokens struct {
	Prompt     int64 `json:"prompt"`
	Completion int64 `json:"completion"`
	Read       int64 `json:"read,omitempty"`     // of the prompt, out of a cache
	Written    int64 `json:"written,omitempty"`  // of the prompt, into a cache
	Reasoned   int64 `json:"reasoned,omitempty"` // of the completion
}

// less takes away what is there of another, each kind by itself.
func (n Tokens) less(m Tokens) Tokens {
	return Tokens{
		max(n.Prompt-m.Prompt, 0), max(n.Completion-m.Completion, 0), max(n.Read-m.Read, 0), max(n.Written-m.Written, 0), max(n.Reasoned-m.Reasoned, 0),
	}
}

// Usage makes disjoint meters of them. Parts are no more than their whole.
func (n Tokens) Usage() (u spend.Usage) {
	read := min(n.Read, n.Prompt)
	written := min(n.Written, n.Prompt-read)
	reasoned := min(n.Reasoned, n.Completion)
	u.Tokens[spend.InText], u.Tokens[spend.CacheRead], u.Tokens[spend.CacheWriteOther] = n.Prompt-read-written, read, written
	u.Tokens[spend.OutText], u.Tokens[spend.OutReasoning] = n.Completion-reasoned, reasoned
	return u
}

// Told is tokens that calls tell of one hour.
type Told struct {
	Application string
	Service     string   // "" where a call does not say it: then it may be of any
	Models      []string // every name of the model
	Hour        time.Time
	Tokens
}

func (t *Told) is(c *Counted, service string) bool {
	return t.Application == c.Application && t.Service == service && !t.Hour.Before(c.From) && !t.Hour.After(c.Hour) &&
		(c.Model == "" || slices.Contains(t.Models, c.Model))
}

// Untold gives, for every count, the tokens that no call tells. What calls tell is used up
// once, by the earliest hour first: by counts of their own service, then, where a call says
// no service, by any of its application. A call counts when it ends, so that a count may
// be of calls of the hour before. Differences of 2 in 100 are none: some libraries round.
//
// Example: a service counts 1000 tokens in an hour of which spans tell 610; 390 are told
// by nobody. When the spans of 200 more come late, it is 190.
func Untold(counted []Counted, told []Told) []Tokens {
	left := make([]Tokens, len(counted))
	order := make([]int, len(counted))
	for i := range counted {
		left[i], order[i] = counted[i].Tokens, i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counted[a].Hour.Compare(counted[b].Hour) })
	pools := pooled(told)
	for _, own := range []bool{true, false} {
		for _, i := range order {
			c := &counted[i]
			service := c.Service
			if !own {
				service = ""
			}
			for hour := c.From; !hour.After(c.Hour); hour = hour.Add(time.Hour) {
				left[i] = use(pools[pool{c.Application, hour}], c, service, left[i])
			}
		}
	}
	for i := range left {
		whole := &counted[i].Tokens
		if n, all := left[i].Prompt+left[i].Completion, whole.Prompt+whole.Completion; n*100 <= 2*all {
			left[i] = Tokens{}
		}
	}
	return left
}

// pool is where the calls of a count are looked for.
type pool struct {
	application string
	hour        time.Time
}

func pooled(told []Told) map[pool][]*Told {
	pools := map[pool][]*Told{}
	for i := range told {
		own := told[i]
		at := pool{own.Application, own.Hour}
		pools[at] = append(pools[at], &own)
	}
	for _, all := range pools {
		slices.SortFunc(all, func(a, b *Told) int {
			return cmp.Or(cmp.Compare(a.Service, b.Service), slices.Compare(a.Models, b.Models))
		})
	}
	return pools
}

// use takes from a pool what a count has, and gives what is left of the count.
func use(all []*Told, c *Counted, service string, left Tokens) Tokens {
	for _, t := range all {
		if t.is(c, service) {
			left, t.Tokens = left.less(t.Tokens), t.less(left)
		}
	}
	return left
}
