package lake_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestDayStart(t *testing.T) {
	t.Parallel()
	for _, f := range []struct{ zone, date, want string }{
		{"UTC", "2026-10-25", "2026-10-25T00:00:00Z"},
		{"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00"},
		{"Europe/Berlin", "2026-10-26", "2026-10-26T00:00:00+01:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"}, // midnight is skipped
		{"America/Santiago", "2026-04-05", "2026-04-05T00:00:00-04:00"}, // 23 o'clock of the day before comes twice
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},   // midnight comes twice
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Asia/Kolkata", "2026-01-01", "2026-01-01T00:00:00+05:30"},
		{"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"}, // the 30th never was
	} {
		date, _ := time.Parse("2006-01-02", f.date)
		got := calendar.DayStart(date.Year(), date.Month(), date.Day(), zoneNamed(t, f.zone))
		if got.Format(time.RFC3339) != f.want {
			t.Errorf("%s begins in %s at %s, want %s", f.date, f.zone, got.Format(time.RFC3339), f.want)
		}
	}
}

func TestDaysOf23And25Hours(t *testing.T) {
	t.Parallel()
	berlin := zoneNamed(t, "Europe/Berlin")
	for _, f := range []struct {
		day, month, hours int
	}{{29, 3, 23}, {25, 10, 25}, {24, 10, 24}} {
		start := calendar.DayStart(2026, time.Month(f.month), f.day, berlin)
		next := calendar.DayStart(2026, time.Month(f.month), f.day+1, berlin)
		if got := next.Sub(start); got != time.Duration(f.hours)*time.Hour {
			t.Errorf("%d.%d.2026 has %s, want %d hours", f.day, f.month, got, f.hours)
		}
		for t0 := start; t0.Before(next); t0 = t0.Add(17 * time.Minute) {
			if got := lake.BucketOf(&spend.Query{Grain: spend.Day, Zone: berlin}, t0); !got.Equal(start) {
				t.Errorf("%s lies in the day from %s, want %s", t0, got, start)
			}
		}
	}
}

func TestBucketOf(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		grain          spend.Grain
		zone, at, want string
	}{
		{spend.Minute, "Asia/Kolkata", "2026-10-25T10:10:59Z", "2026-10-25T15:40:00+05:30"},
		{spend.Minute, "Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:00+02:00"},
		{spend.Minute, "Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00"},
		{spend.Hour, "Asia/Kolkata", "2026-10-25T10:10:00Z", "2026-10-25T15:00:00+05:30"},
		{spend.Hour, "Europe/Berlin", "2026-10-25T00:59:00Z", "2026-10-25T02:00:00+02:00"},
		{spend.Hour, "Europe/Berlin", "2026-10-25T01:59:00Z", "2026-10-25T02:00:00+01:00"},
		{spend.Week, "Europe/Berlin", "2026-10-25T22:59:00Z", "2026-10-19T00:00:00+02:00"},
		{spend.Week, "Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26T00:00:00+01:00"},
		{spend.Month, "America/St_Johns", "2026-11-01T02:29:00Z", "2026-10-01T00:00:00-02:30"},
		{spend.Month, "America/St_Johns", "2026-11-01T02:30:00Z", "2026-11-01T00:00:00-02:30"},
	} {
		at, err := time.Parse(time.RFC3339, f.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := lake.BucketOf(&spend.Query{Grain: f.grain, Zone: zoneNamed(t, f.zone)}, at).Format(time.RFC3339); got != f.want {
			t.Errorf("%s of %s in %s begins at %s, want %s", f.grain, f.at, f.zone, got, f.want)
		}
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	day := func(month, day int) time.Time { return time.Date(2026, time.Month(month), day, 0, 0, 0, 0, time.UTC) }
	use := lake.Before(spend.Query{Axis: spend.ByUse, From: day(10, 8), To: day(10, 15), Previous: true})
	if !use.From.Equal(day(10, 1)) || !use.To.Equal(day(10, 8)) || use.Previous {
		t.Errorf("before the second week of October is %s to %s", use.From, use.To)
	}
	// March has more days than February, but a finance month is a month.
	period := lake.Before(spend.Query{Axis: spend.ByPeriod, From: day(3, 1), To: day(4, 1), Previous: true})
	if want := [2]spend.Period{"2026-02", "2026-02"}; period.Periods != want {
		t.Errorf("before March are the periods %v, want %v", period.Periods, want)
	}
}
