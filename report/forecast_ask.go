package report

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/privacy"
	"github.com/bursarhq/bursar/spend"
)

// What a forecast of the ledger looks at and how far.
const (
	MostForecastDays = 400
	mostLevels       = 4
	leastPast        = 400 // days that are looked at
	longestPast      = 1_130
	yearsPast        = 730 // before the last three origins, for a season of the year
	pastOrigins      = 9   // earlier origins for an 80 % interval of a total, a horizon apart
	pastRoom         = 62  // days before the earliest of them

	// MostPastCells is how many days of all groups together are read: it bounds the memory.
	MostPastCells = 800_000
)

// ForecastAsk is the question what comes next, as it is written on a command line.
type ForecastAsk struct {
	By      string   // dimensions by commas; "" is the whole
	Horizon string   // "90d", "12w"
	Levels  string   // per cent by commas: "80,95"
	Measure string   // cost, or a count that sums
	Where   []string // "model=a,b" or "model!=a"
	Book    string
	AsOf    string
	Zone    string // IANA name
	Top     int    // groups with rows of their own

	Fiscal spend.Fiscal
}

// Foresight is a question what comes next, as it is asked of the ledger.
type Foresight struct {
	Past   spend.Query // by day, up to the beginning of the present one
	Days   int         // that are forecast
	Levels []int       // per cent, ascending
	Prices Repricing   // known changes of prices; none unless Reprice says so

	Calendar []occasion.Occasion // holidays and launches, past ones and to come
	Booked   []spend.Row         // by day and group, what is paid for products that have days of service ahead

	Unconverted int64 // lines of these days ahead without an exchange rate
}

// ForecastMeasures lists what can be forecast: what sums over days and groups, in one
// currency.
func ForecastMeasures() []spend.Measure {
	return []spend.Measure{spend.Cost, spend.Calls, spend.PromptTokens, spend.OutputTokens, spend.CachedTokens}
}

// Foresight reads the question at an instant. All errors come at once.
func (a ForecastAsk) Foresight(now time.Time) (f Foresight, err error) {
	ask := Ask{By: a.By, Measures: a.Measure, Where: a.Where, Book: a.Book, Axis: string(spend.ByUse), AsOf: a.AsOf, Zone: a.Zone, Grain: string(spend.Day), Top: a.Top}
	q, errAsk := ask.Query(now)
	f = Foresight{Past: q}
	var errDays, errLevels, errMeasure error
	f.Days, errDays = horizonOf(a.Horizon)
	f.Levels, errLevels = levelsOf(a.Levels)
	if !slices.Contains(ForecastMeasures(), spend.Measure(a.Measure)) {
		errMeasure = spend.Errorf(spend.KindInvalid, "read --measure", "%.40q is not forecast", a.Measure).WithHint("one of %s", listed(ForecastMeasures()))
	}
	if err := errors.Join(errAsk, errDays, errLevels, errMeasure); err != nil {
		return f, err
	}
	if privacy.Personal(&q) {
		return f, spend.Errorf(spend.KindForbidden, "forecast", "what single persons will spend is not forecast").WithHint("ask by team or workflow")
	}
	f.Past.Fiscal = a.Fiscal
	return f, f.look(now)
}

// look sets how far back a question looks: nine horizons and two months, or two years and
// three horizons, within bounds.
func (f *Foresight) look(now time.Time) error {
	days := min(max(pastOrigins*f.Days+pastRoom, yearsPast+4*f.Days, leastPast), longestPast)
	if f.Past.Top > 0 {
		days = min(days, MostPastCells/f.Past.Top)
	}
	year, month, day := now.In(f.Past.Zone).Date()
	f.Past.To = calendar.DayStart(year, month, day, f.Past.Zone)
	f.Past.From = calendar.DayStart(year, month, day-days, f.Past.Zone)
	return f.Past.Validate()
}

// Fed is the question on which days anything at all was booked: a day without is no day
// without spend.
func (f *Foresight) Fed() spend.Query {
	q := f.Past
	q.By, q.Where, q.Top, q.Order, q.Measures = nil, nil, 0, "", []spend.Measure{spend.Calls}
	return q
}

// Asked names a question whatever the day: the same one has the same name.
func (f *Foresight) Asked() string {
	parts := []string{"forecast", string(f.Past.Book), string(f.Past.Measures[0]), f.Past.Zone.String(), strconv.Itoa(f.Days), strconv.Itoa(f.Past.Top)}
	for _, d := range f.Past.By {
		parts = append(parts, "by", string(d))
	}
	for _, w := range f.Past.Where {
		parts = append(parts, "where", string(w.By), strconv.FormatBool(w.Not))
		parts = append(parts, w.Values...)
	}
	for _, level := range f.Levels {
		parts = append(parts, "level", strconv.Itoa(level))
	}
	return spend.Digest(parts...).String()
}

func horizonOf(text string) (int, error) {
	unit := 1
	digits, ok := strings.CutSuffix(text, "d")
	if !ok {
		if digits, ok = strings.CutSuffix(text, "w"); ok {
			unit = 7
		}
	}
	n, err := strconv.Atoi(digits)
	if err != nil || !ok || n < 1 || n > MostForecastDays/unit {
		return 0, spend.Errorf(spend.KindInvalid, "read --horizon", "%.40q is no horizon of 1 to %d days", text, MostForecastDays).WithHint("days like 90d, or weeks like 13w")
	}
	return n * unit, nil
}

func levelsOf(text string) ([]int, error) {
	var levels []int
	for word := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 || n > 99 || slices.Contains(levels, n) {
			return nil, spend.Errorf(spend.KindInvalid, "read --levels", "%.40q are no levels", text).WithHint("per cent by commas, each once, 1 to 99, like 80,95")
		}
		levels = append(levels, n)
	}
	if len(levels) > mostLevels {
		return nil, spend.Errorf(spend.KindInvalid, "read --levels", "%d are more than %d levels", len(levels), mostLevels)
	}
	slices.Sort(levels)
	return levels, nil
}

func listed(all []spend.Measure) string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = string(m)
	}
	return strings.Join(names, ", ")
}
