package company

import (
	"iter"
	"math/bits"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Config chooses the company's history; each zero field takes its default. The
// story is told in real dates, those of the price changes it lives through, so
// a window outside the default one shows the company as it was at the nearest end.
type Config struct {
	Seed   uint64    // which of the possible histories; every number is valid
	Start  time.Time // first instant, rounded down to its hour; default 2026-05-01 UTC
	End    time.Time // end of the window, exclusive, rounded down to its hour; default 2026-11-01 UTC
	Events int       // number of events; default 2,000,000; below zero is none
}

// Company is one simulated history. It is immutable: any number of goroutines
// may read it, and each iteration starts from the beginning.
type Company struct {
	seed         uint64
	from, until  int64 // hours since 1970
	organisation Organisation
	desks        []desk
	customers    []string
	loop         incident
}

// New plans a history. A window that does not end after it starts holds no event.
func New(config Config) *Company {
	if config.Start.IsZero() {
		config.Start = time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	}
	if config.End.IsZero() {
		config.End = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	}
	if config.Events == 0 {
		config.Events = 2_000_000
	}
	c := &Company{
		seed:         mix(config.Seed),
		from:         config.Start.Unix() / 3600,
		until:        config.End.Unix() / 3600,
		organisation: tarnbrook(),
		customers:    numbered("customer-", 60),
		loop:         loop(),
	}
	c.desks = desksOf(c.organisation)
	c.budget(int64(config.Events))
	return c
}

// Organisation lists who works here: units, teams, applications, workflows and
// agents with their owners and cost centres. It is shared, not to be changed.
func (c *Company) Organisation() Organisation { return c.organisation }

// Months are the calendar months that lie wholly in the window, by their first midnights.
func (c *Company) Months() (all []time.Time) {
	year, month, _ := instant(c.from*perHour - 1).Date()
	for {
		month++
		begins := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		if begins.AddDate(0, 1, 0).After(instant(c.until * perHour)) {
			return all
		}
		all = append(all, begins)
	}
}

// Events yields the metered calls in order of their instant of use. Memory is
// bounded by the runs alive at once. The tags of an event are shared with others
// and not to be changed.
func (c *Company) Events() iter.Seq[spend.Event] {
	return func(yield func(spend.Event) bool) {
		var number uint64
		for r := range c.moments() {
			if r.ended() {
				continue
			}
			number++
			if !yield(r.event(c.seed + number)) {
				return
			}
		}
	}
}

// Outcomes yields the business results of the runs in order of the instant at
// which they were claimed: one for each run of a workflow that has an outcome
// definition, but for sub-agents, whose parent claims, and for runs on the
// shared key, which nobody can assign.
func (c *Company) Outcomes() iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		for r := range c.moments() {
			if r.ended() && r.claims() && !yield(r.outcome()) {
				return
			}
		}
	}
}

// budget shares the events out to the desks by their weight over the window.
// When there is enough for all that work in the window, each gets one event
// beforehand, so that a small history still shows every workflow.
func (c *Company) budget(events int64) {
	if events < 0 {
		return // who works here is all that is asked, for every page of a demo
	}
	total, working := c.weigh()
	if total == 0 {
		return
	}
	first := int64(0)
	if events >= working {
		first = 1
	}
	events -= first * working
	var sum, shared int64
	for i := range c.desks {
		d := &c.desks[i]
		if d.weight == 0 {
			continue
		}
		sum += d.weight
		reached := mulDiv(events, sum, total) // rounding the running sum keeps the total exact
		d.events = first + reached - shared
		shared = reached
	}
}

// weigh sets the weight of each desk, and gives their sum and the number of
// desks that have any.
func (c *Company) weigh() (total, working int64) {
	for hour := c.from; hour < c.until; hour++ {
		at := clockAt(hour)
		for i := range c.desks {
			c.desks[i].weight += c.weight(&c.desks[i], at)
		}
	}
	for i := range c.desks {
		total += c.desks[i].weight
		working += min(c.desks[i].weight, 1)
	}
	return total, working
}

// mulDiv is a·b/c rounded down, for 0 ≤ b ≤ c, without overflow on the way.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	quotient, _ := bits.Div64(hi, lo, uint64(c))
	return int64(quotient)
}
