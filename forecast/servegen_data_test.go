//go:build data

package forecast_test

import (
	"compress/gzip"
	"encoding/csv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

// TestDataServeGen is the bar of real calls to models: three workloads of two weeks and
// the clients that call in nearly every hour, 9 to 12 days known and two days asked for.
func TestDataServeGen(t *testing.T) {
	hours := hoursOf(t)
	var seasonal, ours score
	refused := 0
	for _, n := range []int{216, 240, 264, 288} {
		var series []forecast.Series
		for _, name := range slices.Sorted(maps.Keys(hours)) {
			series = append(series, forecast.Series{Name: name, Values: hours[name][:n]})
		}
		answers, err := forecast.All(series, &forecast.Ask{Horizon: 48, Periods: []int{24, 168}, Levels: []int{80, 95}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range answers {
			known, came := series[i].Values, hours[series[i].Name][n:n+48]
			ours.add(known, came, &answers[i])
			seasonal.add(known, came, &forecast.Answer{Mean: slices.Concat(known[n-24:], known[n-24:])})
			if answers[i].Bounds[1].Refused != "" {
				refused++
			}
		}
	}
	seasonal, ours = seasonal.mean(), ours.mean()
	t.Logf("seasonal naive: sMAPE %.2f, MASE %.3f over %.0f windows", seasonal.smape, seasonal.mase, seasonal.series)
	t.Logf("ours: sMAPE %.2f, MASE %.3f, %.1f %% below; of 95 %%: coverage %.1f %% in %.0f windows, %d refused",
		ours.smape, ours.mase, 100*(1-ours.mase/seasonal.mase), ours.covered, ours.bounded, refused)
	if ours.mase > 0.9*seasonal.mase {
		t.Errorf("MASE %.3f is less than 10 %% below that of seasonal naive, %.3f", ours.mase, seasonal.mase)
	}
	if ours.bounded > 0 && ours.covered < 90 {
		t.Errorf("levels of 95 %% are published and cover %.1f %%", ours.covered)
	}
}

// hoursOf are the calls by hour of each workload of two weeks, and of each of its clients
// that calls in nine of ten hours at least.
func hoursOf(t *testing.T) map[string][]float64 {
	t.Helper()
	const span = 336
	packed, err := gzip.NewReader(dataFile(t, "traces/servegen_clients_10min.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(packed).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	hours := map[string][]float64{}
	for _, record := range records[1:] {
		start, _ := strconv.ParseFloat(record[2], 64)
		rate, err := strconv.ParseFloat(record[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{record[0], record[0] + "/" + record[1]} {
			if hours[name] == nil {
				hours[name] = make([]float64, span)
			}
			if hour := int(start) / 3600; hour < span && strings.HasPrefix(name, "language/") {
				hours[name][hour] += 600 * rate
			}
		}
	}
	maps.DeleteFunc(hours, func(_ string, values []float64) bool {
		empty := 0
		for _, v := range values {
			if v == 0 {
				empty++
			}
		}
		return empty > span/10
	})
	return hours
}
