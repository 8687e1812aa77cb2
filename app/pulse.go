package app

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const (
	pulseSeconds = 60              // that are kept
	pulseFresh   = 2 * time.Minute // a call that was made earlier is history, not life
	pulseKeys    = 4096            // runs that are told apart; the calls of others count for their agents
	pulseRuns    = 20              // that are shown
)

// pulseKey is what calls are summed by.
type pulseKey struct{ unit, team, application, workflow, agent, run string }

func (k *pulseKey) scope() spend.Scope {
	return spend.Scope{BusinessUnit: k.unit, Team: k.team, Application: k.application, Workflow: k.workflow, Agent: k.agent}
}

// beats are the sums of each of the last seconds, by the second modulo their number.
type beats [pulseSeconds]struct {
	second int64 // since 1970; another one's sums are none
	api.PulseFigures
}

// pulse sums what is booked of calls that have just been made.
type pulse struct {
	mu     sync.Mutex
	keys   map[pulseKey]*beats // guarded by mu
	silent bool                // the last one had no row
}

func newPulse() *pulse { return &pulse{keys: map[pulseKey]*beats{}, silent: true} }

// add counts the lines of a batch that are calls of the last minutes, in the second of
// their booking. A correction counts what it changes.
func (p *pulse) add(now time.Time, charges []spend.Charge) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range charges {
		c := &charges[i]
		if c.Book != spend.Metered || !c.Category.IsUsage() || now.Sub(c.UsedAt) > pulseFresh {
			continue
		}
		b := &p.beats(&c.Scope)[now.Unix()%pulseSeconds]
		if b.second != now.Unix() {
			b.second, b.PulseFigures = now.Unix(), api.PulseFigures{}
		}
		f := api.PulseFigures{Calls: c.Calls, Cost: c.Reporting.Amount, PromptMin: c.Usage.PromptTokens(), OutputsMin: c.Usage.CompletionTokens()}
		if c.PriceState == spend.Unpriced {
			f.Unpriced = c.Calls
		}
		if c.Status != "" && c.Status != spend.StatusOK {
			f.Failed = c.Calls
		}
		b.Plus(&f)
	}
}

// beats finds those of a scope. When there are too many runs, a new one counts for its
// agent alone.
func (p *pulse) beats(s *spend.Scope) *beats {
	k := pulseKey{s.BusinessUnit, s.Team, s.Application, s.Workflow, s.Agent, s.Run}
	if p.keys[k] == nil && len(p.keys) >= pulseKeys {
		k.run = ""
	}
	if p.keys[k] == nil && len(p.keys) >= 2*pulseKeys {
		k.workflow, k.agent = "", ""
	}
	if p.keys[k] == nil {
		p.keys[k] = &beats{}
	}
	return p.keys[k]
}

// take gives the last full second before an instant, with its minute, and forgets what
// was silent for a minute.
func (p *pulse) take(now time.Time, currency money.Currency) *api.Pulse {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := now.Unix() - 1
	taken := &api.Pulse{At: time.Unix(now.Unix(), 0).UTC(), Currency: currency}
	rows := map[pulseKey]*api.PulseRow{}
	for k, b := range p.keys {
		f, heard := b.of(last)
		if !heard {
			if !b.since(last) {
				delete(p.keys, k)
			}
			continue
		}
		if k.run != "" {
			taken.Runs = append(taken.Runs, api.PulseRun{Run: k.run, PulseRow: api.PulseRow{Scope: k.scope(), PulseFigures: f}})
		}
		k.run = ""
		if rows[k] == nil {
			rows[k] = &api.PulseRow{Scope: k.scope()}
		}
		rows[k].Plus(&f)
	}
	for _, row := range rows {
		taken.Rows = append(taken.Rows, *row)
	}
	slices.SortFunc(taken.Rows, func(a, b api.PulseRow) int { return dearest(&a, &b) })
	slices.SortFunc(taken.Runs, func(a, b api.PulseRun) int {
		return cmp.Or(dearest(&a.PulseRow, &b.PulseRow), cmp.Compare(a.Run, b.Run))
	})
	taken.Runs = taken.Runs[:min(len(taken.Runs), pulseRuns)]
	return taken
}

// of sums the minute that ends with a second, false when nothing was booked in it.
func (b *beats) of(last int64) (f api.PulseFigures, heard bool) {
	for i := range b {
		one := &b[i]
		if one.second > last || one.second <= last-pulseSeconds {
			continue
		}
		heard = true
		part := api.PulseFigures{
			CallsMin: one.Calls, CostMin: one.Cost, Unpriced: one.Unpriced, Failed: one.Failed, PromptMin: one.PromptMin, OutputsMin: one.OutputsMin,
		}
		if one.second == last {
			part.Calls, part.Cost = one.Calls, one.Cost
		}
		f.Plus(&part)
	}
	return f, heard
}

// since says that something was booked after a second.
func (b *beats) since(last int64) bool {
	return slices.ContainsFunc(b[:], func(one struct {
		second int64
		api.PulseFigures
	}) bool {
		return one.second > last
	})
}

// dearest sorts by the cost of the last minute, then by its calls, then by name.
func dearest(a, b *api.PulseRow) int {
	return cmp.Or(b.CostMin.Cmp(a.CostMin), cmp.Compare(b.CallsMin, a.CallsMin), cmp.Compare(a.Scope.Workflow, b.Scope.Workflow),
		cmp.Compare(a.Scope.Agent, b.Scope.Agent), cmp.Compare(a.Scope.Application, b.Scope.Application))
}

// beat publishes the last second. Where nothing happens nothing is published, but for
// the one that says so.
func (s *Server) beat(context.Context) error {
	p := s.pulse.take(s.Now(), s.Currency())
	if len(p.Rows) == 0 && s.pulse.silent {
		return nil
	}
	s.pulse.silent = len(p.Rows) == 0
	return s.Live.PublishPulse(p)
}
