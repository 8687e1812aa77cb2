package pricebook

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const dayMinutes = 24 * 60

// String writes the window as facts files do, "UTC mon-fri 01:00-04:00+06:00-10:00",
// with "not " before it when it applies outside the spans, and "" for none.
func (w Window) String() string {
	if w.Zone == "" {
		return ""
	}
	parts := make([]string, 0, 4)
	if w.Not {
		parts = append(parts, "not")
	}
	parts = append(parts, w.Zone)
	if len(w.Days) > 0 {
		parts = append(parts, daysText(w.Days))
	}
	spans := make([]string, len(w.Spans))
	for i, s := range w.Spans {
		spans[i] = clock(s.From) + "-" + clock(s.To)
	}
	return strings.Join(append(parts, strings.Join(spans, "+")), " ")
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// ParseWindow reads what Window.String writes: days are single names or ranges
// joined by "+", spans have the form 16:30-00:30 and may wrap over midnight.
func ParseWindow(s string) (w Window, err error) {
	parts := strings.Fields(s)
	if len(parts) > 0 && parts[0] == "not" {
		w.Not, parts = true, parts[1:]
	}
	if len(parts) != 2 && len(parts) != 3 {
		return Window{}, fmt.Errorf("window %.60q: want [not] ZONE [DAYS] SPANS, like UTC mon-fri 01:00-04:00", s)
	}
	w.Zone = parts[0]
	if len(parts) == 3 {
		if w.Days, err = parseDays(parts[1]); err != nil {
			return Window{}, err
		}
	}
	if w.Spans, err = parseSpans(parts[len(parts)-1]); err != nil {
		return Window{}, err
	}
	return w, w.check()
}

func (w Window) check() error {
	if w.Zone == "" {
		if len(w.Days)+len(w.Spans) > 0 || w.Not {
			return fmt.Errorf("window without a zone: name one, like UTC")
		}
		return nil
	}
	if _, err := time.LoadLocation(w.Zone); err != nil || w.Zone == "Local" {
		return fmt.Errorf("window zone %.40q is no IANA time zone", w.Zone)
	}
	if len(w.Spans) == 0 {
		return fmt.Errorf("window %.60q has no spans", w.String())
	}
	for _, s := range w.Spans {
		if s.From < 0 || s.From >= dayMinutes || s.To < 0 || s.To > dayMinutes {
			return fmt.Errorf("window span %d-%d lies outside the minutes of a day", s.From, s.To)
		}
	}
	return nil
}

func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func daysText(days []time.Weekday) string {
	week := slices.Clone(days) // from Monday to Sunday, as ranges are read
	slices.SortFunc(week, func(a, b time.Weekday) int { return fromMonday(a) - fromMonday(b) })
	week = slices.Compact(week)
	var parts []string
	for i := 0; i < len(week); {
		j := i
		for j+1 < len(week) && fromMonday(week[j+1]) == fromMonday(week[j])+1 {
			j++
		}
		parts = append(parts, rangeText(week[i], week[j]))
		i = j + 1
	}
	return strings.Join(parts, "+")
}

func fromMonday(d time.Weekday) int { return (int(d) + 6) % 7 }

func rangeText(first, last time.Weekday) string {
	names := weekdays()
	if first == last {
		return names[first]
	}
	return names[first] + "-" + names[last]
}

func parseDays(s string) (days []time.Weekday, err error) {
	for part := range strings.SplitSeq(s, "+") {
		first, last, isRange := strings.Cut(part, "-")
		from, to := slices.Index(weekdays(), first), slices.Index(weekdays(), last)
		if !isRange {
			to = from
		}
		if from < 0 || to < 0 {
			return nil, fmt.Errorf("days %.40q: want mon, mon-fri or sat+sun", s)
		}
		for d := from; ; d = (d + 1) % 7 {
			days = append(days, time.Weekday(d))
			if d == to {
				break
			}
		}
	}
	return days, nil
}

func parseSpans(s string) (spans []ClockSpan, err error) {
	for part := range strings.SplitSeq(s, "+") {
		from, to, ok := strings.Cut(part, "-")
		a, okA := parseClock(from)
		b, okB := parseClock(to)
		if !ok || !okA || !okB {
			return nil, fmt.Errorf("spans %.40q: want 01:00-04:00, joined by +", s)
		}
		spans = append(spans, ClockSpan{a, b})
	}
	return spans, nil
}

func parseClock(s string) (minute int, ok bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range [4]int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	hour, minute := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	return hour*60 + minute, minute < 60 && hour*60+minute <= dayMinutes
}

// schedule is a window with its zone loaded and its days as bits.
type schedule struct {
	zone  *time.Location
	days  uint8
	spans []ClockSpan
	not   bool
}

func newSchedule(w Window) (*schedule, error) {
	if w.Zone == "" {
		return nil, nil
	}
	zone, err := time.LoadLocation(w.Zone)
	if err != nil {
		return nil, fmt.Errorf("window zone %.40q is no IANA time zone", w.Zone)
	}
	s := &schedule{zone: zone, days: 0x7f, spans: slices.Clone(w.Spans), not: w.Not}
	if len(w.Days) > 0 {
		s.days = 0
	}
	for _, d := range w.Days {
		s.days |= 1 << d
	}
	return s, nil
}

// contains tests the wall clock of the window's zone, so a span keeps its local
// hours over a change to summer time.
func (s *schedule) contains(t time.Time) bool {
	local := t.In(s.zone)
	hour, minute, _ := local.Clock()
	return s.holds(local.Weekday(), hour*60+minute)
}

func (s *schedule) holds(day time.Weekday, minute int) bool {
	inside := false
	for _, span := range s.spans {
		inside = inside || s.within(span, day, minute)
	}
	return inside != s.not
}

func (s *schedule) within(span ClockSpan, day time.Weekday, minute int) bool {
	today := s.days>>day&1 == 1
	if span.From < span.To {
		return today && span.From <= minute && minute < span.To
	}
	yesterday := s.days>>((day+6)%7)&1 == 1
	return today && minute >= span.From || yesterday && minute < span.To
}

// overlaps says that both schedules hold at some minute of the week. Those of
// two zones are taken to overlap.
func (s *schedule) overlaps(o *schedule) bool {
	if s.zone.String() != o.zone.String() {
		return true
	}
	for day := range time.Weekday(7) {
		for minute := range dayMinutes {
			if s.holds(day, minute) && o.holds(day, minute) {
				return true
			}
		}
	}
	return false
}
