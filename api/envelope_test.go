package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func cost(text string) []money.Null { return []money.Null{money.Known(money.Must(text))} }

// TestEnvelope: the total is the rows and other, and the parts say their share.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	f := &fake{standing: api.Standing{LastEventAt: noon(), FinalThrough: "2026-10", Demo: true}}
	f.table = spend.Table{Currency: "USD", Rows: []spend.Row{
		{Bucket: day(1), Keys: []string{"claims"}, Values: cost("1.5")},
		{Bucket: day(1), Keys: []string{""}, Other: true, Values: cost("0.25")},
		{Bucket: day(2), Keys: []string{"claims"}, Values: cost("2")},
		{Bucket: day(2), Keys: []string{""}, Other: true, Values: cost("0.25")},
	}}
	f.table.Totals = spend.Totals{
		Values: cost("4"), Calls: 9, Cost: money.Must("4"), Unattributed: money.Must("0.5"), Exposure: money.Must("7"),
		Unpriced: spend.Unknown{Calls: 2, PromptTokens: 30},
	}
	s := scenario{
		name: "envelope", method: "GET", token: "whole", status: 200,
		url: "/api/v1/spend?by=team&measures=cost&grain=day&since=2026-11-01&until=2026-11-03",
	}
	var e api.Envelope
	if err := json.Unmarshal(s.run(t, server(t, f)).Body.Bytes(), &e); err != nil {
		t.Fatal(err)
	}
	sum := e.Other.Values["cost"].Amount
	for _, row := range e.Rows {
		sum, _ = sum.Add(row.Values["cost"].Amount)
	}
	if sum != e.Total.Cost || len(e.Rows) != 2 || len(e.Other.Rows) != 2 {
		t.Errorf("rows and other sum to %s, the total is %s", sum, e.Total.Cost)
	}
	quarter, eighth := "0.250000", "0.125000"
	want := api.Meta{
		QueryID: e.Meta.QueryID, AsOf: noon(), Finality: api.Provisional, FinalThrough: "2026-10", Currency: "USD", Demo: true,
		Estimated: api.Part{Amount: money.Must("1"), Share: &quarter}, Unallocated: api.Part{Amount: money.Must("0.5"), Share: &eighth},
		Unpriced: []api.UnpricedUnits{{Unit: "prompt_tokens", Quantity: money.FromInt(30), Lines: 2}},
	}
	at, from, to := noon(), day(1), day(3)
	want.LastEventAt, want.Window = &at, api.Span{Interval: api.Interval{From: &from, To: &to}, Zone: "UTC"}
	if diff := cmp.Diff(want, e.Meta); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
	if f.asked[0].Top != 500 {
		t.Errorf("the question kept %d groups", f.asked[0].Top)
	}
}

func TestFinality(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		window   string
		standing api.Standing
		want     api.Finality
	}{
		{"axis=period&since=2026-09-01&until=2026-10-01", api.Standing{FinalThrough: "2026-09"}, api.Final},
		{"axis=period&since=2026-09-01&until=2026-10-02", api.Standing{FinalThrough: "2026-09"}, api.Provisional},
		{"since=2026-09-01&until=2026-10-01", api.Standing{FinalThrough: "2026-09"}, api.Provisional},
		{"since=2026-11-01", api.Standing{FinalThrough: "2026-09"}, api.Ongoing},
		{"", api.Standing{}, api.Ongoing},
		{"since=2026-09-01&until=2026-10-01", api.Standing{FinalThrough: "2026-09", Restated: &api.Restatement{At: noon()}}, api.Restated},
	} {
		s := scenario{name: c.window, method: "GET", url: "/api/v1/spend?" + c.window, token: "whole", status: 200, want: []string{`"finality":"` + string(c.want) + `"`}}
		s.run(t, server(t, &fake{standing: c.standing}))
	}
}

// A question that ends now is about the present, however long it takes.
func TestThePresentIsLive(t *testing.T) {
	t.Parallel()
	s := scenario{name: "until now", method: "GET", url: "/api/v1/spend?since=7d", token: "whole", status: 200, want: []string{`"finality":"live"`}}
	s.run(t, server(t, &fake{ticks: time.Second}))
}

func TestPersonReadIsNoted(t *testing.T) {
	t.Parallel()
	f := &fake{}
	s := scenario{
		name: "by person", method: "GET", token: "lead", status: 200,
		url: "/api/v1/spend?by=principal&where=business_unit=retail&where=team=claims",
	}
	s.run(t, server(t, f))
	if len(f.notes) != 1 || f.notes[0].Action != "person.read" {
		t.Errorf("noted: %+v", f.notes)
	}
}
