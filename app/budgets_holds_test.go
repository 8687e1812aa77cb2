package app_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const ceiling = "kind: budget\nbudgets:\n  - {id: keys, scope: {team: t}, each: credential, amount: 10, currency: USD, period: month, at_limit: stop}\n"

// sighting is what a source says of the call a1: a million tokens, which cost 1.25 dollars.
func sighting(source, credential string, rank spend.Rank) *ingest.Record {
	e := spend.Event{
		Source: source, SourceKey: "a1", Response: "c-1", Rank: rank, UsedAt: noon(), StartedAt: noon(), Seller: "openai", RequestedModel: "gpt-5",
		Status: spend.StatusOK, UsageSource: spend.UsageProvider, Scope: spend.Scope{Team: "t", Application: "a", Credential: credential},
	}
	e.Usage.Tokens[spend.InText] = 1_000_000
	return &ingest.Record{Event: e, Revisions: spend.Immutable, Whole: true, Bound: credential != ""}
}

// byGateway is what the gateway says of it, when it begins and when it has ended.
func byGateway(open bool) *ingest.Record {
	r := sighting(gateway.Source, "key", spend.RankGateway)
	r.Event.Attempt, r.Event.Operation = "a1", "o1"
	if open {
		r.Event.Response, r.Event.Status, r.Event.UsageSource, r.Event.Usage = "", spend.StatusInterrupted, spend.UsageUnobserved, spend.Usage{}
		r.Hold = money.Known(money.Must("2"))
	}
	return r
}

// TestAHoldEndsWhenItsCallIsBooked lets other sources tell of a call of the gateway at
// every moment: it is held until the gateway's end is booked, and counts once.
func TestAHoldEndsWhenItsCallIsBooked(t *testing.T) {
	t.Parallel()
	twin := sighting("events:t/a/twin", "key", spend.RankSpan)
	claim := sighting("csv:file", "", spend.RankVendorUsage)
	twin.Event.Attempt, claim.Event.Attempt = "a1", "a1"
	for name, c := range map[string]struct {
		other  *ingest.Record
		before bool // the call is heard of
		open   string
	}{
		"alone":                         {nil, false, "0+2"},
		"a file, before":                {sighting("csv:file", "", spend.RankVendorUsage), true, "0+2"},
		"a file, in between":            {sighting("csv:file", "", spend.RankVendorUsage), false, "0+2"},
		"a weaker file":                 {sighting("csv:file", "", spend.RankAgentLog), false, "0+2"},
		"telemetry, before":             {twin, true, "1.25+0"}, // a credential stands for what it cost
		"telemetry, in between":         {twin, false, "1.25+0"},
		"a claim of nobody, before":     {claim, true, "0+2"},
		"a claim of nobody, in between": {claim, false, "0+2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := app.OpenServer(t.Context(), app.Config{Data: t.TempDir(), Create: true, Now: func() time.Time { return noon().Add(time.Hour) }}, slog.New(slog.DiscardHandler))
			must(t, err)
			defer closed(t, s)
			declare(t, s, ceiling)
			tell := func(r *ingest.Record) {
				t.Helper()
				_, err := s.Ingest.Pipeline.Deliver(t.Context(), ingest.Delivery{Records: []ingest.Record{*r}})
				must(t, err)
				must(t, s.Ingest.Pipeline.Settle(t.Context()))
			}
			call := budget.Call{ID: spend.Digest("attempt", "a1"), At: noon(), Bound: budget.AtMost(money.Known(money.Must("2")), "USD", 0)}
			call.Subject = budget.SubjectOf(&byGateway(true).Event)
			if v := s.Budgets.Acquire(&call); !v.Action.Admits() {
				t.Fatalf("refused: %+v", v)
			}
			if c.other != nil && c.before {
				tell(c.other)
			}
			begun := byGateway(true)
			begun.Open = true
			tell(begun)
			if c.other != nil && !c.before {
				tell(c.other)
			}
			if got := uses(s); got != c.open {
				t.Errorf("while it is open: %s, want %s", got, c.open)
			}
			tell(byGateway(false))
			if got, pending := uses(s), s.Budgets.Pending(noon().AddDate(1, 0, 0)); got != "1.25+0" || len(pending) != 0 {
				t.Errorf("ended: %s, pending %+v", got, pending)
			}
			checks, err := s.Doctor(t.Context(), s.Now())
			must(t, err)
			for _, f := range checks {
				if f.State == api.Broken {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

// uses is what is booked and held, of all keys.
func uses(s *app.Server) string {
	var booked, held money.Amount
	for _, w := range s.Budgets.Standings() {
		booked, _ = booked.Add(w.Booked) // far below all amounts
		held, _ = held.Add(w.Held)
	}
	return fmt.Sprintf("%s+%s", booked, held)
}
