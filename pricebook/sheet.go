package pricebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// sheet is everything that one SKU may cost, ready for the rater.
type sheet struct {
	seller, sku string
	all         []rate // sorted by meter
	terms       []terms
	currency    money.Currency
	from        int64 // the first instant with a price
	newest      *rate // the latest price, for the identity of a call without lines
}

// price is an amount of money for a number of units.
type price struct {
	rate money.Amount
	per  int64
}

// serviceTier gives the canonical name of a service tier: "" for standard and
// for what vendors call it.
func serviceTier(name string) string {
	switch name = strings.ToLower(name); name {
	case "standard", "default", "auto", "on_demand", "on-demand", "ondemand", "standard_only", "service_tier_unspecified":
		return ""
	}
	return name
}

// The regions that are no place.
const (
	global   = "global"
	regional = "regional" // any one place, against the seller's global routing
)

func fold(name string) string { return strings.ToLower(name) }

// imageSize writes 1024-x-1024 as 1024x1024.
func imageSize(s string) string {
	s = strings.ToLower(s)
	if strings.Contains(s, "-x-") {
		s = strings.ReplaceAll(s, "-x-", "x")
	}
	return s
}

// compileSheet compiles the rates of one SKU, which are sorted by meter.
func compileSheet(rates []rate, overlays []Overlay) (*sheet, []string) {
	first := &rates[0]
	s := &sheet{seller: first.seller, sku: first.sku, all: rates, currency: first.like.Currency, from: never}
	var found []string
	for i := range rates {
		if r := &rates[i]; r.like.Currency != s.currency {
			found = append(found, fmt.Sprintf("%s/%s is priced in %s and in %s: one SKU has one currency", s.seller, s.sku, s.currency, r.like.Currency))
		}
		s.from = min(s.from, rates[i].from)
	}
	for rest := rates; len(rest) > 0; {
		n := ofOneMeter(rest)
		found = append(found, ties(rest[:n])...)
		rest = rest[n:]
	}
	s.terms = termsOf(overlays, s.seller, s.sku)
	s.findNewest()
	return s, append(found, termTies(s.terms)...)
}

// ofOneMeter counts the rates in front that are of one meter.
func ofOneMeter(rates []rate) int {
	n := slices.IndexFunc(rates, func(r rate) bool { return r.meter != rates[0].meter })
	if n < 0 {
		return len(rates)
	}
	return n
}

func (s *sheet) findNewest() {
	for i := range s.all {
		if r := &s.all[i]; s.newest == nil || r.newer(s.newest) {
			s.newest = r
		}
	}
}

func (r *rate) newer(than *rate) bool {
	return cmp.Or(cmp.Compare(r.from, than.from), cmp.Compare(than.id, r.id)) > 0
}

func (s *sheet) rates(m spend.Meter) []rate {
	i := slices.IndexFunc(s.all, func(r rate) bool { return r.meter >= m })
	if i < 0 || s.all[i].meter != m {
		return nil
	}
	return s.all[i : i+ofOneMeter(s.all[i:])]
}

// inForce says that the SKU has a price at the instant.
func (s *sheet) inForce(at int64) bool {
	for i := range s.all {
		if r := &s.all[i]; r.from <= at && at < r.to {
			return true
		}
	}
	return false
}

// exceedsTier says that the prompt would reach a context tier of the SKU.
func (s *sheet) exceedsTier(at, prompt int64) bool {
	for i := range s.all {
		if r := &s.all[i]; r.from <= at && at < r.to && r.floor > 0 && r.floor <= prompt {
			return true
		}
	}
	return false
}

// query is a call as the conditions of facts see it.
type query struct {
	at       int64 // microseconds since 1970
	instant  time.Time
	prompt   int64
	tier     string
	region   string
	source   string // region from which a profile of several regions was called
	size     string
	quality  string
	account  string
	seller   string
	unplaced bool // region is "" or global
	public   bool // facts that are not public price nothing
}

// fit says how well a fact matches; a greater one wins, field by field. First
// comes what matches (service tier, then region) before what only stands in,
// then the layer, then what the fact says about the call: context tier, region,
// time of day, image.
type fit struct {
	tier   bool // false: the standard price stands in for another tier
	place  place
	layer  uint8
	floor  int64
	detail uint8
}

// place says how a fact's regions relate to that of the call, weakest first.
type place uint8

const (
	standIn  place = iota // the global price stands in for a region
	anywhere              // the fact has no region
	anyLocal              // the fact is about any single region
	atSource              // the fact is about the region that the call came from
	exactly               // the fact is about this region
)

func (a fit) less(b fit) bool {
	switch {
	case a.tier != b.tier:
		return b.tier
	case (a.place == standIn) != (b.place == standIn):
		return a.place == standIn
	case a.layer != b.layer:
		return a.layer < b.layer
	case a.floor != b.floor:
		return a.floor < b.floor
	case a.place != b.place:
		return a.place < b.place
	}
	return a.detail < b.detail
}

func (r *rate) fit(q *query) (f fit, ok bool) {
	if q.at < r.from || q.at >= r.to || q.prompt < r.floor {
		return fit{}, false
	}
	if r.size != "" && r.size != q.size || r.quality != "" && r.quality != q.quality {
		return fit{}, false
	}
	if r.window != nil && !r.window.contains(q.instant) {
		return fit{}, false
	}
	f = fit{tier: r.holdsFor(q.tier), layer: r.layer, floor: r.floor, detail: r.detail()}
	if !f.tier && !r.standard {
		return fit{}, false
	}
	f.place, ok = r.place(q)
	return f, ok
}

// detail ranks the conditions on time, size and quality, each a bit.
func (r *rate) detail() (d uint8) {
	if r.window != nil {
		d |= 4
	}
	if r.size != "" {
		d |= 2
	}
	if r.quality != "" {
		d |= 1
	}
	return d
}

func (r *rate) holdsFor(tier string) bool {
	if tier == "" {
		return r.standard
	}
	return slices.Contains(r.tiers, tier)
}

// place is false for a fact about another region.
func (r *rate) place(q *query) (place, bool) {
	switch {
	case len(r.regions) == 0:
		return anywhere, true
	case q.unplaced:
		return exactly, slices.Contains(r.regions, global)
	case slices.Contains(r.regions, q.region):
		return exactly, true
	case q.source != "" && slices.Contains(r.regions, q.source):
		return atSource, true
	case slices.Contains(r.regions, regional):
		return anyLocal, true
	}
	return standIn, slices.Contains(r.regions, global)
}

// local says that the fact is about one region or all single regions.
func (r *rate) local() bool {
	return slices.ContainsFunc(r.regions, func(name string) bool { return name != global })
}

// ties names the pairs of facts of one meter between which a call could not
// choose: equal layer and specificity, conditions and validity that overlap.
func ties(rates []rate) (found []string) {
	for i := range rates {
		for j := range rates[:i] {
			if a, b := &rates[j], &rates[i]; a.ties(b) {
				one, other := a.fact(), b.fact()
				found = append(found, fmt.Sprintf("facts %s and %s tie: both apply to the same calls, "+
					"so end one, close its known span, or give it another condition", &one, &other))
			}
		}
	}
	return found
}

func (r *rate) ties(o *rate) bool {
	switch {
	case r.from >= o.to || o.from >= r.to:
		return false
	case r.layer != o.layer || r.floor != o.floor || r.detail() != o.detail():
		return false
	case !r.sharesTier(o) || !r.sharesRegion(o):
		return false
	case r.size != o.size || r.quality != o.quality:
		return false
	}
	return r.window == nil || r.window.overlaps(o.window)
}

func (r *rate) sharesTier(o *rate) bool {
	return r.standard && o.standard || slices.ContainsFunc(r.tiers, o.holdsFor)
}

func (r *rate) sharesRegion(o *rate) bool {
	if len(r.regions) == 0 || len(o.regions) == 0 {
		return len(r.regions) == len(o.regions)
	}
	return slices.ContainsFunc(r.regions, func(name string) bool { return slices.Contains(o.regions, name) })
}
