package statetest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func (r *room) add(u organisation.Unit) error {
	return r.write(func(ctx context.Context, tx *state.Tx) error { return tx.AddUnit(ctx, u) })
}

func (r *room) units(day string) (names []string) {
	r.Helper()
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		units, err := tx.Units(ctx, day)
		for _, u := range units {
			names = append(names, u.Name+"<"+u.Parent)
		}
		return err
	}))
	return names
}

func standing(r *room) {
	id := r.somebody()
	for _, u := range []organisation.Unit{
		{Kind: organisation.BusinessUnit, Name: "retail", From: "2026-01-01"},
		{Kind: organisation.Team, Name: "claims", Parent: "retail", From: "2026-01-01"},
		{Kind: organisation.Application, Name: "triage", Parent: "claims", From: "2026-02-01"},
		{Kind: organisation.Application, Name: "letters", Parent: "claims", From: "2026-02-01"},
		{Kind: organisation.Workflow, Name: "nightly", Parent: "triage", From: "2026-02-01"},
		{Kind: organisation.Workflow, Name: "nightly", Parent: "letters", From: "2026-02-01"},
		{Kind: organisation.PersonUnit, Name: id, Parent: "claims", From: "2026-02-01"},
	} {
		r.must(r.add(u))
	}
	r.same("in January", []string{"retail<", "claims<retail"}, r.units("2026-01-31"))
	r.same("in February", 7, len(r.units("2026-02-01")))
	for kind, bad := range map[spend.Kind][]organisation.Unit{
		spend.KindInvalid: {
			{Kind: "squad", Name: "x", From: "2026-01-01"},
			{Kind: organisation.Team, From: "2026-01-01"},
			{Kind: organisation.BusinessUnit, Name: "x", Parent: "y", From: "2026-01-01"},
			{Kind: organisation.Team, Name: "x", From: "2026-13-01"},
			{Kind: organisation.Team, Name: "x", From: "2026-02-01", To: "2026-02-01"},
		},
		spend.KindNotFound: {
			{Kind: organisation.Team, Name: "x", Parent: "nowhere", From: "2026-01-01"},
			{Kind: organisation.Application, Name: "x", Parent: "claims", From: "2025-12-31"},
			{Kind: organisation.PersonUnit, Name: "Mira Ott", Parent: "claims", From: "2026-02-01"},
		},
		spend.KindConflict: {
			{Kind: organisation.Team, Name: "claims", Parent: "retail", From: "2026-05-01"},
			{Kind: organisation.Workflow, Name: "nightly", Parent: "triage", From: "2026-05-01"},
		},
	} {
		for _, u := range bad {
			r.refuses(kind, r.add(u))
		}
	}
}

func reorganisation(r *room) {
	for _, name := range []string{"retail", "life"} {
		r.must(r.add(organisation.Unit{Kind: organisation.BusinessUnit, Name: name, From: "2026-01-01"}))
	}
	claims := organisation.Unit{Kind: organisation.Team, Name: "claims", Parent: "retail", From: "2026-01-01"}
	r.must(r.add(claims))
	claims.To = "2026-07-01"
	for _, want := range []bool{true, false} {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
			done, err := tx.EndUnit(ctx, claims)
			r.same("ended now", want, done)
			return err
		}))
	}
	r.must(r.add(organisation.Unit{Kind: organisation.Team, Name: "claims", Parent: "life", From: "2026-07-01"}))
	r.same("the last day", []string{"life<", "retail<", "claims<retail"}, r.units("2026-06-30"))
	r.same("the first day", []string{"life<", "retail<", "claims<life"}, r.units("2026-07-01"))
}

func replacement(r *room) {
	put := func(units ...organisation.Unit) error {
		return r.write(func(ctx context.Context, tx *state.Tx) error { return tx.PutUnits(ctx, units) })
	}
	retail := organisation.Unit{Kind: organisation.BusinessUnit, Name: "retail", From: organisation.Beginning}
	claims := organisation.Unit{Kind: organisation.Team, Name: "claims", Parent: "retail", CostCentre: "CC-1", From: organisation.Beginning}
	r.must(put(retail, claims))
	r.must(put(retail, claims))
	r.same("as put", []string{"retail<", "claims<retail"}, r.units("2026-01-01"))
	later := claims
	claims.To, later.From, later.CostCentre = "2026-07-01", "2026-07-01", "CC-2"
	r.must(put(retail, claims, later))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		history, err := tx.UnitHistory(ctx, organisation.Team, "claims")
		r.same("cost centres", []organisation.Unit{claims, later}, history)
		return err
	}))
	r.refuses(spend.KindNotFound, put(organisation.Unit{Kind: organisation.Team, Name: "it", Parent: "life", From: "2026-01-01"}))
	r.must(put())
	r.same("nothing", 0, len(r.units("2026-07-01")))
}

func settings(r *room) {
	swiss := state.Settings{Zone: "Europe/Zurich", Name: "Example", ReportingCurrency: "CHF",
		Fiscal: spend.Fiscal{Start: time.July, Scheme: spend.Weeks445, WeekStart: time.Monday, Nearest: true}}
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		s, err := tx.Settings(ctx)
		r.same("default", state.DefaultSettings(), s)
		if err != nil {
			return err
		}
		return tx.PutSettings(ctx, swiss)
	}))
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		first, err := tx.KeepOnce(ctx, "salt", "1")
		r.must(err)
		again, err := tx.KeepOnce(ctx, "salt", "2")
		r.must(err)
		r.same("kept once", []string{"1", "1"}, []string{first, again})
		none, err := tx.Kept(ctx, "plan")
		r.must(err)
		r.must(tx.Keep(ctx, "plan", "seat"))
		r.must(tx.Keep(ctx, "plan", "api"))
		last, err := tx.Kept(ctx, "plan")
		r.same("the last one kept", []string{"", "api"}, []string{none, last})
		return err
	}))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		s, err := tx.Settings(ctx)
		r.same("kept", swiss, s)
		return err
	}))
	for _, bad := range []state.Settings{
		{Zone: "Local", ReportingCurrency: "USD"},
		{Zone: "", ReportingCurrency: "USD"},
		{Zone: "../../etc/passwd", ReportingCurrency: "USD"},
		{Zone: "UTC", Fiscal: spend.Fiscal{Start: 13}, ReportingCurrency: "USD"},
		{Zone: "UTC", ReportingCurrency: "usd"},
	} {
		r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.PutSettings(ctx, bad) }))
	}
}

func (r *room) rates(rates ...exchange.Rate) (added []exchange.Rate) {
	r.Helper()
	r.now = r.now.Add(time.Minute)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) (err error) {
		added, err = tx.AddRates(ctx, rates)
		return err
	}))
	return added
}

func euro(rate string) exchange.Rate {
	friday, _ := exchange.ParseDay("2026-11-20") // a day
	return exchange.Rate{From: "EUR", To: "USD", Rate: money.Must(rate), Day: friday, Basis: exchange.DayRate, Source: "ecb"}
}

func rates(r *room) {
	billed := euro("1.1")
	billed.Basis, billed.Seller, billed.Account, billed.Period = exchange.InvoiceRate, "acme", "eu", "2026-10"
	all := r.rates(euro("1.0812345678"), billed)
	r.same("added", 2, len(all))
	r.same("told again", 0, len(r.rates(billed, euro("1.0812345678"), euro("1.0812345678"))))
	for _, rate := range []string{"1.09", "1.0812345678"} {
		all = append(all, r.rates(euro(rate))...)
	}
	others := []exchange.Rate{euro("1.09"), billed, billed, billed}
	others[0].Source, others[1].Seller, others[2].Account, others[3].Period = "bank", "other", "", "2026-11"
	all = append(all, r.rates(others...)...)
	r.same("learned", 8, len(all))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		kept, err := tx.Rates(ctx)
		r.must(err)
		r.same("all", byLearning(all), kept)
		one, _, err := tx.Rate(ctx, all[1].ID)
		r.same("one", all[1], one)
		r.same("its id", one.ContentID(), one.ID)
		return err
	}))
}

func ratesInPages(r *room) {
	var all []exchange.Rate
	for i := range exchange.Day(7) {
		one := euro("1.09")
		one.Day -= i % 3
		one.Source = "source " + one.Day.String() + strings.Repeat("+", int(i))
		all = append(all, one)
	}
	other := euro("0.9")
	other.To = "CHF"
	all = r.rates(append(all, other)...)
	slices.SortFunc(all, func(a, b exchange.Rate) int { return -cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID)) })
	for _, want := range []state.RateList{{Limit: 3}, {From: "EUR", To: "USD", Limit: 2}, {To: "CHF", Limit: 1}, {From: "USD", Limit: 1}} {
		var pair []exchange.Rate
		for _, one := range all {
			if (want.From == "" || want.From == one.From) && (want.To == "" || want.To == one.To) {
				pair = append(pair, one)
			}
		}
		r.same(string("pages of "+want.From+want.To), pair, r.ratePages(want))
	}
}

// ratePages lists page by page.
func (r *room) ratePages(l state.RateList) (listed []exchange.Rate) {
	r.Helper()
	for {
		var page []exchange.Rate
		r.must(r.read(func(ctx context.Context, tx *state.Tx) (err error) {
			page, err = tx.ListRates(ctx, l)
			return err
		}))
		listed = append(listed, page...)
		if len(page) < l.Limit {
			return listed
		}
		l.BeforeDay, l.BeforeID = page[l.Limit-1].Day, page[l.Limit-1].ID
	}
}

func byLearning(rates []exchange.Rate) []exchange.Rate {
	return slices.SortedFunc(slices.Values(rates), func(a, b exchange.Rate) int {
		return cmp.Or(a.Known.Compare(b.Known), cmp.Compare(a.ID, b.ID))
	})
}

func badRates(r *room) {
	for _, change := range []func(*exchange.Rate){
		func(e *exchange.Rate) { e.To = "EUR" },
		func(e *exchange.Rate) { e.Rate = money.Must("-1") },
		func(e *exchange.Rate) { e.Day = 0 },
		func(e *exchange.Rate) { e.Day = exchange.DayOf(r.now, time.UTC) + 2 },
		func(e *exchange.Rate) { e.Source = "" },
		func(e *exchange.Rate) { e.Seller = "acme" },
		func(e *exchange.Rate) { e.Rate = money.Must("1.09") }, // beside the other one
	} {
		bad := euro("1.08")
		change(&bad)
		r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error {
			_, err := tx.AddRates(ctx, []exchange.Rate{euro("1.08"), bad})
			return err
		}))
	}
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		kept, err := tx.Rates(ctx)
		r.same("kept of bad lists", 0, len(kept))
		return err
	}))
	tomorrow := euro("1.08")
	tomorrow.Day = exchange.DayOf(r.now, time.UTC) + 1
	r.same("tomorrow, in a zone ahead", 1, len(r.rates(tomorrow)))
}

func idempotency(r *room) {
	request := state.Request{Scope: "period.close", Key: "k1", Digest: "d1", Expires: r.now.Add(time.Hour)}
	effects := 0
	once := func(ctx context.Context, tx *state.Tx) error {
		response, found, err := tx.Recall(ctx, request)
		if err != nil || found {
			r.same("response", "closed", response)
			return err
		}
		effects++
		return tx.Remember(ctx, request, "closed")
	}
	r.must(r.write(once))
	r.must(r.write(once))
	r.same("effects", 1, effects)
	r.refuses(spend.KindConflict, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.Remember(ctx, request, "again") }))
	other := request
	other.Digest = "d2"
	r.refuses(spend.KindConflict, r.write(func(ctx context.Context, tx *state.Tx) error {
		_, _, err := tx.Recall(ctx, other)
		return err
	}))
	other.Scope = "plan.write"
	other.Key = strings.Repeat("k", 257)
	r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.Remember(ctx, other, "") }))
	r.now = r.now.Add(time.Hour)
	request.Expires = r.now.Add(time.Hour)
	r.must(r.write(once))
	r.same("effects after it was forgotten", 2, effects)
	r.now = r.now.Add(time.Hour)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		n, err := tx.ForgetRequests(ctx)
		r.same("forgotten", int64(1), n)
		return err
	}))
}

func applied(r *room) {
	apply := func(name, yaml string) (changed bool) {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) (err error) {
			changed, err = tx.Apply(ctx, state.Applied{Name: name, YAML: yaml, By: "token/abcdefgh"})
			return err
		}))
		return changed
	}
	r.same("changed", []bool{true, false, true, true, true}, []bool{
		apply("teams", "a: 1\n"), apply("teams", "a: 1\n"), apply("budgets", "b: 1\n"), apply("teams", "a: 2\n"), apply("teams", "a: 1\n"),
	})
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		current, err := tx.Documents(ctx)
		r.must(err)
		r.same("current", []string{"b: 1\n", "a: 1\n"}, []string{current[0].YAML, current[1].YAML})
		history, err := tx.DocumentHistory(ctx, "teams")
		r.same("history", 3, len(history))
		r.same("order", int64(4), history[2].Seq)
		return err
	}))
	r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error {
		_, err := tx.Apply(ctx, state.Applied{Name: "teams", YAML: "a: 3\n"})
		return err
	}))
}
