package connect

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// vocabulary is what the members of an event may be called, built once for a reader.
type vocabulary struct {
	texts  map[string]func(*spend.Event) *string // of the event, without its scope
	counts map[string]bool                       // of its usage: wire.Named
}

func newVocabulary() vocabulary {
	texts := eventTexts()
	for _, name := range spend.ScopeFields() {
		delete(texts, name)
	}
	counts := map[string]bool{}
	for _, name := range wire.Names() {
		counts[name] = true
	}
	return vocabulary{texts, counts}
}

// field reads one member of an event's data.
func (d *data) field(name string, v json.RawMessage) bool {
	e := d.event
	if d.opened && slices.Contains([]string{"status", "usage_source", "reported", "reported_currency", "ended_at"}, name) {
		d.bad(name, "is that of a call that has ended; send it with the call's usage")
		return true
	}
	if target := d.words.texts[name]; target != nil {
		*target(e) = d.text(v, name)
		return true
	}
	switch name {
	case "scope":
		d.members(v, "scope", d.scope)
	case "usage":
		d.once()
		d.usage(v)
	case "raw_usage":
		d.once()
		d.rawUsage(v)
	case "usage_source":
		e.UsageSource = spend.UsageSource(d.text(v, name))
	case "rank":
		d.rank(v)
	case "started_at":
		e.StartedAt = d.instant(v, name)
	case "first_token_at":
		e.FirstTokenAt = d.instant(v, name)
	case "ended_at":
		e.EndedAt = d.instant(v, name)
	case "bucket":
		e.Bucket = d.boolean(v, name)
	case "call_count":
		e.CallCount = d.whole(v, name)
	case "reported":
		d.reported(v)
	case "reported_currency":
		e.ReportedCurrency = money.Currency(d.text(v, name))
	case "revision":
		if json.Unmarshal(v, &e.Revision) != nil || e.Revision < 0 {
			d.bad(name, "must be a whole number of 0 or more")
		}
	case "flags":
		d.flags(v)
	case "hold":
		if !d.opened {
			d.bad(name, "is that of an open call; the event carries usage")
			return true
		}
		d.hold = d.figure(v, name)
	default:
		return false
	}
	return true
}

// once refuses usage that comes in two forms.
func (d *data) once() {
	if d.usages++; d.usages > 1 {
		d.bad("usage", "comes twice, as usage and as raw_usage; send one of them")
	}
}

func (d *data) scope(name string, v json.RawMessage) bool {
	if f := d.event.Scope.Field(name); f != nil {
		*f = auth.Hashed(d.text(v, "scope."+name))
		return true
	}
	if name != "tags" {
		return false
	}
	if json.Unmarshal(v, &d.event.Scope.Tags) != nil {
		d.bad("scope.tags", "must be an object of texts")
	}
	for key, value := range d.event.Scope.Tags {
		d.event.Scope.Tags[key] = auth.Hashed(value)
	}
	return true
}

// rank reads how far the sender's word counts. Who reports an event of its own
// cannot claim to be the gateway or the vendor.
func (d *data) rank(v json.RawMessage) {
	words := rankNames()[:spend.RankSpan]
	i := slices.Index(words, d.text(v, "rank"))
	if i < 0 {
		d.bad("rank", "must be one of %s", strings.Join(words, ", "))
		return
	}
	d.event.Rank = spend.RankEstimate + spend.Rank(i)
}

// flags reads the remarks that a source may make.
func (d *data) flags(v json.RawMessage) {
	f, err := spend.ParseFlags(d.text(v, "flags"))
	if err != nil || f&^spend.SourceFlags != 0 {
		d.bad("flags", "must be names by commas, of %s", spend.SourceFlags)
		return
	}
	d.event.Flags |= f
}

func (d *data) reported(v json.RawMessage) {
	if string(v) == "null" {
		return
	}
	a, _, err := money.ParseRounded(number(v))
	if err != nil {
		d.bad("reported", "must be a decimal number such as 0.0125")
		return
	}
	d.event.Reported = money.Known(a)
}

// number gives the digits of a JSON number, or of a text that holds one.
func number(v json.RawMessage) string {
	s := string(v)
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1]
	}
	return s
}

// count reads a quantity from 0 to 10^15.
func (d *data) count(v json.RawMessage, field string) spend.Quantity {
	if string(v) == "null" {
		return spend.Quantity{}
	}
	q, err := money.Parse(number(v))
	switch {
	case err != nil:
		d.bad(field, "must be a number of 0 or more")
		return spend.Quantity{}
	case q.Sign() < 0 || q.Cmp(money.FromInt(largestCount)) > 0:
		d.bad(field, "is %s; want 0 to 10^15", q)
		return spend.Quantity{}
	}
	return q
}

func (d *data) whole(v json.RawMessage, field string) int64 {
	n, whole := d.count(v, field).Int()
	if !whole {
		d.bad(field, "must be a whole number")
	}
	return n
}

// rawUsage reads what a vendor sent, by the vendor's own convention.
func (d *data) rawUsage(v json.RawMessage) {
	var flavour string
	var body json.RawMessage
	d.members(v, "raw_usage", func(name string, v json.RawMessage) bool {
		switch name {
		case "flavour":
			flavour = d.text(v, "raw_usage.flavour")
		case "usage":
			body = v
		default:
			return false
		}
		return true
	})
	usage, flags, found := wire.Usage(flavour, body)
	for _, p := range found {
		d.bad("raw_usage."+p.Field, "%s", p.Msg)
	}
	d.observe(usage, flags)
}

// observe keeps usage that the event carries.
func (d *data) observe(u spend.Usage, flags spend.Flags) {
	d.event.Usage = u
	d.event.Flags |= flags
	if d.event.UsageSource == "" {
		d.event.UsageSource = spend.UsageProvider
	}
}

// usage reads counts by the convention that they declare, inclusive unless they
// say another: totals have the names of wire.Named, disjoint counts those of
// meters, and so has what is counted beside tokens.
func (d *data) usage(v json.RawMessage) {
	var said struct {
		Convention Convention `json:"convention"`
	}
	if json.Unmarshal(v, &said) != nil {
		d.bad("usage", "must be an object with numbers and, as a text, its convention")
		return
	}
	totals, meters := wire.Named{}, spend.Usage{}
	before, counts := len(d.found), 0
	read := func(name string, v json.RawMessage) bool { return d.total(name, v, totals, &meters) }
	carve := totals.Disjoint
	switch said.Convention {
	case Inclusive, "":
	case CacheApart:
		carve = totals.DisjointCacheApart
	case Exclusive:
		read = func(name string, v json.RawMessage) bool { return d.meter(name, v, &meters) }
	default:
		d.bad("usage.convention", "must be inclusive, exclusive or cache_apart")
		return
	}
	d.members(v, "usage", func(name string, v json.RawMessage) bool {
		if name == "convention" {
			return true
		}
		if string(v) != "null" {
			counts++
		}
		return read(name, v)
	})
	usage, flags, found := carve()
	for _, p := range found {
		d.bad("usage."+p.Field, "%s", p.Msg)
	}
	if len(d.found) == before && counts > 0 {
		d.observe(d.join(usage, meters), flags)
	}
}

// total takes a total or a part of one, or reads a meter beside tokens.
func (d *data) total(name string, v json.RawMessage, totals wire.Named, beside *spend.Usage) bool {
	if d.words.counts[name] {
		totals[name] = v
		return true
	}
	m, err := spend.ParseMeter(name)
	return err == nil && !m.Prompt() && !m.Completion() && d.meter(name, v, beside)
}

// meter reads a disjoint count.
func (d *data) meter(name string, v json.RawMessage, u *spend.Usage) bool {
	m, err := spend.ParseMeter(name)
	if err != nil {
		return false
	}
	if err := u.Set(m, d.count(v, "usage."+name)); err != nil {
		d.bad("usage."+name, "is refused: %v", err)
	}
	return true
}

// join adds meters to a usage; one of them in both was counted under two names.
func (d *data) join(usage, meters spend.Usage) spend.Usage {
	meters.Each(func(m spend.Meter, q spend.Quantity) {
		if !usage.Get(m).IsZero() {
			d.bad("usage", "counts %s under two names", m)
			return
		}
		if err := usage.Set(m, q); err != nil {
			d.bad("usage", "is refused: %v", err)
		}
	})
	return usage
}
