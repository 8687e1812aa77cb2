package report_test

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// beginnings are workflows that began on different days, and grew from 10 a day to 100 in
// sixty days, beside one that has been there for longer; of each how long ago it began.
func beginnings(f *report.Foresight, began map[string]int) *ledger {
	l := &ledger{}
	for name, days := range began {
		for age := range days {
			amount := 10 + 90*min(float64(age)/60, 1)
			if name == "young" {
				amount /= 2
			}
			if name == "old" {
				amount = 500
			}
			l.add(f, days-age, strconv.FormatFloat(amount, 'f', 2, 64), name)
		}
	}
	return l
}

// TestANewWorkflowBeginsAsOthersDid: what is two weeks old grows as four others did at its
// age, where its whole does not grow at all.
func TestANewWorkflowBeginsAsOthersDid(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "workflow"})
	o := beginnings(&f, map[string]int{"old": 200, "a": 150, "b": 140, "c": 130, "d": 120, "young": 14}).foresee(t, &f)
	want := 0.0
	for age := 14; age < 28; age++ {
		want += 5 + 45*float64(age)/60
	}
	r := rowOf(t, &o, "young")
	if got := r.Mean.Approx(); math.Abs(got-want) > 0.05*want || !r.Likened || r.Analogy != "like 4 others at its age" {
		t.Errorf("%.1f by %q, want %.1f", got, r.Analogy, want)
	}
	if r.Bounds[0].Refused == "" {
		t.Error("it has bounds")
	}
	few := beginnings(&f, map[string]int{"old": 200, "a": 150, "b": 140, "young": 14}).foresee(t, &f)
	if r := rowOf(t, &few, "young"); r.Analogy != "what it is a part of" {
		t.Errorf("two are enough: %q", r.Analogy)
	}
	var out bytes.Buffer
	if err := report.ForecastText(&out, &report.ForecastShown{Outlook: &o}); err != nil || !strings.Contains(out.String(), "by analogy (1): like 4 others at its age") {
		t.Errorf("%v: %s", err, &out)
	}
}

func rowOf(t *testing.T, o *report.Outlook, name string) *report.OutlookRow {
	t.Helper()
	for i := range o.Rows {
		if len(o.Rows[i].Keys) > 0 && o.Rows[i].Keys[0] == name {
			return &o.Rows[i]
		}
	}
	t.Fatalf("%s is missing", name)
	return nil
}

// TestALaunchSaysWhatItIsLike: half of what another came to from its first day on, five days
// from now, also where that one's beginning is not known: then half of what it will.
func TestALaunchSaysWhatItIsLike(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "workflow"})
	f.Calendar = []occasion.Occasion{{Kind: occasion.Launch, Name: "in German", Days: []string{"2026-11-25"}, Where: map[spend.Dimension]string{"workflow": "new"}, Like: "a", Effect: money.Known(money.Must("0.5"))}}
	began := map[string]int{"old": 200, "a": 150}
	o := beginnings(&f, began).foresee(t, &f)
	want := 0.0
	for age := range 9 {
		want += 5 + 45*float64(age)/60
	}
	r := rowOf(t, &o, "new")
	if got := r.Mean.Approx(); math.Abs(got-want) > 0.1*want || r.Analogy != "declared like a" || r.History != 0 || !r.Days[4].IsZero() || r.Days[5].IsZero() {
		t.Errorf("%.1f by %q from %v, want %.1f", got, r.Analogy, r.Days, want)
	}
	f.Calendar[0].Like = "old"
	o = beginnings(&f, began).foresee(t, &f)
	if r := rowOf(t, &o, "new"); r.Analogy != "declared like old" || math.Abs(r.Mean.Approx()-9*250) > 1 {
		t.Errorf("%v by %q", r.Mean, r.Analogy)
	}
	f.Calendar[0].Like = "nothing"
	o = beginnings(&f, began).foresee(t, &f)
	if len(o.Rows) != 3 {
		t.Errorf("like nothing that is there: %d rows", len(o.Rows))
	}
}

// TestWhatIsTooYoungAndLikeNothingIsRefused: ten days of everything are no evidence yet.
func TestWhatIsTooYoungAndLikeNothingIsRefused(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "workflow"})
	l := beginnings(&f, map[string]int{"a": 10})
	if _, err := report.Foresee(&f, &l.past, &l.fed, 28); spend.KindOf(err) != spend.KindNotFound || !strings.Contains(err.Error(), "not enough evidence yet: 10 days of history are fewer than 28") {
		t.Errorf("got %v", err)
	}
}
