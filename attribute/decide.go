package attribute

import (
	"maps"
	"math/bits"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Rules is an ordered set. Each scope field is decided by the first rule that
// matches and acts on it. It is immutable; a nil set decides nothing.
type Rules struct {
	rules    []compiled
	first    order // all but the defaults
	last     order // the defaults
	readings []func(*spend.Event) string
}

// All lists the rules in their order.
func (r *Rules) All() []Rule {
	if r == nil {
		return nil
	}
	all := make([]Rule, len(r.rules))
	for i := range r.rules {
		all[i] = r.rules[i].Rule
	}
	return all
}

// In gives the same rules with their dates as days of a zone.
func (r *Rules) In(zone *time.Location) *Rules {
	if r == nil || zone == nil {
		return r
	}
	moved := *r
	moved.rules = append([]compiled(nil), r.rules...)
	for i := range moved.rules {
		_ = moved.rules[i].dates(zone) // New has read them
	}
	return &moved
}

// arrange numbers what is read, so that each field is read once for all rules,
// and sorts rules by what they can be found by.
func (r *Rules) arrange() {
	slots := map[string]int{}
	for i := range r.rules {
		for k := range r.rules[i].conditions {
			c := &r.rules[i].conditions[k]
			slot, known := slots[c.field]
			if !known {
				slot = len(r.readings)
				slots[c.field] = slot
				r.readings = append(r.readings, c.read)
			}
			c.slot = slot
		}
	}
	r.first, r.last = newOrder(r.rules, false), newOrder(r.rules, true)
}

// subject is an event while rules decide about it.
type subject struct {
	event   *spend.Event
	scope   *spend.Scope // as it is decided so far
	values  []string     // what the conditions read, by slot
	held    bool         // identity speaks for it
	decided uint32       // scope fields on which a rule has acted
	shared  bool         // the tags are the event's own
	tell    func(*act, Fate, string)
}

func (r *Rules) subject(e *spend.Event, scope *spend.Scope, room []string) subject {
	for _, read := range r.readings {
		room = append(room, read(e))
	}
	return subject{event: e, scope: scope, values: room, held: held(e), shared: true}
}

// Decide fills the scope that the event leaves open, puts refinements over what it
// claims, and names the rule that decided first, "" when none did. Defaults are not
// tried: see Resolve.
func (r *Rules) Decide(e *spend.Event) (spend.Scope, string) {
	scope := e.Scope
	rule := r.fill(e, &scope)
	return scope, rule
}

// fill is Decide for a scope that is as the event claims it.
func (r *Rules) fill(e *spend.Event, scope *spend.Scope) string {
	if r == nil || r.first.none() {
		return ""
	}
	return r.run(&r.first, e, scope)
}

// Organisation completes a scope as register and organisation stood at an instant,
// and names which of them decided something first, "" when neither did.
type Organisation func(scope *spend.Scope, at time.Time) (by string)

// Resolve decides all of an event's scope: by the rules, then by the organisation,
// which is nil where there is none, then by the defaults, whose teams the
// organisation completes in turn. It is the one order of these steps.
func (r *Rules) Resolve(e *spend.Event, complete Organisation) (spend.Scope, string) {
	scope := e.Scope
	rule := r.fill(e, &scope)
	if complete != nil {
		if by := complete(&scope, e.UsedAt); rule == "" {
			rule = by
		}
	}
	if by := r.fallBack(e, &scope); by != "" {
		if rule == "" {
			rule = by
		}
		if complete != nil {
			complete(&scope, e.UsedAt)
		}
	}
	return scope, rule
}

// fallBack fills by the defaults what is still open.
func (r *Rules) fallBack(e *spend.Event, scope *spend.Scope) string {
	if r == nil || r.last.none() {
		return ""
	}
	return r.run(&r.last, e, scope)
}

// run tries the rules of an order on a scope and names the first that decided something.
func (r *Rules) run(o *order, e *spend.Event, scope *spend.Scope) (by string) {
	var values [16]string
	s := r.subject(e, scope, values[:0])
	var room [16]uint64
	for word, found := range o.candidates(s.values, room[:]) {
		for ; found != 0; found &= found - 1 {
			c := &r.rules[word*64+bits.TrailingZeros64(found)]
			if c.matches(&s) && c.apply(&s) && by == "" {
				by = c.ref
			}
		}
	}
	return by
}

func (c *compiled) matches(s *subject) bool {
	for i := range c.conditions {
		if !c.conditions[i].match(s.values[c.conditions[i].slot]) {
			return false
		}
	}
	return c.inForce(s.event.UsedAt)
}

// inForce says that the dates of the rule hold.
func (c *compiled) inForce(at time.Time) bool {
	return !at.Before(c.from) && (c.until.IsZero() || at.Before(c.until))
}

// apply does what the rule says, and says whether it decided a field.
func (c *compiled) apply(s *subject) (decided bool) {
	for i := range c.acts {
		fate, value := c.act(&c.acts[i], s)
		if s.tell != nil {
			s.tell(&c.acts[i], fate, value)
		}
		decided = decided || fate == Filled || fate == Refined
	}
	return decided
}

// act writes one field, or says why it may not.
func (c *compiled) act(a *act, s *subject) (Fate, string) {
	value := c.valueOf(a, s.event)
	now := s.now(a)
	switch {
	case value == "":
		return Empty, ""
	case s.decided&a.bit() != 0:
		return Lost, value
	case now == "":
		s.write(a, value)
		return Filled, value
	case !a.refine:
		return Kept, value
	case a.held && s.held:
		return Held, value
	}
	s.write(a, value)
	return Refined, value
}

// bit marks a scope field among those that are decided; tags have none.
func (a *act) bit() uint32 {
	if a.tag != "" {
		return 0
	}
	return 1 << a.field
}

func (s *subject) now(a *act) string {
	if a.tag != "" {
		return s.scope.Tags[a.tag]
	}
	return *s.scope.Fields()[a.field]
}

func (s *subject) write(a *act, value string) {
	if a.tag == "" {
		*s.scope.Fields()[a.field] = value
		s.decided |= a.bit()
		return
	}
	if s.shared {
		if s.scope.Tags = maps.Clone(s.scope.Tags); s.scope.Tags == nil {
			s.scope.Tags = map[string]string{}
		}
		s.shared = false
	}
	s.scope.Tags[a.tag] = value
}
