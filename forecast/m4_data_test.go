//go:build data

package forecast_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/bursarhq/bursar/forecast"
)

// What a method scores over many series: sMAPE in per cent, MASE, and of a level of 95 %
// the coverage in per cent and the MSIS, by the definitions of the M4 competition.
type score struct{ smape, mase, covered, msis, bounded, series float64 }

// add counts one series: what was known, what came, what was said.
func (s *score) add(known, came []float64, said *forecast.Answer) {
	const m = 24
	scale := 0.0
	for i := m; i < len(known); i++ {
		scale += math.Abs(known[i] - known[i-m])
	}
	scale /= float64(len(known) - m)
	var relative, absolute float64
	for k, v := range came {
		f := said.Mean[k]
		if d := math.Abs(v) + math.Abs(f); d > 0 {
			relative += 200 * math.Abs(v-f) / d
		}
		absolute += math.Abs(v - f)
	}
	h := float64(len(came))
	s.smape += relative / h
	s.mase += absolute / h / scale
	s.series++
	for _, b := range said.Bounds {
		if b.Level == 95 && b.Refused == "" {
			s.addBounds(came, b, scale)
		}
	}
}

func (s *score) addBounds(came []float64, b forecast.Bounds, scale float64) {
	const alpha = 0.05
	var inside, width float64
	for k, v := range came {
		width += b.High[k] - b.Low[k]
		switch {
		case v < b.Low[k]:
			width += 2 / alpha * (b.Low[k] - v)
		case v > b.High[k]:
			width += 2 / alpha * (v - b.High[k])
		default:
			inside++
		}
	}
	h := float64(len(came))
	s.covered += 100 * inside / h
	s.msis += width / h / scale
	s.bounded++
}

func (s *score) mean() score {
	return score{
		smape: s.smape / s.series, mase: s.mase / s.series, covered: s.covered / s.bounded,
		msis: s.msis / s.bounded, bounded: s.bounded, series: s.series,
	}
}

// against is the OWA: how both errors compare with those of another method.
func (s score) against(other score) float64 { return (s.smape/other.smape + s.mase/other.mase) / 2 }

func dataFile(t testing.TB, name string) *os.File {
	t.Helper()
	dir := os.Getenv("BURSAR_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatalf("%v; set BURSAR_DATA to the folder with the public data", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// rowsOf reads a file of the competition: a name, then values, then empty cells.
func rowsOf(t testing.TB, name string) [][]float64 {
	t.Helper()
	records, err := csv.NewReader(dataFile(t, "forecast/"+name)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]float64
	for _, record := range records[1:] {
		var row []float64
		for _, cell := range record[1:] {
			if cell == "" {
				break
			}
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	return rows
}

// TestDataHourly is the bar of the M4 competition's hours. Naive2 says first that the
// measures are the official ones; then the same with the end of the training part held out.
func TestDataHourly(t *testing.T) {
	known, came := rowsOf(t, "M4-Hourly-train.csv"), rowsOf(t, "M4-Hourly-test.csv")
	naive2, ours := judge(t, known, came)
	if math.Abs(naive2.smape-18.383) > 5e-4 || math.Abs(naive2.mase-2.395) > 5e-4 {
		t.Errorf("Naive2 has sMAPE %.3f and MASE %.3f; published are 18.383 and 2.395", naive2.smape, naive2.mase)
	}
	owa := ours.against(naive2)
	if owa > 0.46 || ours.mase > 0.92 {
		t.Errorf("OWA %.3f, MASE %.3f; at most 0.46 and 0.92", owa, ours.mase)
	}
	if ours.covered < 92 || ours.covered > 97 || ours.msis > 8 || ours.bounded != ours.series {
		t.Errorf("coverage %.1f %%, MSIS %.2f of %.0f series; 92 to 97, at most 8, of all", ours.covered, ours.msis, ours.bounded)
	}
	for i := range known {
		n := len(known[i]) - 48
		known[i], came[i] = known[i][:n], known[i][n:]
	}
	naive2, ours = judge(t, known, came)
	if held := ours.against(naive2); math.Abs(held-owa) > 0.03 {
		t.Errorf("OWA %.3f held out, %.3f on the test part; they lie within 0.03", held, owa)
	}
}

// judge gives what Naive2 scores, and what we do.
func judge(t *testing.T, known, came [][]float64) (naive2, ours score) {
	t.Helper()
	var series []forecast.Series
	for i := range known {
		series = append(series, forecast.Series{Name: strconv.Itoa(i), Values: known[i]})
	}
	answers, err := forecast.All(series, &forecast.Ask{Horizon: 48, Periods: []int{24, 168}, Levels: []int{80, 95}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range answers {
		ours.add(known[i], came[i], &answers[i])
		naive2.add(known[i], came[i], &forecast.Answer{Mean: forecast.Naive2(known[i], 48, 24)})
	}
	naive2, ours = naive2.mean(), ours.mean()
	t.Logf("Naive2: sMAPE %.3f, MASE %.3f", naive2.smape, naive2.mase)
	t.Logf("ours: sMAPE %.3f, MASE %.3f, OWA %.3f; of 95 %%: coverage %.1f %%, MSIS %.2f in %.0f of %.0f series",
		ours.smape, ours.mase, ours.against(naive2), ours.covered, ours.msis, ours.bounded, ours.series)
	return naive2, ours
}
