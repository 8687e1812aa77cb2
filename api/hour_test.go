package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestHoursOfTheWeek(t *testing.T) {
	t.Parallel()
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	row := func(bucket time.Time, cost money.Null) spend.Row {
		return spend.Row{Bucket: bucket, Values: []money.Null{cost, money.Known(money.FromInt(1))}}
	}
	f := &fake{table: spend.Table{Currency: "USD", Rows: []spend.Row{
		row(at(2, 9), money.Known(money.FromInt(3))), row(at(8, 23), money.Null{}), row(at(9, 9), money.Known(money.FromInt(4))), row(at(16, 9), money.Null{}),
	}}}
	s := server(t, f)
	asked := scenario{name: "two Mondays and a Sunday", method: "GET", url: "/api/v1/spend/hours?measures=cost,calls&since=2026-11-01", token: "whole", status: http.StatusOK}
	var got api.Hours
	if err := json.Unmarshal(asked.run(t, s).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := []api.WeekHour{
		{Weekday: 1, Hour: 9, Times: 3, Values: api.Figures{"cost": money.Known(money.FromInt(7)), "calls": money.Known(money.FromInt(3))}},
		{Weekday: 7, Hour: 23, Times: 1, Values: api.Figures{"cost": {}, "calls": money.Known(money.FromInt(1))}},
	}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
	if f.asked[0].Grain != spend.Hour || len(f.asked[0].By) > 0 {
		t.Errorf("the ledger was asked %+v", f.asked[0])
	}
	refused := scenario{name: "what does not add up", method: "GET", url: "/api/v1/spend/hours?measures=duration_p95", token: "whole", status: http.StatusBadRequest}
	refused.run(t, s)
}
