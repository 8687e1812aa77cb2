package protocol

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// usage is what an answer has told of its usage so far. Every API counts
// cumulatively: a later word replaces an earlier one, and they are never added.
type usage struct {
	raw   []byte // the usage object
	items []byte // calls of tools beside it
	last  []byte // of messages: a later object that has not been merged yet
	told  int    // how often usage was told
	long  bool   // one was too long to keep
}

// applyUsage reads the usage of a document.
func (a *Answer) applyUsage() {
	f, u := &a.frame, &a.usage
	switch {
	case f.usageKind == 0 || f.usageKind == 'n':
		if len(f.aside) > 0 {
			u.told++
			u.raw = append(u.raw[:0], f.aside...)
		}
		return
	case f.usageLong:
		u.long = true
		return
	}
	u.told++
	if a.operation == Messages && u.told > 1 {
		u.merge()
		u.last = append(u.last[:0], f.usage...)
		return
	}
	u.raw = append(u.raw[:0], f.usage...)
	u.items = append(u.items[:0], f.items...)
}

// settleUsage makes meters of the usage, and says who counted.
func (a *Answer) settleUsage() {
	u, all := &a.usage, &a.facts
	u.merge()
	switch {
	case u.long:
		all.Problems = []spend.Problem{{Field: "usage", Msg: "is too long to be read; want an object of at most 64 KiB"}}
	case u.told > 0:
		all.Usage, all.Flags, all.Problems = wire.Usage(a.head.Flavour, u.body())
	}
	if a.operation == Messages && u.told > 0 && len(all.Problems) == 0 {
		a.settleShares()
	}
	switch {
	case len(all.Problems) > 0:
		all.Source = spend.UsageUnobserved
	case u.told > 0 && a.stream && !all.Ended && all.Stop == "":
		all.Source = spend.UsageProviderPartial
	case u.told > 0:
		all.Source = spend.UsageProvider
	case a.operation.flavour() == "", a.head.Status >= 400 && !all.Began && !timedOut(a.head.Status):
		all.Source = spend.UsageNone
	default:
		all.Source = spend.UsageUnobserved
	}
	a.settleCost()
	a.settlePrice()
}

// settleCost reads usage.cost, which OpenRouter and its like tell. It is never a
// price: an explicit zero is as wrong as any other figure.
func (a *Answer) settleCost() {
	var said struct {
		Cost json.RawMessage `json:"cost"`
	}
	if a.usage.told == 0 || !bytes.Contains(a.usage.raw, []byte(`"cost"`)) || json.Unmarshal(a.usage.raw, &said) != nil || len(said.Cost) == 0 || said.Cost[0] == '"' {
		return
	}
	if cost, _, err := money.ParseRounded(string(said.Cost)); err == nil {
		a.facts.Cost = money.Known(cost)
	}
}

// timedOut says that somebody on the way gave up, which says nothing of whether
// the vendor worked: 408, 499 (nginx), 504, 524 (Cloudflare). Any other refusal
// consumes nothing.
func timedOut(status int) bool {
	return status == 408 || status == 499 || status == 504 || status == 524
}

// body is the usage in the shape of an answer.
func (u *usage) body() []byte {
	if len(u.items) == 0 {
		return u.raw
	}
	return slices.Concat([]byte(`{"output":[`), u.items[1:], []byte(`],"usage":`), u.raw, []byte("}"))
}
