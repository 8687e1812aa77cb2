package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Doctor checks the ledger's laws and what needs a person.
func (a *App) Doctor(ctx context.Context, now time.Time) (checks []api.Finding, err error) {
	return a.examine(ctx, now, a.laws)
}

// examine is Doctor with the laws looked at in a way of its own.
func (a *App) examine(ctx context.Context, now time.Time, laws func(context.Context) ([]api.Finding, error)) (checks []api.Finding, err error) {
	one := func(check func(context.Context, time.Time) (api.Finding, error)) func() ([]api.Finding, error) {
		return func() ([]api.Finding, error) {
			c, err := check(ctx, now)
			return []api.Finding{c}, err
		}
	}
	for _, part := range []func() ([]api.Finding, error){
		func() ([]api.Finding, error) { return laws(ctx) },
		func() ([]api.Finding, error) { return a.attention(ctx) },
		one(func(context.Context, time.Time) (api.Finding, error) { return a.prices(now), nil }),
		one(a.unowned), one(a.stateFile), one(a.auditTrail), one(a.clock), one(a.disk), one(a.backups),
	} {
		found, err := part()
		if checks = append(checks, found...); err != nil {
			return checks, err
		}
	}
	return checks, nil
}

func (a *App) attention(ctx context.Context) ([]api.Finding, error) {
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost, spend.Calls}, Zone: a.View().Location(), Fiscal: a.View().Fiscal}
	t, err := a.Answer(ctx, &q)
	if err != nil {
		return nil, err
	}
	rejected, err := a.Lake.Quarantined(ctx, lake.Listing{Limit: 1001})
	if err != nil {
		return nil, err
	}
	some := func(n int64) string {
		if n > 1000 {
			return "more than 1000"
		}
		return strconv.FormatInt(n, 10)
	}
	return []api.Finding{
		look("ledger", "", fmt.Sprintf("%d calls cost %s %s", t.Totals.Calls, t.Totals.Cost.Fixed(2), t.Currency)),
		look("unpriced", when(t.Totals.Unpriced.Calls != 0, "bursar spend --by seller,requested_model --where price_state=unpriced --measures calls,exposure names the models; bursar price import brings their prices"),
			fmt.Sprintf("%d calls have no amount; exposure up to %s %s", t.Totals.Unpriced.Calls, t.Totals.Exposure.Fixed(2), t.Currency)),
		look("unconverted", when(t.Totals.UnconvertedLines != 0, "bursar spend --by currency names the currencies; bursar rate import brings rates and converts"),
			fmt.Sprintf("%d lines have no exchange rate into %s", t.Totals.UnconvertedLines, t.Currency)),
		look("open calls", "", fmt.Sprintf("%d calls are open and hold up to %s %s", t.Totals.OpenCalls, t.Totals.OpenHolds.Fixed(2), t.Currency)),
		look("unattributed", when(!t.Totals.Unattributed.IsZero(), "bursar spend --by credential,application --where team= says where it comes from; give those tokens a team, or write an attribution rule"),
			fmt.Sprintf("%s %s has no team", t.Totals.Unattributed.Fixed(2), t.Currency)),
		look("quarantine", when(len(rejected) > 0, "bursar quarantine list says what is wrong with each; mend the source and send it again, or bursar quarantine retry"),
			some(int64(len(rejected)))+" records are rejected"),
	}, nil
}

func (a *App) prices(now time.Time) api.Finding {
	stale := pricebook.Stale(a.Book().Facts(), now, a.StaleDays)
	return look("prices", when(len(stale) > 0, "bursar price book lists them; check them at their sources and import what changed"),
		fmt.Sprintf("book %s of %d facts; %d were last checked more than %d days ago", a.Book().Hash(), a.Book().Len(), len(stale), a.StaleDays))
}

// unowned says what nobody answers for, and which of it costs most, in the window that the
// register has when nobody names another.
func (a *App) unowned(ctx context.Context, now time.Time) (api.Finding, error) {
	found, err := a.unownedIn(ctx, lake.BucketOf(&spend.Query{Grain: spend.Day, Zone: a.View().Location()}, now.AddDate(0, 0, -30)), now)
	if err != nil || len(found) == 0 {
		return api.Finding{Name: "unowned", State: api.Healthy, Msg: "somebody answers for every application, workflow and agent of the last 30 days"}, err
	}
	return look("unowned", "bursar register list --unowned has them; bursar register claim NAME --team TEAM says whose each is",
		fmt.Sprintf("%d applications, workflows and agents of the last 30 days are nobody's; the largest is %s %s with %s %s and exposure up to %s",
			len(found), found[0].Kind, found[0].Name, found[0].Cost.Amount.Fixed(2), a.Currency(), found[0].Exposure.Fixed(2))), nil
}

// unwell is a check that did not come out well, and what to do about it.
func unwell(name string, state api.Condition, msg, mend string) api.Finding {
	return api.Finding{Name: name, State: state, Msg: msg, Mend: mend}
}

// look is a check that a person should look at when there is something to mend.
func look(name, mend, msg string) api.Finding {
	if mend != "" {
		return unwell(name, api.Attention, msg, mend)
	}
	return api.Finding{Name: name, State: api.Healthy, Msg: msg}
}

// when gives what to do when that is needed.
func when(needed bool, mend string) string {
	if needed {
		return mend
	}
	return ""
}
