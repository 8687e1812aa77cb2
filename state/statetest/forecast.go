package statetest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

func forecasts(r *room) {
	day := func(n int) time.Time { return time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC) }
	one := state.Forecast{ID: "one", Asked: "q", Text: "{}", From: day(1), To: day(8)}
	two := state.Forecast{ID: "two", Asked: "q", Text: `{"rows":[]}`, From: day(8), To: day(15)}
	foreign := state.Forecast{ID: "three", Asked: "other", Text: "{}", From: day(1), To: day(2)}
	keep := func(f state.Forecast, want string) error {
		return r.write(func(ctx context.Context, tx *state.Tx) error {
			id, err := tx.KeepForecast(ctx, f, day(1), 3)
			r.same("what stands for "+f.ID, want, id)
			return err
		})
	}
	for _, f := range []state.Forecast{one, two, foreign} {
		r.must(keep(f, f.ID))
		r.now = r.now.Add(time.Hour)
	}
	r.must(keep(state.Forecast{ID: "later", Asked: "q", Text: `{"changed":true}`, From: day(1), To: day(8)}, "one")) // append-only
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		id, err := tx.ForecastOf(ctx, "q", day(9))
		r.same("of another day", "", id)
		return err
	}))
	r.refuses(spend.KindExhausted, keep(state.Forecast{ID: "four", Asked: "q", Text: "{}"}, ""))
	r.refuses(spend.KindInvalid, keep(state.Forecast{ID: "five", Asked: "q"}, ""))
	want := func(what string, found []state.Forecast, all ...state.Forecast) {
		for i := range found {
			r.same(what+": has a time", false, found[i].Kept.IsZero())
			found[i].Kept = time.Time{}
		}
		r.same(what, all, found)
	}
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		page, err := tx.Forecasts(ctx, nil, 2)
		r.must(err)
		rest, err := tx.Forecasts(ctx, &state.ForecastPlace{Kept: page[1].Kept, ID: page[1].ID}, 2)
		r.must(err)
		want("the newest", page, foreign, two)
		want("behind them", rest, one)
		ended, err := tx.EndedForecasts(ctx, "q", day(14), 9)
		want("ended", ended, one)
		r.must(err)
		ended, err = tx.EndedForecasts(ctx, "q", day(15), 1)
		want("the last to end", ended, two)
		return err
	}))
}
