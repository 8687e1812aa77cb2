package app

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// mostKept is how many forecasts are kept a day.
const mostKept = 500

// matured gives the defaults of what is not set.
func matured(m api.Maturity) api.Maturity {
	if m == (api.Maturity{}) {
		return api.Maturity{LeastDays: 28, SettleDays: 3, LeastJudged: 3}
	}
	return m
}

// forecasts is the server as the API asks it for what was forecast.
type forecasts struct{ *Server }

func (f forecasts) Maturity() api.Maturity { return f.Forecast }

// Ahead is the price book in force and the calendar that is applied.
func (f forecasts) Ahead() (*pricebook.Book, []occasion.Occasion) {
	o := f.order.Load()
	return o.Book, o.known
}

// Planned is what the plans that are applied say.
func (f forecasts) Planned() []plan.Line { return f.order.Load().planned }

// KeepForecast keeps the first forecast of a question on a day under a name of its content:
// it was told, and asking again must neither change what is judged nor fill the state, so
// the ones after it are looked up and not written. What names a person by an address is not
// kept.
func (f forecasts) KeepForecast(ctx context.Context, k *report.KeptForecast) (id string, err error) {
	err = f.State.Read(ctx, func(tx *state.Tx) error {
		id, err = tx.ForecastOf(ctx, k.Asked, k.To)
		return err
	})
	if err != nil || id != "" {
		return id, err
	}
	text, err := json.Marshal(k)
	if err != nil {
		return "", spend.Errorf(spend.KindInternal, "keep a forecast", "%w", err)
	}
	if strings.Contains(string(text), "@") {
		return "", spend.Errorf(spend.KindExhausted, "keep a forecast", "a name in it looks like an address").WithHint("it is answered, and not kept")
	}
	row := state.Forecast{ID: spend.Digest("forecast", string(text)).String(), Asked: k.Asked, Text: string(text), From: k.From, To: k.To}
	err = f.State.Write(ctx, func(tx *state.Tx) error {
		id, err = tx.KeepForecast(ctx, row, tx.Now().Add(-24*time.Hour), mostKept)
		return err
	})
	return id, err
}

func (f forecasts) Forecasts(ctx context.Context, behind *api.ForecastPlace, limit int) (all []api.Foretold, err error) {
	var place *state.ForecastPlace
	if behind != nil {
		place = &state.ForecastPlace{Kept: behind.Kept, ID: behind.ID}
	}
	err = f.State.Read(ctx, func(tx *state.Tx) error {
		rows, err := tx.Forecasts(ctx, place, limit)
		if err == nil {
			all, err = foretold(rows)
		}
		return err
	})
	return all, err
}

func (f forecasts) EndedForecasts(ctx context.Context, asked string, by time.Time, limit int) (all []api.Foretold, err error) {
	err = f.State.Read(ctx, func(tx *state.Tx) error {
		rows, err := tx.EndedForecasts(ctx, asked, by, limit)
		if err == nil {
			all, err = foretold(rows)
		}
		return err
	})
	return all, err
}

func foretold(rows []state.Forecast) ([]api.Foretold, error) {
	all := make([]api.Foretold, len(rows))
	for i := range rows {
		all[i] = api.Foretold{ID: rows[i].ID, Kept: rows[i].Kept}
		if err := json.Unmarshal([]byte(rows[i].Text), &all[i].Forecast); err != nil {
			return nil, spend.Errorf(spend.KindInternal, "read a kept forecast", "%w", err)
		}
	}
	return all, nil
}
