package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
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
	booked, err := s.bookedOf(ctx, counted)
	if err != nil {
		return nil, err
	}
	return countersOf(counted, booked)
}

// bookedOf asks the ledger for the tokens of the services that count theirs.
func (s *Server) bookedOf(ctx context.Context, counted []telemetry.Counted) (map[telemetry.Slot]telemetry.Tokens, error) {
	first, last := counted[0].Hour, counted[0].Hour
	var services []string
	for i := range counted {
		c := &counted[i]
		if c.Hour.Before(first) {
			first = c.Hour
		}
		if c.Hour.After(last) {
			last = c.Hour
		}
		services = append(services, c.Service)
	}
	slices.Sort(services)
	const service = spend.Dimension("tag:service")
	t, err := s.Answer(ctx, &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: first, To: last.Add(time.Hour), Grain: spend.Hour, Zone: time.UTC, Fiscal: s.View().Fiscal,
		By: []spend.Dimension{"application", service, "served_model", "requested_model"}, Measures: []spend.Measure{spend.PromptTokens, spend.OutputTokens},
		Where: []spend.Filter{{By: service, Values: slices.Compact(services)}},
	})
	booked := map[telemetry.Slot]telemetry.Tokens{}
	for i := range t.Rows {
		r := &t.Rows[i]
		at := telemetry.Slot{Application: r.Keys[0], Service: r.Keys[1], Model: cmp.Or(r.Keys[2], r.Keys[3]), Hour: r.Bucket.UTC()}
		sum := booked[at]
		prompt, _ := r.Values[0].Amount.Int() // tokens are whole
		completion, _ := r.Values[1].Amount.Int()
		sum.Prompt, sum.Completion = sum.Prompt+prompt, sum.Completion+completion
		booked[at] = sum
	}
	return booked, err
}

// countersOf joins both, which are in the order of application, service and model.
func countersOf(counted []telemetry.Counted, booked map[telemetry.Slot]telemetry.Tokens) ([]api.Counter, error) {
	var all []api.Counter
	for i := range counted {
		c := &counted[i]
		if last := len(all) - 1; last < 0 || all[last].Application != c.Application || all[last].Service != c.Service || all[last].Model != c.Model {
			all = append(all, api.Counter{Application: c.Application, Service: c.Service, Model: c.Model})
		}
		one := &all[len(all)-1]
		one.Family = cmp.Or(c.Family, one.Family)
		b := booked[c.Slot]
		h := api.CountedHour{
			Hour: c.Hour, Whole: c.Whole, Counted: c.Prompt + c.Completion, CountedPrompt: c.Prompt, Booked: b.Prompt + b.Completion, BookedPrompt: b.Prompt,
		}
		if h.Whole {
			one.Counted, one.Booked = one.Counted+h.Counted, one.Booked+h.Booked
		}
		one.Hours = append(one.Hours, h)
	}
	for i := range all {
		if err := judge(&all[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b api.Counter) int { return cmp.Compare(b.Counted-b.Booked, a.Counted-a.Booked) })
	return all, nil
}

// judge says how much of what was counted is booked.
//
// Example: 610 of 1000 tokens is a share of 0.61, and short; 985 of 1000 is complete.
func judge(c *api.Counter) error {
	c.Verdict = api.Uncertain
	if c.Counted == 0 {
		return nil
	}
	share, err := money.FromInt(c.Booked).MulRatio(1, c.Counted)
	if err != nil {
		return err
	}
	c.Share = money.Null{Amount: share.Round(4), Valid: true}
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
		if all[i].Verdict == api.Short {
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
