package tracker

import (
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
)

// clockWindow reads "16:30-00:30" as a daily window in UTC.
func clockWindow(s string) (pricebook.Window, bool) {
	from, to, found := strings.Cut(s, "-")
	start, err1 := minutes(from)
	end, err2 := minutes(to)
	if !found || err1 != nil || err2 != nil {
		return pricebook.Window{}, false
	}
	return pricebook.Window{Zone: "UTC", Spans: []pricebook.ClockSpan{{From: start, To: end}}}, true
}

// minutes reads 16:30, 16:30:00 or 16:30:00Z as minutes since midnight.
func minutes(s string) (int, error) {
	for _, layout := range []string{"15:04", "15:04:05", "15:04:05Z"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Hour()*60 + t.Minute(), nil
		}
	}
	return 0, fmt.Errorf("%.20q is no time of day", s)
}

// deepseekPeak is the peak window of DeepSeek since August 2026: 09:00 to 12:00
// and 14:00 to 18:00 in Beijing, on every day at first and from 23 August on
// from Monday to Friday only. Both spans lie in one UTC day.
func deepseekPeak(weekdays, outside bool) pricebook.Window {
	w := pricebook.Window{Zone: "UTC", Not: outside, Spans: []pricebook.ClockSpan{{From: 60, To: 240}, {From: 360, To: 600}}}
	if weekdays {
		w.Days = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	}
	return w
}
