package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/telemetry"
)

// Counters gives nothing: what counters tell is remembered by a server alone.
func (a *App) Counters(context.Context, time.Time) ([]api.Counter, error) { return nil, nil }

// Counters sets what services count in metrics against what is booked of them, those of
// which most is missing first.
func (s *Server) Counters(ctx context.Context, now time.Time) ([]api.Counter, error) {
	receiver := s.receiving.Load()
	if receiver == nil {
		return nil, nil
	}
	counted := receiver.Counted(now)
	if len(counted) == 0 {
		return nil, nil
	}
	lines, err := s.linesOf(ctx, counted)
	if err != nil {
		return nil, err
	}
	all := countersOf(counted, &lines)
	for i := range all {
		all[i].Charged = api.Charging(receiver.Charging(&telemetry.Counted{Slot: telemetry.Slot{Service: all[i].Service}, Family: all[i].Family}))
		if err := judge(&all[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b api.Counter) int { return cmp.Compare(b.Missing(), a.Missing()) })
	return all, nil
}

// countersOf joins both; counts are in the order of application, service, seller and model.
func countersOf(counted []telemetry.Counted, lines *hourly) []api.Counter {
	told := map[telemetry.Slot][]*telemetry.Told{} // by application, service and hour
	for i := range lines.told {
		t := &lines.told[i]
		at := telemetry.Slot{Application: t.Application, Service: t.Service, Hour: t.Hour}
		told[at] = append(told[at], t)
	}
	var all []api.Counter
	var last telemetry.Slot
	for i := range counted {
		c := &counted[i]
		of := c.Slot
		if of.Hour = (time.Time{}); i == 0 || of != last {
			all = append(all, api.Counter{Application: c.Application, Service: c.Service, Seller: c.Seller, Model: c.Model})
		}
		last = of
		one := &all[len(all)-1]
		one.Family = cmp.Or(c.Family, one.Family)
		h := countedHour(c, told[telemetry.Slot{Application: c.Application, Service: c.Service, Hour: c.Hour}])
		if left := lines.untold[c.Slot]; left != (meters{}) {
			h.Untold = left[spend.InText] + left[spend.CacheRead] + left[spend.CacheWriteOther] + left[spend.OutText] + left[spend.OutReasoning]
		}
		if h.Whole {
			one.Counted, one.Booked, one.Untold = one.Counted+h.Counted, one.Booked+h.Booked, one.Untold+h.Untold
		}
		one.Hours = append(one.Hours, h)
	}
	return all
}

// countedHour sets a count against the calls of its service, hour and model.
func countedHour(c *telemetry.Counted, told []*telemetry.Told) api.CountedHour {
	h := api.CountedHour{Hour: c.Hour, Whole: c.Whole, Counted: c.Prompt + c.Completion, CountedPrompt: c.Prompt}
	for _, t := range told {
		if c.Model == "" || slices.Contains(t.Models, c.Model) {
			h.Booked, h.BookedPrompt = h.Booked+t.Prompt+t.Completion, h.BookedPrompt+t.Prompt
		}
	}
	return h
}

// judge says how much of what was counted is booked.
//
// Example: 610 of 1000 tokens is a share of 0.61, and short; 985 of 1000 is complete.
func judge(c *api.Counter) error {
	c.Verdict = api.Uncertain
	defer func() { c.Why = explained(c) }()
	if c.Counted == 0 || c.Charged == api.ByGateway {
		return nil
	}
	var err error
	if c.Share, err = shareOf(c.Booked, c.Counted, 1); err != nil {
		return err
	}
	switch {
	case 100*c.Booked < 98*c.Counted:
		c.Verdict = api.Short
	case 100*c.Booked > 102*c.Counted:
		c.Verdict = api.Beyond
	default:
		c.Verdict = api.Complete
	}
	return nil
}

// explained says what the difference of a counter comes from.
func explained(c *api.Counter) string {
	switch {
	case c.Charged == api.ByGateway:
		return "its calls pass the gateway (telemetry.metered_services), and are charged there alone"
	case c.Verdict == api.Uncertain:
		return "no hour was heard from its beginning to its end yet"
	case c.Verdict == api.Complete:
		return "calls tell all of it"
	case c.Verdict == api.Beyond:
		return "the counters do not count every call"
	case c.Charged == api.ByEvents:
		return "a coding agent: its events and its log are charged, its counters are not; turn its events on"
	case c.Booked == 0 && c.Untold > 0:
		return "it sends metrics alone: they are charged, by hour, of no call and no agent"
	case c.Untold > 0:
		return fmt.Sprintf("calls tell %d %% of it, for they are sampled or not all are shown; the rest is charged by the counters", 100*c.Booked/c.Counted)
	}
	return fmt.Sprintf("calls tell %d %% of it; the rest is charged by the counters when its hour is over, but for what calls of the application without a service may be", 100*c.Booked/c.Counted)
}

// counted says whether the ledger has the tokens that services count in metrics.
func (s *Server) counted(ctx context.Context) (api.Finding, error) {
	all, err := s.Counters(ctx, s.Now())
	if err != nil {
		return api.Finding{}, err
	}
	var short []api.Counter
	known := 0
	for i := range all {
		if all[i].Verdict != api.Uncertain {
			known++
		}
		if all[i].Verdict == api.Short && 100*(all[i].Booked+all[i].Untold) < 98*all[i].Counted {
			short = append(short, all[i])
		}
	}
	if len(all) == 0 {
		return look("counters", when(false, ""), "no service counts tokens in metrics"), nil
	}
	msg := fmt.Sprintf("%d services and models count tokens in metrics, %d of them in whole hours; of %d not all is booked", len(all), known, len(short))
	if len(short) > 0 {
		c := &short[0]
		msg += fmt.Sprintf("; most is missing of %s, %s: %d of %d tokens are booked", cmp.Or(c.Service, "(no name)"), cmp.Or(c.Model, "(no model)"), c.Booked, c.Counted)
	}
	return look("counters", when(len(short) > 0, "its calls are sampled, or nothing tells of them: turn sampling off, or turn its spans or events on (docs/telemetry.md)"), msg), nil
}
