package api_test

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func claims() spend.Scope { return spend.Scope{BusinessUnit: "retail", Team: "claims"} }
func sales() spend.Scope  { return spend.Scope{BusinessUnit: "retail", Team: "sales"} }
func noon() time.Time     { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// fake is the rest of the program, in memory.
type fake struct {
	mu         sync.Mutex
	batches    int
	who        auth.Identity
	asked      []spend.Query
	table      spend.Table
	standing   api.Standing
	refuse     error                 // of the acceptor and of Ready
	hold       func(context.Context) // while a question or a backup runs
	issued     int
	people     []auth.PersonRequest
	taken      []auth.PersonGrant
	ended      []string // cookies
	revoked    string   // a token
	ticks      time.Duration
	looks      int // at the clock
	notes      []auth.Note
	told       []exchange.Rate
	kept       map[api.Request]string
	views      map[string][]api.View // by whose they are
	proposed   api.Proposal
	registered []api.RegisterQuestion
	compared   report.Comparison
	limits     api.Limits
	searched   pricebook.Search
	foretold   []api.Foretold
	planned    []plan.Line
	standings  []api.BudgetStanding // beside those that all have
	tokens     []auth.TokenRow      // instead of those that all have
	governed   []budget.Known
	rowsOf     func(*spend.Query) []spend.Row
	bought     []spend.Row // by seller and product, for days to come
	nameless   bool        // results and their spend name no workflow
}

// holder has a role in the scope of claims. Tokens are named like the roles;
// "whole" is a viewer of everything.
func holder(role auth.Role) auth.Identity {
	return auth.Identity{Token: (string(role) + "aaaaaaaa")[:8], Method: auth.ByToken, Grants: []auth.Grant{{Role: role, Scope: claims()}}}
}

func (f *fake) Token(_ context.Context, presented auth.Secret) (auth.Admission, error) {
	name := presented.Reveal()
	f.mu.Lock()
	defer f.mu.Unlock()
	if name == f.revoked {
		return auth.Admission{Reason: "this token was revoked on 2026-11-19"}, nil
	}
	who := holder(auth.Role(name))
	switch name {
	case "whole":
		who.Grants = []auth.Grant{{Role: auth.Viewer}}
	case "nobody":
		return auth.Admission{Reason: "this is no token of ours"}, nil
	}
	who.Token = (name + "aaaaaaaa")[:8]
	return auth.Admission{Admitted: true, Identity: who}, nil
}

func (f *fake) Session(ctx context.Context, presented auth.Secret) (auth.Admission, error) {
	admission, err := f.Token(ctx, presented)
	admission.Identity.Method = auth.BySession
	return admission, err
}

// now goes on by ticks with every look.
func (f *fake) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks++
	return noon().Add(time.Duration(f.looks-1) * f.ticks)
}

func (f *fake) OpenSession(_ context.Context, presented auth.Secret, _ time.Duration) (auth.Secret, auth.Admission, error) {
	if presented.Reveal() == "ended" {
		return auth.Secret{}, auth.Admission{Reason: "this token was revoked on 2026-11-19"}, nil
	}
	return auth.NewSecret("cookie-value"), auth.Admission{Admitted: true}, nil
}

func (f *fake) EndSession(_ context.Context, presented auth.Secret) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = append(f.ended, presented.Reveal())
	return nil
}

// named is the workflow of the results.
func (f *fake) named() string {
	if f.nameless {
		return ""
	}
	return "triage"
}

func (f *fake) Outcomes(_ context.Context, q *spend.Query) (outcome.Table, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, *q)
	t := outcome.Table{Query: *q, Basis: spend.Cost, Currency: "USD", Rows: []outcome.Row{{
		Workflow: f.named(), Definition: "ticket resolved", Outcomes: money.FromInt(2), Reversed: 1,
		With:    outcome.Part{Runs: 2, Calls: 5, Cost: money.Known(money.Must("3"))},
		Without: outcome.Part{Runs: 1, Calls: 2, Cost: money.Known(money.Must("1.5"))},
		All:     outcome.Part{Runs: 3, Calls: 7, Cost: money.Known(money.Must("4.5"))},
	}}}
	return t, t.Sum()
}

func (f *fake) Accept(_ context.Context, who auth.Identity, body []byte) (api.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		return api.Receipt{}, f.refuse
	}
	f.batches, f.who = f.batches+1, who
	var events []map[string]any
	if json.Unmarshal(body, &events) != nil {
		events = make([]map[string]any, 1)
	}
	r := api.Receipt{}
	for i, e := range events {
		if e["bad"] != nil {
			r.Rejected = append(r.Rejected, api.Refusal{Index: i, Problems: []spend.Problem{{Field: "used_at", Msg: "is missing"}}})
			continue
		}
		r.Accepted++
	}
	return r, nil
}

func (f *fake) AcceptOutcomes(ctx context.Context, who auth.Identity, body []byte) (api.Receipt, error) {
	return f.Accept(ctx, who, body)
}

func (f *fake) Answer(ctx context.Context, q *spend.Query) (spend.Table, error) {
	if f.hold != nil {
		f.hold(ctx)
	}
	if err := ctx.Err(); err != nil {
		return spend.Table{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, *q)
	t := f.table
	if t.Totals.Values == nil {
		t.Totals.Values = make([]money.Null, len(q.Measures))
	}
	if q.Previous && t.Totals.Previous == nil {
		t.Totals.Previous = make([]money.Null, len(q.Measures))
	}
	if f.rowsOf != nil {
		t.Rows = f.rowsOf(q)
	}
	if q.Grain == spend.Day && len(q.Measures) == 1 && len(t.Rows) == 0 {
		t.Rows = pastDays(q)
	}
	for _, w := range q.Where {
		if w.Has == purchase.Source {
			t.Rows = f.bought
		}
		if w.By == "usage_source" {
			t.Totals.Cost = money.Must("1")
		}
	}
	return t, nil
}

func (f *fake) Standing(context.Context, *spend.Query) (api.Standing, error) { return f.standing, nil }

func (*fake) Sources(_ context.Context, now time.Time, elsewhere bool) ([]api.Source, error) {
	s := api.Source{Source: "till", Rhythm: api.Silent, Calls: 7, Last: now.Add(-time.Hour), Silence: 3600}
	if elsewhere {
		s.Duplicates = 3
	}
	return []api.Source{s}, nil
}

func (*fake) Pollers(_ context.Context, now time.Time) ([]api.Poller, error) {
	return []api.Poller{{Name: "main", Vendor: "openai", Account: "acme", Feed: "costs", Rhythm: api.Silent, Tried: &now, Error: "ask openai: no"}}, nil
}

func (*fake) Sampling([]api.Counter) ([]api.Sampling, error) {
	return []api.Sampling{{Service: "triage", How: "tracestate", Calls: 2, Said: 2}}, nil
}

func (*fake) Counters(context.Context, time.Time) ([]api.Counter, error) {
	return []api.Counter{{Service: "triage", Model: "small", Verdict: api.Short, Hours: []api.CountedHour{}}}, nil
}

func (f *fake) Offers(_ context.Context, s pricebook.Search) ([]pricebook.Offer, error) {
	f.searched = s
	small := pricebook.Offer{Place: pricebook.Place{Seller: "acme", SKU: "small"}, Prices: 1}
	small.Input = pricebook.Quote{Price: money.Known(money.Must("0.25")), Per: 1_000_000, Currency: "USD"}
	all := []pricebook.Offer{small, {Place: pricebook.Place{Seller: "acme", SKU: "=large"}}}
	if s.After != nil {
		all = all[1:]
	}
	return all[:min(len(all), s.Limit)], nil
}

func (*fake) TakePrices(_ context.Context, _ auth.Identity, o api.PriceOrder) (api.PriceImport, error) {
	return api.PriceImport{ReadAs: o.Name, Saved: !o.DryRun}, nil
}

func (*fake) RestatePrices(_ context.Context, _ auth.Identity, r api.RepricePast) (api.PastPrices, error) {
	return api.PastPrices{From: r.Window.From, To: r.Window.To, Of: r.Of}, nil
}

func (f *fake) History(_ context.Context, _, model string) ([]pricebook.Row, error) {
	if model != "acme/large" {
		return nil, nil
	}
	return []pricebook.Row{
		{SKU: model, Price: money.Must("3"), Per: 1_000_000, Layer: pricebook.List, Currency: "USD"},
		{SKU: model, Price: money.Must("1.11"), Per: 1_000_000, Layer: pricebook.Contract, Currency: "USD"},
	}, nil
}

// Rates are of three days, and of one more pair.
func (f *fake) Rates(_ context.Context, l api.RateList) ([]exchange.Rate, error) {
	day, _ := exchange.ParseDay("2026-11-20") // a day
	var all []exchange.Rate
	for i, to := range []money.Currency{"USD", "USD", "CHF", "USD"} {
		r := exchange.Rate{ID: "rate-" + string(rune('4'-i)), From: "EUR", To: to, Rate: money.Must("1.08"), Day: day - exchange.Day(i/2), Basis: exchange.DayRate, Source: "ecb"}
		before := l.BeforeDay == 0 || r.Day < l.BeforeDay || r.Day == l.BeforeDay && r.ID < l.BeforeID
		if before && (l.From == "" || l.From == r.From) && (l.To == "" || l.To == r.To) && len(all) < l.Limit {
			all = append(all, r)
		}
	}
	return all, nil
}

// InForce are those of 20 November and the days before, one EUR to the dollar and the franc.
func (f *fake) InForce() *exchange.Rates {
	all, _ := f.Rates(context.Background(), api.RateList{Limit: 9})
	return exchange.New(all, time.Time{})
}

func (f *fake) AddRates(_ context.Context, who auth.Identity, rates []exchange.Rate) (api.RateChange, error) {
	f.who, f.told = who, rates
	return api.RateChange{Added: len(rates), Converted: map[money.Currency]int64{"USD": 2}, Left: map[money.Currency]int64{}}, nil
}

func (f *fake) ClosedPeriods(context.Context) ([]api.ClosedPeriod, error) {
	return []api.ClosedPeriod{{Period: "2026-09", At: noon(), By: "token/aaaaaaaa"}}, nil
}

func (f *fake) ClosePeriod(_ context.Context, who auth.Identity, p spend.Period) error {
	f.who = who
	if p != "2026-10" {
		return spend.Errorf(spend.KindConflict, "close a period", "%s is closed", p)
	}
	return nil
}

func (f *fake) MakeBackup(ctx context.Context, by auth.Identity) (backup.Note, error) {
	if f.hold != nil {
		f.hold(ctx)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		return backup.Note{}, f.refuse
	}
	f.who = by
	return f.backedUp(2), nil
}

func (f *fake) Backups(context.Context) ([]backup.Note, error) {
	return []backup.Note{f.backedUp(1), f.backedUp(2)}, nil
}

func (*fake) backedUp(day int) backup.Note {
	at := noon().AddDate(0, 0, day)
	return backup.Note{Folder: "/backups/" + at.Format("2006-01-02"), MadeAt: at, Verified: at, Bytes: 7, Booked: 424242, Held: 0.25}
}

func (f *fake) Doctor(_ context.Context, now time.Time) ([]api.Finding, error) {
	return []api.Finding{
		{Name: "clock", State: api.Healthy, Msg: now.Format(time.RFC3339)},
		{Name: "disk", State: api.Attention, Msg: "1 KiB are free", Mend: "free space"},
	}, nil
}

func (f *fake) Recall(_ context.Context, r api.Request) (string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for known, answer := range f.kept {
		switch {
		case known == r:
			return answer, true, nil
		case known.Scope == r.Scope && known.Key == r.Key:
			return "", false, spend.Errorf(spend.KindConflict, "recall a request", "the key was used for another request")
		}
	}
	return "", false, nil
}

func (f *fake) Remember(_ context.Context, r api.Request, answer string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept = map[api.Request]string{}
	}
	f.kept[r] = answer
	return nil
}

func (f *fake) Note(_ context.Context, n auth.Note) error {
	f.notes = append(f.notes, n)
	return n.Validate()
}

func (f *fake) Import(_ context.Context, who auth.Identity, _ *api.ImportOrder, file io.Reader) (ingest.Result, error) {
	text, err := io.ReadAll(file)
	f.who = who
	return ingest.Result{Read: int64(strings.Count(string(text), "\n"))}, err
}

func (f *fake) Purchase(_ context.Context, who auth.Identity, all []purchase.Purchase) (result ingest.Result, err error) {
	f.who = who
	for i := range all {
		events, err := all[i].Events(time.UTC, 250_000)
		if err != nil {
			return result, err
		}
		result.Read += int64(len(events))
	}
	return result, nil
}

// rejectedID is the digest of a record that was rejected.
func rejectedID() spend.ID { return spend.Digest("rejected") }

func (f *fake) Quarantined(_ context.Context, l lake.Listing) ([]lake.Rejected, error) {
	all := make([]lake.Rejected, l.Limit)
	for i := range all {
		all[i] = lake.Rejected{Digest: rejectedID(), Source: l.Source, At: noon(), Kind: lake.UsageRecord, Event: spend.Event{Scope: spend.Scope{Principal: "someone"}}}
		if l.All {
			all[i].Result = lake.RetryBooked
		}
	}
	return all, nil
}

func (f *fake) Rejected(_ context.Context, digest spend.ID) ([]lake.Rejected, error) {
	switch digest {
	case rejectedID():
		return []lake.Rejected{{Digest: digest, Event: spend.Event{Seller: "acme", Scope: spend.Scope{Principal: "someone"}}}}, nil
	case spend.Digest("outcome"):
		return []lake.Rejected{{Digest: digest, Kind: lake.OutcomeRecord, Outcome: &outcome.Event{Definition: "ticket"}}}, nil
	}
	return nil, nil
}

func (f *fake) Resolutions(context.Context, spend.ID) ([]lake.Resolution, error) { return nil, nil }

func (f *fake) Retry(_ context.Context, digest spend.ID, by string) ([]lake.Resolution, error) {
	if digest != rejectedID() {
		return nil, spend.Errorf(spend.KindNotFound, "retry", "no such record")
	}
	return []lake.Resolution{{Digest: digest, By: by, Result: lake.RetryRefused}}, nil
}

// Entries are three.
func (f *fake) Entries(_ context.Context, before int64, limit int) ([]auth.Entry, error) {
	var all []auth.Entry
	for seq := min(before-1, 3); seq >= 1 && len(all) < limit; seq-- {
		all = append(all, auth.Entry{Seq: seq, At: noon().UnixMicro(), Who: "system", Action: auth.TokenManage, Target: "token/ab12cd34"})
	}
	return all, nil
}

func (f *fake) Views(_ context.Context, of auth.Identity) ([]api.View, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.views[of.Actor()], nil
}

func (f *fake) KeepView(_ context.Context, of auth.Identity, v api.View) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.views == nil {
		f.views = map[string][]api.View{}
	}
	f.views[of.Actor()] = append(f.views[of.Actor()], v)
	return nil
}

func (f *fake) DropView(_ context.Context, of auth.Identity, name string) (bool, error) {
	return name == "risk", nil
}

func (f *fake) Verify(context.Context) (auth.Check, error) { return auth.Check{Entries: 3}, nil }

func (f *fake) Apply(_ context.Context, _ auth.Identity, d api.Declaration) (api.Application, error) {
	changes := []organisation.Change{{Mark: organisation.Added, What: "business unit retail"}}
	if d.Dry {
		changes = []organisation.Change{{Mark: organisation.Changed, What: "reporting currency: USD -> CHF", Refused: "lines"}}
	}
	return api.Application{Changes: changes, Applied: !d.Dry, Over: "over " + d.Over}, nil
}

func (f *fake) Preview(_ context.Context, by auth.Identity, p api.Proposal) (ingest.Moves, error) {
	f.who, f.proposed = by, p
	return ingest.Moves{Moves: []ingest.Move{{From: []string{""}, To: []string{"claims"}, Sums: lake.Sums{Lines: 2, Calls: 2, Cost: money.Must("1.5")}}}}, nil
}

func (f *fake) Restate(_ context.Context, by auth.Identity, w lake.Window) (ingest.Reattribution, error) {
	f.who, f.proposed.Window = by, w
	return ingest.Reattribution{Looked: lake.Sums{Lines: 3}, Moved: lake.Sums{Lines: 2}}, nil
}

func (f *fake) Explain(_ context.Context, record string) (ingest.Explained, error) {
	if record != "mine" {
		return ingest.Explained{}, spend.Errorf(spend.KindNotFound, "explain", "no such call")
	}
	scope := claims()
	scope.Principal = ada
	steps := []attribute.Step{{Rule: "a@1", Matched: true, Tried: []attribute.Trial{{Field: "principal", Value: ada, Want: attribute.Patterns{"*"}, Holds: true}}}}
	return ingest.Explained{
		Explanation: attribute.Explanation{Claimed: scope, Scope: scope, Rule: "a@1", Steps: steps}, Booked: spend.Charge{Event: spend.Event{Scope: scope}}, Moves: true,
	}, nil
}

func (f *fake) Coverage(_ context.Context, q *spend.Query, most int) (report.Coverage, error) {
	f.asked = append(f.asked, *q)
	return report.Coverage{Grain: q.Grain, Slices: make([]report.Slice, most)}, nil
}

func (f *fake) Compare(_ context.Context, q *report.Comparison) (report.Discrepancies, error) {
	f.compared = *q
	return report.Discrepancies{Grain: q.Grain, Rows: []discrepancy.Row{{Source: "litellm", Model: "m", Reason: discrepancy.PricedAtZero, Currency: "USD"}}}, nil
}

func (f *fake) TrueUp(_ context.Context, _ auth.Identity, o *report.TrueUpAsk) (report.TrueUps, error) {
	return report.TrueUps{Period: o.Period, Seller: o.Seller, Accounts: []reconcile.Due{}}, nil
}

func (f *fake) Reconcile(_ context.Context, q *report.ReconcileAsk) (report.Reconciliation, error) {
	return report.Reconciliation{Period: q.Period, Answer: reconcile.Answer{Rows: []reconcile.Row{{
		Level: reconcile.ByDay, Seller: cmp.Or(q.Seller, "openai"), Account: "acme", Day: "2026-09-01", SKU: "openai/gpt-5", Currency: "USD",
		Metered: money.Known(money.FromInt(100)), Invoiced: money.Known(money.FromInt(112)), Basis: spend.Invoiced, Variance: money.FromInt(12),
		Reasons: []reconcile.Part{{Reason: reconcile.Unknown, Amount: money.FromInt(12)}},
	}}}}, nil
}

func (f *fake) Applied(context.Context) ([]api.AppliedDocument, error) {
	return []api.AppliedDocument{{Name: "organisation", Text: "kind: organisation\n", At: f.now(), By: "system"}}, nil
}

func (f *fake) Logs(_ context.Context, who auth.Identity, program string) (api.LogStanding, error) {
	f.who = who
	return api.LogStanding{Plan: program, Marks: []api.LogMark{{Bytes: 7}}}, nil
}

func server(t testing.TB, f *fake) *api.Server {
	t.Helper()
	figures, counts := prometheus.NewRegistry(), api.NewCounts()
	figures.MustRegister(counts)
	s, err := api.New(api.Config{
		Hosts: []string{"localhost", "127.0.0.1"}, View: func() calendar.Calendar { return calendar.Calendar{} }, Now: f.now, Log: slog.New(slog.DiscardHandler),
		House:    func() api.House { return api.House{Organisation: "Acme", Currency: "USD", Demo: true} },
		Admitter: f, Sessions: f, Acceptor: f, Importer: f, Quarantine: f, Asker: f, Outcomes: f, Runs: f, Tokens: f, People: f, Roles: f, Policies: f, Attribution: f, Register: f, Comparer: f, Reconciler: f, Sources: f, Budgets: f, Notices: f, UpstreamKeys: f, Views: f, Adopter: f, Forecasts: f, Prices: f, Exchange: f, Periods: f, Upkeep: f, Memory: f, Audit: f, Live: api.NewLive(), Metrics: figures, Counts: counts,
		Ready: func() error { return f.refuse }, Limits: f.limits,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *fake) Registered(_ context.Context, q api.RegisterQuestion) (api.Registered, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.registered = append(f.registered, q)
	return api.Registered{Currency: "USD", Items: []api.RegisteredEntry{{Kind: register.Agent, Name: "desk", Status: register.Discovered, Names: []string{}}}}, nil
}

func (f *fake) RegisteredOne(ctx context.Context, q api.RegisterQuestion) (api.RegisteredOne, error) {
	all, err := f.Registered(ctx, q)
	return api.RegisteredOne{RegisteredEntry: all.Items[0], History: []api.RegisteredSomeday{}}, err
}

// Touched knows that everything is retail's, and that "theirs" is of team sales.
func (f *fake) Touched(_ context.Context, c register.Change) (register.Change, []spend.Scope, error) {
	if c.Kind == "" {
		c.Kind = register.Agent
	}
	if err := c.Validate(); err != nil {
		return c, nil, err
	}
	var scopes []spend.Scope
	if c.Team != "" {
		scopes = append(scopes, spend.Scope{BusinessUnit: "retail", Team: c.Team})
	}
	for _, name := range c.Names {
		switch {
		case name == "theirs":
			scopes = append(scopes, sales())
		case c.Act != register.Claim:
			scopes = append(scopes, spend.Scope{})
		}
	}
	return c, scopes, nil
}

func (f *fake) ChangeRegister(_ context.Context, _ auth.Identity, c register.Change, _ bool) ([]organisation.Change, error) {
	return []organisation.Change{{Mark: organisation.Added, What: string(c.Act) + " " + string(c.Kind) + " " + c.Names[0]}}, nil
}

// Runs is a run of claims, and there is one more page.
func (f *fake) Runs(_ context.Context, l lake.RunListing) (lake.RunPage, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	page := lake.RunPage{Runs: []lake.Run{{Run: "acme/run-1", RunFigures: lake.RunFigures{Calls: 2, Cost: money.Known(money.Must("1.25"))}}}}
	if l.After == nil {
		page.Next = &lake.RunPlace{Order: l.Order, Value: money.Must("1.25"), Run: "acme/run-1"}
	}
	return page, nil
}

// RunOf notes whose lines were asked for.
func (f *fake) RunOf(_ context.Context, q lake.RunQuestion) (lake.RunTree, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, *q.Query)
	if q.Run != "acme/run-1" {
		return lake.RunTree{}, spend.Errorf(spend.KindNotFound, "show a run", "no such run")
	}
	tree := lake.RunTree{Nodes: []lake.RunNode{{Parent: -1, Run: q.Run}, {ID: 1, Run: q.Run, Step: "plan"}}}
	tree.Within = lake.Window{From: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC)}
	return tree, nil
}

// Adoption notes whose people were asked for.
func (f *fake) Adoption(_ context.Context, q *spend.Query) (adoption.Statement, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, *q)
	n := int64(12)
	return adoption.Statement{Fewest: 5, Active: &n, Groups: []adoption.PeopleGroup{{Name: "claims", People: &n}}}, nil
}

func (f *fake) PerRun(_ context.Context, q *spend.Query) ([]lake.PerRun, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, *q)
	return []lake.PerRun{{Key: "triage", Runs: 20, Priced: 19, CallP95: 7, TookP50: 1_500_000}}, nil
}
