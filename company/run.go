package company

import (
	"encoding/hex"

	"github.com/bursarhq/bursar/spend"
)

// run is one execution of a workflow or of a sub-agent.
type run struct {
	*desk
	seed   uint64
	offer  *offer
	scope  spend.Scope
	scale  int64 // its prompts, in per cent of the shape's
	steps  int64
	step   int64 // the next one, from 0
	begin  int64
	gap    int64 // microseconds from one step to the next
	next   int64 // instant of the next step, or of the end
	child  bool  // a sub-agent's
	failed bool
	looped bool   // the incident's
	retry  string // operation of the attempt that failed last, to be tried again
}

func (r *run) ended() bool { return r.step == r.steps }
func (r *run) end() int64  { return r.begin + r.steps*r.gap }

// moment is the instant of the next step: in the first quarter of its gap, so
// that steps keep their order and the last one falls before the end.
func (r *run) moment() int64 {
	at := r.begin + r.step*r.gap
	if r.ended() {
		return at
	}
	d := r.dice(0xa1)
	return at + d.below(r.gap/4)
}

// dice gives the chances of the next step for one of its matters.
func (r *run) dice(matter uint64) dice { return dice(mix(r.seed+uint64(r.step)) + matter) }

func (r *run) delegates() bool {
	if r.shape.delegates == 0 || r.looped || r.child || len(r.Agents) < 2 {
		return false
	}
	d := r.dice(0xd1)
	return d.chance(r.shape.delegates)
}

// start begins a run within the hour that opens at an instant, or a sub-agent's
// at the instant of its parent's step.
func (s *simulation) start(on *desk, at int64, parent *run) {
	r := s.prepare(on, at/perHour)
	d := dice(r.seed)
	if parent == nil {
		at += d.below(perHour * 59 / 60)
	}
	r.steps = r.shape.steps.draw(&d)
	if r.failed {
		r.steps = max(r.steps, r.shape.steps.draw(&d)) // failing takes longer
	}
	r.gap = r.shape.gap.draw(&d) * 1000
	if parent == nil {
		r.scope = s.scopeOf(r, &d)
	} else {
		r.child, r.scope = true, parent.handDown(r.seed, &d)
	}
	s.launch(r, at)
}

// startLoop begins the run of the incident: it holds every event of its desk
// until the incident is over.
func (s *simulation) startLoop(d *desk, at clock) {
	p := s.progress[d.place]
	weight := p.weight
	for hour := at.hour + 1; s.loop.covers(d.Name, hour); hour++ {
		weight += s.weight(d, clockAt(hour))
	}
	r := s.prepare(d, at.hour)
	r.steps = mulDiv(d.events, weight, d.weight) - p.issued
	if r.steps < 1 {
		return
	}
	r.failed, r.looped, r.scale = true, true, 100
	r.gap = (s.loop.until - at.hour) * perHour / r.steps
	r.scope = d.scope
	r.scope.Run, r.scope.Agent = label("run_", r.seed), d.Agents[0]
	r.scope.Trigger, r.scope.Environment = d.Trigger(), "production"
	s.launch(r, at.hour*perHour)
}

// prepare makes the next run of a desk without its length and scope.
func (s *simulation) prepare(d *desk, hour int64) *run {
	s.runs++
	r := &run{desk: d, seed: mix(s.seed ^ s.runs)}
	chances := dice(r.seed ^ 0x5c)
	r.offer = d.plan.at(hour, &chances)
	r.scale = chances.around(100, 35)
	r.failed = d.yields != nil && !chances.chance(d.yields.verified)
	return r
}

// launch puts a run on its way. It takes no more steps than its desk has events
// left and hurries when the window would end before it.
func (s *simulation) launch(r *run, at int64) {
	r.steps = min(r.steps, s.left(r.desk))
	r.begin = at
	r.gap = min(r.gap, (s.until*perHour-at)/r.steps)
	r.next = r.moment()
	s.progress[r.place].issued += r.steps
	s.live.push(r)
}

// scopeOf says who runs what for whom. A run on the shared key shows nothing
// but the key and where it runs.
func (s *simulation) scopeOf(r *run, d *dice) spend.Scope {
	environment := "production"
	switch stage := d.below(1000); {
	case stage < stagingRate:
		environment = "staging"
	case stage < stagingRate+developmentRate:
		environment = "development"
	}
	if d.chance(sharedKeyRate) {
		return spend.Scope{Credential: sharedKey, Environment: environment}
	}
	scope := r.desk.scope
	scope.Run, scope.Trigger, scope.Environment = label("run_", r.seed), r.Trigger(), environment
	scope.Agent = r.Agents[0]
	if r.shape.delegates == 0 {
		scope.Agent = r.Agents[d.skewed(int64(len(r.Agents)))]
	}
	if r.people != nil {
		scope.Principal = r.people[d.skewed(int64(len(r.people)))]
	}
	if r.serves {
		scope.Customer = s.customers[d.skewed(int64(len(s.customers)))]
	}
	return scope
}

// handDown is the scope of a sub-agent that the run starts.
func (r *run) handDown(seed uint64, d *dice) spend.Scope {
	scope := r.scope
	if scope.Run == "" {
		return scope
	}
	scope.ParentRun, scope.Run, scope.Trigger = scope.Run, label("run_", seed), "agent"
	scope.Agent = r.Agents[1+d.below(int64(len(r.Agents)-1))]
	return scope
}

// label is a prefix and 16 hexadecimal digits.
func label(prefix string, number uint64) string {
	var room [40]byte
	var digits [8]byte
	for i := range digits {
		digits[i] = byte(number >> (56 - 8*i))
	}
	return string(hex.AppendEncode(append(room[:0], prefix...), digits[:]))
}
