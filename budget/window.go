package budget

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

// Period says over what a budget sums.
type Period string

// The periods. Months, quarters and years are those of the fiscal calendar that
// the budget names. A rolling period is the zero one with a length.
const (
	Rolling  Period = ""
	Minute   Period = "minute"
	Hour     Period = "hour"
	Day      Period = "day"
	Week     Period = "week" // from Monday
	Month    Period = "month"
	Quarter  Period = "quarter"
	Year     Period = "year"
	EachRun  Period = "run"  // one run, however long it takes
	EachCall Period = "call" // each call on its own
)

func periods() []Period {
	return []Period{Minute, Hour, Day, Week, Month, Quarter, Year, EachRun, EachCall}
}

// slices divide a rolling length: what was used stays counted until its slice
// has left as a whole, so up to a sixtieth longer than the length.
const rollingSlices = 60

// Window is the period of a budget with its zone.
type Window struct {
	Period   Period
	Length   time.Duration     // of a rolling period
	Calendar calendar.Calendar // zone and fiscal year
}

// span is an interval of instants in Unix nanoseconds, from included, to not.
type span struct{ from, to int64 }

// always is the span of what has no period: a run.
func always() span { return span{math.MinInt64, math.MaxInt64} }

func (s span) holds(at int64) bool { return s.from <= at && at < s.to }

// slice gives the span whose counter an instant belongs to: the window itself,
// or the slice of a rolling one.
func (w *Window) slice(at time.Time) span {
	switch w.Period {
	case Rolling:
		return floor(at.UnixNano(), w.width())
	case Minute:
		return floor(at.UnixNano(), int64(time.Minute))
	case Hour:
		return w.hour(at)
	case Day, Week:
		return w.days(at)
	case Month, Quarter, Year:
		grain := spend.Grain(w.Period)
		n := w.Calendar.Number(grain, at)
		return between(w.Calendar.Begin(grain, n), w.Calendar.Begin(grain, n+1))
	}
	return always()
}

// Around gives the window in which an instant lies, zero times of what has no
// end: a run, or a call. A rolling one is its length up to the instant.
func (w *Window) Around(at time.Time) (from, to time.Time) {
	s := w.slice(at)
	switch {
	case s == always():
		return from, to
	case w.Period == Rolling:
		return at.Add(-w.Length), at
	}
	return time.Unix(0, s.from).UTC(), time.Unix(0, s.to).UTC()
}

// Slice is how long what was used within it leaves a rolling window together.
func (w *Window) Slice() time.Duration { return time.Duration(w.width()) }

func (w *Window) width() int64 { return max(int64(w.Length)/rollingSlices, 1) }

// hour is that of the clocks of the zone, which may begin at half past UTC's. One in which
// they are set is two.
//
// Example: in Kolkata, 5:30 ahead, 12:34 UTC lies in the hour from 12:30 to 13:30 UTC.
func (w *Window) hour(at time.Time) span {
	local := at.In(w.Calendar.Location())
	_, offset := local.Zone()
	ahead := int64(offset) * int64(time.Second)
	s := floor(at.UnixNano()+ahead, int64(time.Hour))
	s.from, s.to = s.from-ahead, s.to-ahead
	begin, end := local.ZoneBounds()
	if !begin.IsZero() {
		s.from = max(s.from, begin.UnixNano())
	}
	if !end.IsZero() {
		s.to = min(s.to, end.UnixNano())
	}
	return s
}

func (w *Window) days(at time.Time) span {
	zone := w.Calendar.Location()
	local := at.In(zone)
	day, length := local.Day(), 1
	if w.Period == Week {
		day, length = day-(int(local.Weekday())+6)%7, 7
	}
	begin := func(day int) time.Time {
		d := time.Date(local.Year(), local.Month(), day, 0, 0, 0, 0, time.UTC)
		return calendar.DayStart(d.Year(), d.Month(), d.Day(), zone)
	}
	return between(begin(day), begin(day+length))
}

// around is the span of what can share a rolling window with an instant, an empty
// one of other windows.
func (w *Window) around(at time.Time) span {
	if w.Period != Rolling {
		return span{math.MaxInt64, math.MinInt64}
	}
	return span{at.UnixNano() - int64(w.Length), at.UnixNano() + int64(w.Length) + w.width()}
}

// Rolls says how long a rolling window is, "30 days", "" of others. It gives back
// bit by bit, each slice when its length is over.
func (w *Window) Rolls() string {
	const day = 24 * time.Hour
	switch {
	case w.Period != Rolling:
		return ""
	case w.Length > day && w.Length%day == 0:
		return strconv.FormatInt(int64(w.Length/day), 10) + " days"
	case w.Length > time.Hour && w.Length%time.Hour == 0:
		return strconv.FormatInt(int64(w.Length/time.Hour), 10) + " hours"
	case w.Length > time.Minute && w.Length%time.Minute == 0:
		return strconv.FormatInt(int64(w.Length/time.Minute), 10) + " minutes"
	}
	return w.Length.String()
}

// resets is when room comes back by itself, zero when it never does. Of a
// rolling window that is when all that was used in it has left.
func (w *Window) resets(s span) time.Time {
	switch {
	case s == always():
		return time.Time{}
	case w.Period == Rolling:
		return time.Unix(0, s.to+int64(w.Length)).UTC()
	}
	return time.Unix(0, s.to).UTC()
}

func floor(at, width int64) span {
	n := at / width
	if at%width < 0 {
		n--
	}
	return span{n * width, (n + 1) * width}
}

func between(from, to time.Time) span { return span{from.UnixNano(), to.UnixNano()} }

// accumulates says that calls of one window add up.
func (w *Window) accumulates() bool { return w.Period != EachCall }

func (w *Window) check(at string, found *document.Problems) {
	switch {
	case w.Period != Rolling:
		found.Add(w.Length != 0, at, "a length is for a rolling period alone")
	default:
		found.Add(w.Length < time.Minute || w.Length > 366*24*time.Hour, at, "must be one of %s or a length such as rolling 24h, from 1m to 366d", words(periods()))
	}
	if err := w.Calendar.Validate(); err != nil {
		found.Add(true, at, "%v", err)
	}
}

func words[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}
