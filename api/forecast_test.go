package api_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func (f *fake) Maturity() api.Maturity {
	return api.Maturity{LeastDays: 28, SettleDays: 3, LeastJudged: 1}
}

// Ahead has no prices, and a launch.
func (f *fake) Planned() []plan.Line { return f.planned }

func (f *fake) Ahead() (*pricebook.Book, []occasion.Occasion) {
	book, err := pricebook.Compile(nil, nil, nil, time.Time{})
	if err != nil {
		panic(err)
	}
	return book, []occasion.Occasion{{Kind: occasion.Launch, Name: "copilot", Days: []string{"2026-11-27"}, Effect: money.Known(money.FromInt(2)), Where: map[spend.Dimension]string{"team": "z"}}}
}

func (f *fake) KeepForecast(_ context.Context, k *report.KeptForecast) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.foretold = append(f.foretold, api.Foretold{ID: "kept", Kept: noon(), Forecast: *k})
	return "kept", f.refuse
}

func (f *fake) Forecasts(_ context.Context, _ *api.ForecastPlace, limit int) ([]api.Foretold, error) {
	return f.foretold[:min(len(f.foretold), limit)], nil
}

func (f *fake) EndedForecasts(_ context.Context, asked string, by time.Time, _ int) (all []api.Foretold, err error) {
	for _, k := range f.foretold {
		if k.Forecast.Asked == asked && !k.Forecast.To.After(by) {
			all = append(all, k)
		}
	}
	return all, nil
}

// pastDays are ninety days of 10, 11, … 16 in two groups, until a question ends.
func pastDays(q *spend.Query) (rows []spend.Row) {
	groups := [][]string{{}}
	if len(q.By) > 0 {
		groups = [][]string{{"a"}, {"b"}}
	}
	for i := range 90 {
		for _, keys := range groups {
			rows = append(rows, spend.Row{Bucket: q.To.AddDate(0, 0, i-90), Keys: keys, Values: []money.Null{money.Known(money.FromInt(10 + int64(i%7)))}})
		}
	}
	return rows
}

func TestForecastEnvelope(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD"}}
	s := scenario{name: "ahead", method: "GET", url: "/api/v1/forecast?by=team&horizon=2w&levels=80&where=model=large&days=true", token: "finance", status: 200}
	var got api.ForecastEnvelope
	if err := json.Unmarshal(s.run(t, server(t, f)).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 3 || got.ID != "kept" || got.NotKept != "" || got.Record.Enough || got.Days != 14 {
		t.Fatalf("got %+v", got)
	}
	sum, err := got.Rows[1].Mean.Add(got.Rows[2].Mean)
	if whole := got.Rows[0]; err != nil || sum != whole.Mean || whole.Mean != money.FromInt(4*91) || whole.Before.Amount != whole.Mean || whole.Depth != 0 || len(whole.Days) != 14 {
		t.Errorf("parts are %v, the whole is %+v", sum, whole)
	}
	if part := got.Rows[1]; part.Keys["team"] != "a" || part.Parent != 0 || part.History != 90 || len(part.Methods) == 0 || part.Days[0].Day != "2026-11-20" {
		t.Errorf("a part is %+v", part)
	}
	if o := got.Calendar; len(o) != 1 || o[0].Name != "copilot" || o[0].Groups != 0 || o[0].Factor.Valid {
		t.Errorf("another team's launch is %+v", o)
	}
	past := f.asked[0]
	from, to := time.Date(2024, 9, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	if !past.From.Equal(from) || !past.To.Equal(to) || past.Top != 500 || len(past.Where) != 1 || len(f.asked[1].Where) != 0 {
		t.Errorf("asked %+v", f.asked)
	}
}

func TestForecastsInOtherForms(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD"}}
	for _, s := range []scenario{
		{name: "text", url: "?by=team&horizon=14d&format=text", status: 200, want: []string{"LAST 14 DAYS USD", "TOTAL", "364.00", "not enough evidence yet", "refused"}},
		{name: "csv", url: "?by=team&horizon=14d&format=csv", status: 200, want: []string{"series,team,depth,from,to,before,mean,lo80,hi80,lo95,hi95,history_days,by_analogy", "TOTAL,,0,2026-11-20T00:00:00Z,2026-12-04T00:00:00Z,364,364,"}},
		{name: "no unit", url: "?horizon=30", status: 400, want: []string{"days like 90d"}},
		{name: "everything wrong", url: "?horizon=x&levels=0&measure=runs", status: 400, want: []string{"horizon", "levels", "measure"}},
		{name: "many groups", url: "?by=team&top=1001", status: 400, want: []string{"1 to 1000"}},
		{name: "a person", url: "?by=principal", token: "admin", status: 403, want: []string{"single persons"}},
		{name: "a lead, of everything", url: "", token: "lead", status: 403},
	} {
		s.method, s.url = "GET", "/api/v1/forecast"+s.url
		if s.token == "" {
			s.token = "finance"
		}
		s.run(t, server(t, f))
	}
	f.table.Rows = []spend.Row{{Bucket: noon(), Values: []money.Null{{}}}}
	(&scenario{name: "nothing known", method: "GET", url: "/api/v1/forecast", token: "finance", status: 404, want: []string{"import usage first"}}).run(t, server(t, f))
}

// TestWhatIsBookedAheadAloneIsNoForecast: it is told, and neither kept nor in the report of a
// board, where it is named.
func TestWhatIsBookedAheadAloneIsNoForecast(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD"}}
	f.rowsOf = func(q *spend.Query) []spend.Row {
		if q.Grain != spend.Day || len(q.Measures) > 1 {
			return nil
		}
		return []spend.Row{{Bucket: noon(), Keys: make([]string, len(q.By)), Values: []money.Null{{}}}}
	}
	f.bought = []spend.Row{{Bucket: noon(), Keys: []string{"cursor", "Teams"}, Values: []money.Null{money.Known(money.FromInt(500))}}}
	ask := scenario{name: "ahead", method: "GET", url: "/api/v1/forecast?by=seller,tag:product", token: "finance", status: 200}
	var got api.ForecastEnvelope
	if err := json.Unmarshal(ask.run(t, server(t, f)).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if whole := got.Rows[0]; whole.Mean != money.FromInt(500) || whole.Booked != whole.Mean || whole.Intervals[0].Refused == "" || got.ID != "" || got.NotKept == "" || len(f.foretold) != 0 {
		t.Errorf("it is %+v", got)
	}
	(&scenario{name: "board", method: "GET", url: "/api/v1/reports/board", token: "whole", status: 200, want: []string{"only what is booked ahead is told: 500.00 USD"}}).run(t, server(t, f))
	if len(f.foretold) != 0 {
		t.Errorf("kept: %+v", f.foretold)
	}
}

// TestKeptForecastsStandBesideWhatCame keeps a forecast of a month ago; nothing came.
func TestKeptForecastsStandBesideWhatCame(t *testing.T) {
	t.Parallel()
	f := &fake{table: spend.Table{Currency: "USD"}}
	ask := scenario{name: "ahead", method: "GET", url: "/api/v1/forecast?horizon=7d&levels=80", token: "finance", status: 200}
	ask.run(t, server(t, f))
	k := &f.foretold[0].Forecast
	k.From, k.To = k.From.AddDate(0, 0, -30), k.To.AddDate(0, 0, -30)
	k.Rows[0].Low[0], k.Rows[0].High[0] = money.Known(money.FromInt(80)), money.Known(money.FromInt(100))
	var got api.ForecastEnvelope
	if err := json.Unmarshal(ask.run(t, server(t, f)).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	held := []report.LevelHeld{{Level: 80, Asked: 1}}
	if diff := cmp.Diff(held, got.Record.Levels); diff != "" || !got.Record.Enough || got.Record.Judged != 1 {
		t.Errorf("the record is %+v (-want +got):\n%s", got.Record, diff)
	}
	if b := got.Rows[0].Intervals[0]; b.Reach != money.Known(money.Must("1.4918")) || b.Refused != "" {
		t.Errorf("a miss is learned as %+v", b)
	}
	list := scenario{name: "kept", method: "GET", url: "/api/v1/forecasts", token: "finance", status: 200}
	var page api.Page[api.KeptForecast]
	if err := json.Unmarshal(list.run(t, server(t, f)).Body.Bytes(), &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 2 || page.Items[0].State != "judged" || page.Items[1].State != "running" || page.Items[1].Judgement != nil {
		t.Fatalf("kept: %+v", page.Items)
	}
	if j := page.Items[0].Judgement; j == nil || j.Error != money.FromInt(-91) || *j.Levels[0].Whole {
		t.Errorf("judged: %+v", j)
	}
	list.token, list.not = "lead", []string{`"id":"kept"`} // of everything, which a lead may not ask
	list.run(t, server(t, f))
	(&scenario{name: "a long page", method: "GET", url: "/api/v1/forecasts?limit=51", token: "finance", status: 400, want: []string{"1 to 50"}}).run(t, server(t, f))
}
