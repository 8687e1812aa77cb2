package report_test

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// ahead is a question of a Friday noon.
func ahead(t *testing.T, ask report.ForecastAsk) report.Foresight {
	t.Helper()
	if ask.Horizon == "" {
		ask.Horizon = "14d"
	}
	if ask.Measure == "" {
		ask.Measure = "cost"
	}
	ask.Levels, ask.Book = "80", "metered"
	f, err := ask.Foresight(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// ledger is what a little ledger answers: by day before the present one, what each group
// spent, 0 for no line. The feed has what feeds says of a day.
type ledger struct {
	past, fed spend.Table
}

func (l *ledger) add(f *report.Foresight, daysAgo int, amount string, keys ...string) {
	bucket := f.Past.To.AddDate(0, 0, -daysAgo)
	l.fed.Rows = append(l.fed.Rows, spend.Row{Bucket: bucket, Values: []money.Null{money.Known(money.FromInt(1))}})
	value := money.Null{}
	if amount != "" {
		value = money.Known(money.Must(amount))
	}
	l.past.Rows = append(l.past.Rows, spend.Row{Bucket: bucket, Keys: keys, Values: []money.Null{value}})
}

func (l *ledger) foresee(t *testing.T, f *report.Foresight) report.Outlook {
	t.Helper()
	l.past.Currency = "USD"
	o, err := report.Foresee(f, &l.past, &l.fed, 28)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestShownPartsAddUp draws companies and sums what is printed, on every level.
func TestShownPartsAddUp(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 1))
		f := ahead(t, report.ForecastAsk{By: "team,workflow"})
		l := ledger{}
		for day := 1; day <= 90; day++ {
			for _, keys := range [][]string{{"a", "x"}, {"a", "y"}, {"a", "z"}, {"b", "x"}, {"c", "x"}, {"c", ""}} {
				l.add(&f, day, money.FromUnits(int64(r.Uint64N(3e12))).String(), keys...)
			}
		}
		o := l.foresee(t, &f)
		shown := printed(t, &report.ForecastShown{Outlook: &o})
		for _, column := range []int{2, 3} {
			wholes, leaves := money.Amount{}, money.Amount{}
			teams := map[string]money.Amount{}
			var total money.Amount
			for _, cells := range shown {
				amount := money.Must(strings.ReplaceAll(cells[column], ",", ""))
				switch {
				case cells[0] == "TOTAL":
					total = amount
				case cells[1] == "(all)":
					wholes, teams[cells[0]] = plus(t, wholes, amount), plus(t, teams[cells[0]], amount)
				default:
					leaves, teams[cells[0]] = plus(t, leaves, amount), plus(t, teams[cells[0]], amount.Neg())
				}
			}
			if total != wholes || total != leaves || total.IsZero() {
				t.Errorf("seed %d, column %d: the total is %v, teams are %v, workflows %v", seed, column, total, wholes, leaves)
			}
			for team, rest := range teams {
				if !rest.IsZero() {
					t.Errorf("seed %d, column %d: the workflows of %s miss %v", seed, column, team, rest)
				}
			}
		}
	}
}

func plus(t *testing.T, a, b money.Amount) money.Amount {
	t.Helper()
	sum, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// printed gives the cells of the table for people, without head and footer.
func printed(t *testing.T, f *report.ForecastShown) (rows [][]string) {
	t.Helper()
	var out bytes.Buffer
	if err := report.ForecastText(&out, f); err != nil {
		t.Fatal(err)
	}
	table, _, _ := strings.Cut(out.String(), "\n\n")
	for line := range strings.Lines(table) {
		cells := strings.Fields(line)
		if cells[0] == "TOTAL" {
			cells = append([]string{"TOTAL", ""}, cells[1:]...)
		}
		rows = append(rows, cells)
	}
	return rows[1:]
}

// TestDaysWithoutAFeedAreNoZeroes: nothing at all was booked on three days, which are
// gaps; a day on which others spent is zero.
func TestDaysWithoutAFeedAreNoZeroes(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team"})
	l := ledger{}
	for day := 1; day <= 70; day++ {
		if day >= 20 && day < 23 {
			continue
		}
		l.add(&f, day, "10", "a")
		if day%2 == 0 {
			l.add(&f, day, "10", "b")
		}
	}
	o := l.foresee(t, &f)
	for i, want := range map[int]float64{1: 140, 2: 70} {
		if r := &o.Rows[i]; r.Mean.Approx() < want-10 || r.Mean.Approx() > want+10 {
			t.Errorf("%v: %v, want about %v", r.Keys, r.Mean, want)
		}
	}
}

// TestQuietDaysAreZeroes: an office that works on weekdays has no gaps on its weekends, and
// the forecast begins with today after a quiet one.
func TestQuietDaysAreZeroes(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{})
	f.Past.To = f.Past.To.AddDate(0, 0, 3) // Monday
	l := ledger{}
	for day := 1; day <= 70; day++ {
		if weekday := f.Past.To.AddDate(0, 0, -day).Weekday(); weekday != time.Saturday && weekday != time.Sunday {
			l.add(&f, day, "10")
		}
	}
	o := l.foresee(t, &f)
	if want := money.FromInt(100); o.Rows[0].Mean != want || !o.From.Equal(f.Past.To) {
		t.Errorf("two weeks are %v from %v, want %v from %v", o.Rows[0].Mean, o.From, want, f.Past.To)
	}
}

// TestWhatIsNotKnownYetIsForecast: nothing is booked since three days, so that the
// forecast begins there.
func TestWhatIsNotKnownYetIsForecast(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{})
	l := ledger{}
	for day := 4; day <= 70; day++ {
		l.add(&f, day, "10")
	}
	o := l.foresee(t, &f)
	if want := f.Past.To.AddDate(0, 0, -3); !o.From.Equal(want) || o.Rows[0].Before != money.FromInt(140) {
		t.Errorf("from %v with %v before, want %v and 140", o.From, o.Rows[0].Before, want)
	}
	var out bytes.Buffer
	if err := report.ForecastText(&out, &report.ForecastShown{Outlook: &o}); err != nil || !strings.Contains(out.String(), "nothing is booked since 2026-11-17") {
		t.Errorf("%v: %s", err, &out)
	}
}

// TestASilentFeedIsNotZero: it is silent for longer than it ran, and for as long as it
// mostly books nothing.
func TestASilentFeedIsNotZero(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ every, begins int }{"each day": {1, -37}, "each fifth day": {5, -31}} {
		f := ahead(t, report.ForecastAsk{Horizon: "7d"})
		l := ledger{}
		for day := 38; day < 69; day += c.every {
			l.add(&f, day, "10")
		}
		o := l.foresee(t, &f)
		if want := f.Past.To.AddDate(0, 0, c.begins); !o.From.Equal(want) {
			t.Errorf("%s: from %v, want %v", name, o.From, want)
		}
		if want := money.FromInt(70); c.every == 1 && o.Rows[0].Mean != want {
			t.Errorf("%s: %v, want %v", name, o.Rows[0].Mean, want)
		}
	}
	f, l := ahead(t, report.ForecastAsk{}), ledger{}
	for day := 20; day < 23; day++ {
		l.add(&f, day, "10")
	}
	if _, err := report.Foresee(&f, &l.past, &l.fed, 28); spend.KindOf(err) != spend.KindNotFound {
		t.Errorf("three days that were long ago: %v", err)
	}
}

// TestALongSilenceInsideIsNotZero: the feed stopped for most of the past and came back, and
// what was spent while it was silent is not known. One that books each tenth day never was.
func TestALongSilenceInsideIsNotZero(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{Horizon: "7d"})
	l := ledger{}
	for day := 1; day <= 250; day++ {
		weekday := f.Past.To.AddDate(0, 0, -day).Weekday()
		if weekday != time.Saturday && weekday != time.Sunday && (day <= 10 || day > 150) {
			l.add(&f, day, "10")
		}
	}
	if o, want := l.foresee(t, &f), money.FromInt(50); o.Rows[0].Mean != want {
		t.Errorf("a week is %v, want %v", o.Rows[0].Mean, want)
	}
	f, l = ahead(t, report.ForecastAsk{Horizon: "70d"}), ledger{}
	for day := 1; day <= 250; day += 10 {
		l.add(&f, day, "10")
	}
	if o := l.foresee(t, &f); o.Rows[0].Mean.Approx() > 140 {
		t.Errorf("ten weeks of each tenth day are %v, want about 70", o.Rows[0].Mean)
	}
}

// TestUnpricedDaysAreUnknown: they are no zeroes in the mean, and a group that has no
// price at all has no row.
func TestUnpricedDaysAreUnknown(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "model"})
	l := ledger{}
	for day := 1; day <= 70; day++ {
		amount := "10"
		if day%5 == 0 {
			amount = ""
		}
		l.add(&f, day, amount, "priced")
		l.add(&f, day, "", "unpriced")
	}
	o := l.foresee(t, &f)
	if len(o.Rows) != 2 || o.Rows[1].Mean.Approx() < 135 {
		t.Errorf("got %+v", o.Rows)
	}
}

// TestClocksMayChange: days of 23 and 25 hours are days.
func TestClocksMayChange(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{Zone: "Europe/Berlin"})
	l := ledger{}
	for day := 1; day <= 300; day++ {
		l.add(&f, day, "10")
	}
	o := l.foresee(t, &f)
	if o.Rows[0].History != 300 || o.Rows[0].Mean != money.FromInt(140) || o.To.Sub(o.From) != 14*24*time.Hour {
		t.Errorf("got %+v from %v to %v", o.Rows[0], o.From, o.To)
	}
}

func TestForecastCSVIsExactAndSafe(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team"})
	l := ledger{}
	for day := 1; day <= 300; day++ {
		l.add(&f, day, "1.234567", "=evil")
	}
	o := l.foresee(t, &f)
	var out bytes.Buffer
	if err := report.ForecastCSV(&out, &report.ForecastShown{Outlook: &o}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"", "'=evil", "1", "2026-11-20T00:00:00Z", "2026-12-04T00:00:00Z", "17.283938", "17.283938", "17.283938", "17.283938", "300", "false", "0"}
	if diff := cmp.Diff(want, rows[2]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheSameQuestionHasTheSameName(t *testing.T) {
	t.Parallel()
	one, two := ahead(t, report.ForecastAsk{By: "team"}), ahead(t, report.ForecastAsk{By: "team", Where: []string{"model=a"}})
	later, err := report.ForecastAsk{By: "team", Horizon: "2w", Measure: "cost", Levels: "80", Book: "metered"}.Foresight(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || one.Asked() != later.Asked() || one.Asked() == two.Asked() {
		t.Errorf("%v: %s, later %s, with a condition %s", err, one.Asked(), later.Asked(), two.Asked())
	}
}

func TestAJudgementCountsWhatHeld(t *testing.T) {
	t.Parallel()
	bound := func(n int64) []money.Null { return []money.Null{money.Known(money.FromInt(n))} }
	k := report.KeptForecast{Levels: []int{80}, Rows: []report.KeptRow{
		{Mean: money.FromInt(100), Low: bound(90), High: bound(110)},
		{Keys: []string{"a"}, Mean: money.FromInt(60), Low: bound(50), High: bound(70)},
		{Keys: []string{"gone"}, Mean: money.FromInt(40), Low: bound(30), High: bound(50)},
		{Keys: []string{"refused"}, Low: []money.Null{{}}, High: []money.Null{{}}},
		{Keys: []string{"other"}, Other: true, Low: bound(0), High: bound(1)},
	}}
	came := spend.Table{Rows: []spend.Row{
		{Keys: []string{"a"}, Values: []money.Null{money.Known(money.FromInt(65))}},
		{Keys: []string{"new"}, Values: []money.Null{money.Known(money.FromInt(60))}},
	}}
	j, err := k.Judge(&came)
	if err != nil {
		t.Fatal(err)
	}
	no := false
	want := report.Judgement{
		Came: money.FromInt(125), Error: money.FromInt(25), Percent: money.Known(money.FromInt(20)),
		Levels: []report.LevelHeld{{Level: 80, Asked: 3, Held: 1, Whole: &no}},
	}
	if diff := cmp.Diff(want, j); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r, err := report.RecordOf([]report.Judgement{j}, 2); err != nil || r.Enough || len(r.Levels) != 0 {
		t.Errorf("too few: %+v, %v", r, err)
	}
	if r, err := report.RecordOf([]report.Judgement{j, j}, 2); err != nil || r.Levels[0].Asked != 6 || r.Percent != money.Known(money.FromInt(20)) {
		t.Errorf("enough: %+v, %v", r, err)
	}
}

// TestKnownPricesAreReckonedWith: from the sixth day on, the price of what half of the
// money buys is halved. Ten a day become 7.50 for nine of fourteen days: 50 + 67.5.
func TestKnownPricesAreReckonedWith(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team"})
	change := f.Past.To.AddDate(0, 0, 5)
	fact := func(id, price string, valid pricebook.Span) pricebook.Fact {
		return pricebook.Fact{
			ID: id, Seller: "openai", SKU: "large", Model: "openai/large", Meter: spend.InText, Price: money.Must(price), Per: 1_000_000, Currency: "USD", Valid: valid,
			Layer: pricebook.List, Basis: pricebook.VendorPage, Confidence: "high",
			Source: pricebook.Source{Ref: "https://example.com/prices", Checked: change.AddDate(0, -1, 0)},
		}
	}
	start := change.AddDate(-1, 0, 0)
	book, err := pricebook.Compile([]pricebook.Fact{fact("old", "2", pricebook.Span{From: start, To: change}), fact("new", "1", pricebook.Span{From: change})}, nil, nil, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	q, due := f.Mix(book)
	if !due || len(q.By) != 6 || !q.From.Equal(f.Past.To.AddDate(0, 0, -28)) {
		t.Fatalf("due %t, asked %+v", due, q)
	}
	row := func(cost, tokens string, keys ...string) spend.Row {
		r := spend.Row{Keys: append(keys, "", "", ""), Values: []money.Null{money.Known(money.Must(cost))}}
		for _, m := range spend.Meters() {
			quantity := money.Null{}
			if m == spend.InText {
				quantity = money.Known(money.Must(tokens))
			}
			r.Values = append(r.Values, quantity)
		}
		return r
	}
	mix := spend.Table{Rows: []spend.Row{row("140", "70000000", "a", "openai", "large"), row("140", "0", "a", "", "")}}
	if err := f.Reprice(book, &mix); err != nil {
		t.Fatal(err)
	}
	want := []report.PriceChange{{Seller: "openai", SKU: "large", At: change, Factor: money.Known(money.Must("0.5"))}}
	if diff := cmp.Diff(want, f.Prices.Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	l := ledger{}
	for day := 1; day <= 150; day++ {
		l.add(&f, day, "10", "a")
	}
	o := l.foresee(t, &f)
	for i := range o.Rows {
		if want := money.Must("117.5"); o.Rows[i].Mean != want || o.Rows[i].Days[4] != money.FromInt(10) || o.Rows[i].Days[5] != money.Must("7.5") {
			t.Errorf("%v: %v by day %v, want %v", o.Rows[i].Keys, o.Rows[i].Mean, o.Rows[i].Days, want)
		}
	}
	var out bytes.Buffer
	if err := report.ForecastText(&out, &report.ForecastShown{Outlook: &o}); err != nil || !strings.Contains(out.String(), "known price change: openai large from 2026-11-25 to 50.0 % of the price before") {
		t.Errorf("%v: %s", err, &out)
	}
}

// TestOccasionsAreOfTheirGroups: a holiday of one team, learned from two earlier ones, and a
// launch of the other that doubles it from its eighth day on.
func TestOccasionsAreOfTheirGroups(t *testing.T) {
	t.Parallel()
	f := ahead(t, report.ForecastAsk{By: "team"})
	f.Calendar = []occasion.Occasion{
		{Kind: occasion.Holiday, Name: "Closed", Days: []string{"2026-09-07", "2026-10-08", "2026-11-24"}, Where: map[spend.Dimension]string{"team": "a"}},
		{Kind: occasion.Launch, Name: "Pilot", Days: []string{"2026-11-27"}, Effect: money.Known(money.FromInt(2)), Where: map[spend.Dimension]string{"team": "b"}},
		{Kind: occasion.Holiday, Name: "New", Days: []string{"2026-11-30"}},
		{Kind: occasion.Holiday, Name: "Narrow", Days: []string{"2026-11-30"}, Effect: money.Known(money.Must("0.5")), Where: map[spend.Dimension]string{"workflow": "x"}},
		{Kind: occasion.Holiday, Name: "Later", Days: []string{"2027-11-30"}},
	}
	l := ledger{}
	for day := 1; day <= 90; day++ {
		amount := "10"
		if date := f.Past.To.AddDate(0, 0, -day).Format(time.DateOnly); date == "2026-09-07" || date == "2026-10-08" {
			amount = "2"
		}
		l.add(&f, day, amount, "a")
		l.add(&f, day, "10", "b")
	}
	o := l.foresee(t, &f)
	for _, r := range o.Rows[1:] {
		if want := map[string]string{"a": "132", "b": "210"}[r.Keys[0]]; r.Mean != money.Must(want) {
			t.Errorf("%s is %v, want %s", r.Keys[0], r.Mean, want)
		}
	}
	var out bytes.Buffer
	if err := report.ForecastText(&out, &report.ForecastShown{Outlook: &o}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"holiday Closed of team a on 2026-11-24: 1 groups to 20.0 % of what they would be, learned from its past",
		"launch Pilot of team b on 2026-11-27: 1 groups to 200.0 % of what they would be, as declared",
		"holiday New on 2026-11-30: nobody knows what it does", "holiday Narrow of workflow x on 2026-11-30: no group here is wholly its",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "Later") {
		t.Error("a day beyond the horizon is told")
	}
}
