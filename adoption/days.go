package adoption

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/calendar"
)

// DayBin counts people by the day of their first or last use.
type DayBin struct {
	From    time.Time `json:"from"`    // first day, its start
	Through time.Time `json:"through"` // last day, included, its start
	People  int64     `json:"people"`
}

// edges are the starts of bins, with the people in each.
type edges struct {
	starts []time.Time // of the bins, in order
	people []int64
}

func (e *edges) count(day time.Time, n int64) {
	at, found := slices.BinarySearchFunc(e.starts, day, time.Time.Compare)
	if !found {
		at--
	}
	e.people[max(at, 0)] += n
}

// bins folds the bins from one place to before another; they end with a day.
func (t *Tally) bins(e *edges, places [2]int, through time.Time) (found []DayBin) {
	from, to := places[0], places[1]
	for _, p := range folded(e.people[from:to], t.Fewest) {
		first, last := from+p[0], from+p[1]
		bin := DayBin{From: e.starts[first], Through: through, People: sum(e.people, [2]int{first, last})}
		if last+1 < len(e.starts) {
			bin.Through = t.dayBefore(e.starts[last+1])
		}
		found = append(found, bin)
	}
	return found
}

// cut is the place of the first bin of the window.
func (t *Tally) cut(e *edges) int {
	at, _ := slices.BinarySearchFunc(e.starts, t.From, time.Time.Compare)
	return at
}

// firstUse sorts those who were active in the window by the month of their first use,
// and says how many are new, null where that or the others are too few.
func (t *Tally) firstUse() (bins []DayBin, fresh *int64) {
	active := slices.DeleteFunc(slices.Clone(t.Spans), func(s Span) bool { return s.Last.Before(t.From) })
	if len(active) == 0 {
		return nil, new(int64)
	}
	first := slices.MinFunc(active, func(a, b Span) int { return a.First.Compare(b.First) }).First
	e := newEdges(append(t.months(first), first, t.From), first)
	var all, newer int64
	for _, s := range active {
		e.count(s.First, s.People)
		all += s.People
		if !s.First.Before(t.From) {
			newer += s.People
		}
	}
	end := t.lastDay()
	if t.small(newer) || t.small(all-newer) {
		return t.bins(e, [2]int{0, len(e.starts)}, end), nil
	}
	at := t.cut(e)
	bins = append(t.bins(e, [2]int{0, at}, end), t.bins(e, [2]int{at, len(e.starts)}, end)...)
	if t.From.IsZero() {
		return bins, nil // everybody would be
	}
	return bins, &newer
}

// lastUse sorts everybody who is known by how long ago the last use was. Those who were
// not active in the window are left out, with their number, where they are too few.
func (t *Tally) lastUse() (bins []DayBin, known *int64) {
	if len(t.Spans) == 0 {
		return nil, new(int64)
	}
	end := t.lastDay()
	first := slices.MinFunc(t.Spans, func(a, b Span) int { return a.Last.Compare(b.Last) }).Last
	var starts []time.Time
	for _, ago := range []int{0, 6, 29, 89} {
		starts = append(starts, t.daysOn(end, -ago))
	}
	e := newEdges(append(starts, first, t.From), first)
	var all, lapsed int64
	for _, s := range t.Spans {
		e.count(s.Last, s.People)
		all += s.People
		if s.Last.Before(t.From) {
			lapsed += s.People
		}
	}
	at := t.cut(e)
	within := t.bins(e, [2]int{at, len(e.starts)}, end)
	if t.small(lapsed) {
		return within, nil
	}
	return append(t.bins(e, [2]int{0, at}, end), within...), &all
}

// newEdges sorts the starts of bins, the earliest of which is first.
func newEdges(starts []time.Time, first time.Time) *edges {
	starts = slices.DeleteFunc(starts, func(s time.Time) bool { return s.Before(first) })
	slices.SortFunc(starts, time.Time.Compare)
	starts = slices.CompactFunc(starts, time.Time.Equal)
	return &edges{starts, make([]int64, len(starts))}
}

// months are the starts of the months from one day to the end of the window.
func (t *Tally) months(from time.Time) (found []time.Time) {
	year, month, _ := from.In(t.Zone).Date()
	for n := 1; ; n++ {
		start := calendar.DayStart(year, month+time.Month(n), 1, t.Zone)
		if !start.Before(t.To) {
			return found
		}
		found = append(found, start)
	}
}

// shownDays are the days of the window since anybody is known; what is too few is null.
func (t *Tally) shownDays() []PeopleDay {
	shown := []PeopleDay{}
	if len(t.Days) == 0 {
		return shown
	}
	start := t.Days[0].Start
	if start.Before(t.From) {
		start = t.From
	}
	for day := start; day.Before(t.To); day = t.daysOn(day, 1) {
		n := int64(0)
		if at, found := slices.BinarySearchFunc(t.Days, day, func(d Day, at time.Time) int { return d.Start.Compare(at) }); found {
			n = t.Days[at].People
		}
		shown = append(shown, PeopleDay{Day: day, People: t.number(n)})
	}
	return shown
}

func (t *Tally) lastDay() time.Time {
	year, month, day := t.To.Add(-time.Microsecond).In(t.Zone).Date()
	return calendar.DayStart(year, month, day, t.Zone)
}

func (t *Tally) dayBefore(start time.Time) time.Time { return t.daysOn(start, -1) }

func (t *Tally) daysOn(start time.Time, n int) time.Time {
	year, month, day := start.In(t.Zone).Date()
	return calendar.DayStart(year, month, day+n, t.Zone)
}

func (t *Tally) small(n int64) bool { return n > 0 && n < t.Fewest }

// number is null where it is too small to be shown.
func (t *Tally) number(n int64) *int64 {
	if t.small(n) {
		return nil
	}
	return &n
}
