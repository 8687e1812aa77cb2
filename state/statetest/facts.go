package statetest

import (
	"context"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func (r *room) add(u state.Unit) error {
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

func organisation(r *room) {
	id := r.somebody()
	for _, u := range []state.Unit{
		{Kind: state.BusinessUnit, Name: "retail", From: "2026-01-01"},
		{Kind: state.Team, Name: "claims", Parent: "retail", From: "2026-01-01"},
		{Kind: state.Application, Name: "triage", Parent: "claims", From: "2026-02-01"},
		{Kind: state.Application, Name: "letters", Parent: "claims", From: "2026-02-01"},
		{Kind: state.Workflow, Name: "nightly", Parent: "triage", From: "2026-02-01"},
		{Kind: state.Workflow, Name: "nightly", Parent: "letters", From: "2026-02-01"},
		{Kind: state.PersonUnit, Name: id, Parent: "claims", From: "2026-02-01"},
	} {
		r.must(r.add(u))
	}
	r.same("in January", []string{"retail<", "claims<retail"}, r.units("2026-01-31"))
	r.same("in February", 7, len(r.units("2026-02-01")))
	for kind, bad := range map[spend.Kind][]state.Unit{
		spend.KindInvalid: {
			{Kind: "squad", Name: "x", From: "2026-01-01"},
			{Kind: state.Team, From: "2026-01-01"},
			{Kind: state.BusinessUnit, Name: "x", Parent: "y", From: "2026-01-01"},
			{Kind: state.Team, Name: "x", From: "2026-13-01"},
			{Kind: state.Team, Name: "x", From: "2026-02-01", To: "2026-02-01"},
		},
		spend.KindNotFound: {
			{Kind: state.Team, Name: "x", Parent: "nowhere", From: "2026-01-01"},
			{Kind: state.Application, Name: "x", Parent: "claims", From: "2025-12-31"},
			{Kind: state.PersonUnit, Name: "Mira Ott", Parent: "claims", From: "2026-02-01"},
		},
		spend.KindConflict: {
			{Kind: state.Team, Name: "claims", Parent: "retail", From: "2026-05-01"},
			{Kind: state.Workflow, Name: "nightly", Parent: "triage", From: "2026-05-01"},
		},
	} {
		for _, u := range bad {
			r.refuses(kind, r.add(u))
		}
	}
}

func reorganisation(r *room) {
	for _, name := range []string{"retail", "life"} {
		r.must(r.add(state.Unit{Kind: state.BusinessUnit, Name: name, From: "2026-01-01"}))
	}
	claims := state.Unit{Kind: state.Team, Name: "claims", Parent: "retail", From: "2026-01-01"}
	r.must(r.add(claims))
	claims.To = "2026-07-01"
	for _, want := range []bool{true, false} {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
			done, err := tx.EndUnit(ctx, claims)
			r.same("ended now", want, done)
			return err
		}))
	}
	r.must(r.add(state.Unit{Kind: state.Team, Name: "claims", Parent: "life", From: "2026-07-01"}))
	r.same("the last day", []string{"life<", "retail<", "claims<retail"}, r.units("2026-06-30"))
	r.same("the first day", []string{"life<", "retail<", "claims<life"}, r.units("2026-07-01"))
}

func settings(r *room) {
	swiss := state.Settings{Zone: "Europe/Zurich", FiscalYearStart: time.July, ReportingCurrency: "CHF"}
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		s, err := tx.Settings(ctx)
		r.same("default", state.DefaultSettings(), s)
		if err != nil {
			return err
		}
		return tx.PutSettings(ctx, swiss)
	}))
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		s, err := tx.Settings(ctx)
		r.same("kept", swiss, s)
		return err
	}))
	for _, bad := range []state.Settings{
		{Zone: "Local", FiscalYearStart: 1, ReportingCurrency: "USD"},
		{Zone: "", FiscalYearStart: 1, ReportingCurrency: "USD"},
		{Zone: "../../etc/passwd", FiscalYearStart: 1, ReportingCurrency: "USD"},
		{Zone: "UTC", FiscalYearStart: 13, ReportingCurrency: "USD"},
		{Zone: "UTC", FiscalYearStart: 1, ReportingCurrency: "usd"},
	} {
		r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.PutSettings(ctx, bad) }))
	}
}

func (r *room) rate(day, rate string) (kept state.Rate) {
	r.Helper()
	r.now = r.now.Add(time.Minute)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) (err error) {
		kept, err = tx.AddRate(ctx, state.Rate{From: "EUR", To: "USD", Rate: money.Must(rate), Day: day, Source: "ecb"})
		return err
	}))
	return kept
}

func rates(r *room) {
	friday := r.rate("2026-11-20", "1.0812345678")
	r.same("told again", friday.ID, r.rate("2026-11-20", "1.0812345678").ID)
	corrected := r.rate("2026-11-20", "1.09")
	back := r.rate("2026-11-20", "1.0812345678")
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		for _, c := range []struct {
			name, day string
			known     time.Time
			want      state.Rate
		}{
			{"on the weekend", "2026-11-22", r.now, back},
			{"as was known before the last correction", "2026-11-20", corrected.Known, corrected},
			{"as was known at first", "2026-11-20", friday.Known, friday},
		} {
			got, _, err := tx.RateOn(ctx, state.Rate{From: "EUR", To: "USD", Day: c.day, Known: c.known})
			r.must(err)
			r.same(c.name, c.want, got)
		}
		_, early, err := tx.RateOn(ctx, state.Rate{From: "EUR", To: "USD", Day: "2026-11-19", Known: r.now})
		r.must(err)
		_, reversed, err := tx.RateOn(ctx, state.Rate{From: "USD", To: "EUR", Day: "2026-11-22", Known: r.now})
		r.same("without a fact", []bool{false, false}, []bool{early, reversed})
		return err
	}))
	for _, bad := range []state.Rate{
		{From: "EUR", To: "EUR", Rate: money.Must("1"), Day: "2026-11-20", Source: "ecb"},
		{From: "EUR", To: "USD", Rate: money.Must("0"), Day: "2026-11-20", Source: "ecb"},
		{From: "EUR", To: "USD", Rate: money.Must("-1"), Day: "2026-11-20", Source: "ecb"},
		{From: "EUR", To: "USD", Rate: money.Must("1"), Day: "today", Source: "ecb"},
		{From: "EUR", To: "USD", Rate: money.Must("1"), Day: "2026-11-20"},
	} {
		r.refuses(spend.KindInvalid, r.write(func(ctx context.Context, tx *state.Tx) error {
			_, err := tx.AddRate(ctx, bad)
			return err
		}))
	}
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
