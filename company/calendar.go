package company

import "time"

// clock is one hour of the company's calendar, in UTC.
type clock struct {
	hour    int64 // since 1970
	ofDay   int64
	weekday int64 // Sunday is 0; a public holiday counts as Sunday
}

func clockAt(hour int64) clock {
	day := hour / 24
	c := clock{hour: hour, ofDay: hour % 24, weekday: (day + int64(time.Thursday)) % 7}
	for _, holiday := range holidays {
		if hourOf(holiday) == day*24 {
			c.weekday = int64(time.Sunday)
		}
	}
	return c
}

// date is a day of the story at 00:00 UTC.
type date struct {
	month time.Month
	day   int
}

func hourOf(d date) int64 { return time.Date(2026, d.month, d.day, 0, 0, 0, 0, time.UTC).Unix() / 3600 }

var holidays = []date{{time.May, 4}, {time.May, 25}, {time.August, 31}}

// rhythm is how the calls of a workflow fall over the week, in per cent of its
// busiest hour, and what starts its runs.
type rhythm struct {
	trigger string
	staff   bool // it is the team's own people who start them
	hours   [24]int64
	days    [7]int64 // from Sunday
}

// The rhythms of the house.
var (
	office = rhythm{
		trigger: "human", staff: true,
		hours: [24]int64{1, 1, 1, 1, 1, 2, 4, 18, 55, 88, 100, 97, 72, 82, 96, 94, 84, 52, 24, 14, 9, 6, 3, 1},
		days:  [7]int64{6, 96, 100, 100, 97, 82, 8},
	}
	consumers = rhythm{
		trigger: "human",
		hours:   [24]int64{10, 6, 5, 4, 4, 6, 14, 30, 54, 76, 88, 90, 86, 84, 82, 80, 82, 88, 96, 100, 86, 62, 38, 20},
		days:    [7]int64{60, 100, 98, 96, 95, 92, 68},
	}
	inbox = rhythm{
		trigger: "event",
		hours:   [24]int64{12, 10, 9, 9, 10, 12, 22, 46, 80, 100, 100, 95, 84, 90, 95, 92, 84, 64, 46, 34, 27, 22, 18, 14},
		days:    [7]int64{34, 100, 98, 96, 96, 90, 40},
	}
	nightly = rhythm{
		trigger: "schedule",
		hours:   [24]int64{1: 100, 2: 60},
		days:    [7]int64{70, 90, 100, 100, 100, 100, 80},
	}
	roundTheClock = rhythm{
		trigger: "agent",
		hours:   [24]int64{86, 84, 82, 82, 82, 84, 88, 92, 96, 100, 100, 100, 98, 98, 100, 100, 98, 96, 94, 92, 90, 90, 88, 86},
		days:    [7]int64{88, 100, 100, 100, 100, 98, 90},
	}
)

// share is the hour's part of a usual week, in units of 10⁻⁵.
func (r *rhythm) share(at clock) int64 {
	return r.hours[at.ofDay] * r.days[at.weekday] * 100_000 / (sum(r.hours[:]) * sum(r.days[:]))
}

func sum(all []int64) (total int64) {
	for _, n := range all {
		total += n
	}
	return total
}

// trend is the level of a workflow on the first of each month from May to
// November, in per cent of its volume; between them it is straight.
type trend [7]int64

// The trends of the house.
var (
	steady    = trend{100, 101, 102, 101, 102, 103, 104}
	spreading = trend{70, 84, 98, 110, 124, 138, 150}
	programme = trend{20, 45, 80, 130, 200, 290, 400}
	fading    = trend{150, 130, 105, 80, 55, 35, 20}
)

// curve is the trend by hour since 1970.
func (t *trend) curve() (c curve) {
	for i, level := range t {
		c = append(c, knot{hourOf(date{time.May + time.Month(i), 1}), level})
	}
	return c
}
