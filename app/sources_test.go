package app

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
)

func TestSilence(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		hours int           // in a row, but for a pause of three in the middle
		after time.Duration // of the last
		want  api.Rhythm
	}{
		{"as ever", 20, 4 * time.Hour, api.Talking},
		{"twice its pause", 20, 6 * time.Hour, api.Talking},
		{"longer than ever", 20, 6*time.Hour + time.Second, api.Silent},
		{"too little to know", 9, 90 * time.Hour, api.Rare},
	} {
		h := lake.Heard{Source: "till", Calls: 7}
		for i := range c.hours {
			at := start.Add(time.Duration(i) * time.Hour)
			if i >= c.hours/2 {
				at = at.Add(2 * time.Hour)
			}
			h.Hours, h.Last = append(h.Hours, at), at
		}
		if got := sourceHeard(&h, h.Last.Add(c.after)); got.Rhythm != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestFinalityAndDuplicatesAreTold has what is heard in the answer: what is unpriced has no
// amount.
func TestFinalityAndDuplicatesAreTold(t *testing.T) {
	t.Parallel()
	source := sourceHeard(&lake.Heard{
		Source: "till", Calls: 5,
		Maturity: lake.Maturity{
			Final: lake.HeardSum{Calls: 3, Cost: money.Known(money.FromInt(2))}, Provisional: lake.HeardSum{Calls: 2, Unknown: 2},
			Through: time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC),
		},
		Suppressed: lake.Suppressed{Duplicates: 4, ChargedBy: []lake.Charging{{Source: "gateway", Calls: 4}}},
	}, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	text, err := json.Marshal(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"final":{"calls":3,"cost":"2","unknown_calls":0}`, `"provisional":{"calls":2,"cost":null,"unknown_calls":2}`, `"final_through":"2026-10-31"`,
		`"duplicates":4,"duplicates_charged_by":[{"source":"gateway","calls":4}]`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
}

// TestSourcesAreTooManyForAMetric counts what comes again of more sources than are told apart.
func TestSourcesAreTooManyForAMetric(t *testing.T) {
	t.Parallel()
	r := repeats{most: 2}
	for _, source := range []string{"a", "b", "c", "a", "d"} {
		r.add(source, 1)
	}
	if r.of("a") != 2 || r.of("b") != 1 || r.of(otherSources) != 2 || len(r.by) != 3 {
		t.Errorf("%v", r.by)
	}
}
