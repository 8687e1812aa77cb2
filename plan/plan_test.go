package plan_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/spend"
)

const whole = `currency: USD
lines:
  - months: {2026-10: 310, 2026-11: 90.50}
  - {where: {team: claims}, months: {2026-10: 100}}
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := plan.Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := []plan.Line{
		{Currency: "USD", Months: map[spend.Period]money.Amount{"2026-10": money.FromInt(310), "2026-11": money.Must("90.5")}},
		{Currency: "USD", Where: map[spend.Dimension]string{"team": "claims"}, Months: map[spend.Period]money.Amount{"2026-10": money.FromInt(100)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := plan.Differences(got)["plan of team claims for 2026-10"]; text != "100 USD" {
		t.Errorf("said %q", text)
	}
}

// TestParseRefuses: every mistake of a plan at once.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	bad := `currency: dollars
lines:
  - {where: {principal: x, tem: a@example.com}, months: {2026-13: -1, 2026-11: many}}
  - {where: {team: claims}}
`
	_, err := plan.Parse([]byte(bad))
	if spend.KindOf(err) != spend.KindInvalid {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{`"dollars" is none`, "single persons", `"tem"`, "lines[0].where.tem", `"2026-13" is no month`, `"-1" is no amount`, `"many" is no amount`, "lines[1].months: want 1 to 120"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	for _, text := range []string{"lines: 3", whole + "---\n" + whole, whole + "  - months: {2026-12: 1}\n", "months: {}"} {
		if _, err := plan.Parse([]byte(text)); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestWithin is the example of Within, and its law: parts sum to the month.
func TestWithin(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	day := func(month time.Month, n int) time.Time { return time.Date(2026, month, n, 0, 0, 0, 0, zone) }
	lines, err := plan.Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	within := func(c calendar.Calendar, from, to time.Time) money.Null {
		t.Helper()
		got, err := lines[0].Within(c, from, to)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	utc := calendar.New(time.UTC, spend.Fiscal{})
	third := time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC)
	if got := within(utc, third, third.AddDate(0, 0, 20)); got != money.Known(money.FromInt(200)) {
		t.Errorf("20 days are %v", got)
	}
	local := calendar.New(zone, spend.Fiscal{})
	sum := money.Amount{}
	for n := 1; n <= 61; n++ { // one of them has 25 hours
		part := within(local, day(10, n), day(10, n+1))
		if sum, err = sum.Add(part.Amount); err != nil {
			t.Fatal(err)
		}
	}
	if want := money.Must("400.5"); sum != want || within(local, day(10, 1), day(12, 1)) != money.Known(want) {
		t.Errorf("the days of two months sum to %s", sum)
	}
	if got := within(local, day(11, 30), day(12, 2)); got.Valid {
		t.Errorf("December is not planned, and is %v", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("currency: EUR\nlines: [{months: {2026-01: 1e9}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, err := plan.Parse(text)
		if err != nil && spend.KindOf(err) != spend.KindInvalid {
			t.Fatalf("%v", err)
		}
		for i := range lines {
			for month, amount := range lines[i].Months {
				if amount.Sign() < 0 || err == nil && len(month) != 7 {
					t.Errorf("%s of %s", amount, month)
				}
			}
		}
	})
}
