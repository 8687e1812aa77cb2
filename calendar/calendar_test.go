package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// retail is the calendar of American retailers: Sunday to Saturday, the year
// ends on the Saturday nearest to the end of January and has the name of its start.
func retail() calendar.Calendar {
	return calendar.Calendar{Fiscal: spend.Fiscal{Start: time.February, Scheme: spend.Weeks454, Nearest: true, NamedByStart: true}}
}

// september ends on the last Saturday of September, as some makers of hardware have it.
func september() calendar.Calendar {
	return calendar.Calendar{Fiscal: spend.Fiscal{Start: time.October, Scheme: spend.Weeks445}}
}

func TestYears(t *testing.T) {
	t.Parallel()
	plain := calendar.Calendar{}
	july := calendar.Calendar{Fiscal: spend.Fiscal{Start: time.July}}
	for _, f := range []struct {
		in          calendar.Calendar
		name        string
		from, until string
	}{
		{plain, "2026", "2026-01-01", "2027-01-01"},
		{july, "2027", "2026-07-01", "2027-07-01"},
		{retail(), "2012", "2012-01-29", "2013-02-03"}, // 53 weeks
		{retail(), "2017", "2017-01-29", "2018-02-04"}, // 53 weeks
		{retail(), "2022", "2022-01-30", "2023-01-29"},
		{retail(), "2023", "2023-01-29", "2024-02-04"}, // 53 weeks
		{retail(), "2024", "2024-02-04", "2025-02-02"},
		{september(), "2012", "2011-09-25", "2012-09-30"}, // 53 weeks
		{september(), "2017", "2016-09-25", "2017-10-01"}, // 53 weeks
		{september(), "2022", "2021-09-26", "2022-09-25"},
		{september(), "2023", "2022-09-25", "2023-10-01"}, // 53 weeks
		{september(), "2024", "2023-10-01", "2024-09-29"},
	} {
		from, until := dayOf(t, f.from), dayOf(t, f.until)
		n := f.in.Number(spend.Year, from)
		if got := f.in.Begin(spend.Year, n); !got.Equal(from) {
			t.Errorf("year %s begins %s, want %s", f.name, got.Format(time.DateOnly), f.from)
		}
		if got := f.in.Begin(spend.Year, n+1); !got.Equal(until) {
			t.Errorf("year %s ends before %s, want %s", f.name, got.Format(time.DateOnly), f.until)
		}
		if got := f.in.Name(spend.Year, until.Add(-1)); got != "FY"+f.name {
			t.Errorf("the last instant before %s is in %s, want FY%s", f.until, got, f.name)
		}
	}
}

func dayOf(t *testing.T, s string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	april := calendar.Calendar{Fiscal: spend.Fiscal{Start: time.April, Scheme: spend.Months}}
	for _, f := range []struct {
		in                calendar.Calendar
		at, period, named string
	}{
		{calendar.Calendar{}, "2026-11-26", "2026-11", "FY2026 P11"},
		{april, "2026-11-26", "2026-11", "FY2027 P08"}, // the period stays the month
		{april, "2026-03-31", "2026-03", "FY2026 P12"},
		{retail(), "2023-02-25", "2023-01", "FY2023 P01"}, // four weeks
		{retail(), "2023-02-26", "2023-02", "FY2023 P02"}, // five
		{retail(), "2023-04-02", "2023-03", "FY2023 P03"},
		{retail(), "2024-02-03", "2023-12", "FY2023 P12"}, // the 53rd week is in the last
		{september(), "2022-09-25", "2023-01", "FY2023 P01"},
		{september(), "2022-11-20", "2023-03", "FY2023 P03"},
		{september(), "2022-12-24", "2023-03", "FY2023 P03"},
		{september(), "2022-12-25", "2023-04", "FY2023 P04"},
	} {
		at := dayOf(t, f.at)
		if got := f.in.Period(at); string(got) != f.period {
			t.Errorf("%s is in %s, want %s", f.at, got, f.period)
		}
		if got := f.in.Name(spend.Month, at); got != f.named {
			t.Errorf("%s is in %s, want %s", f.at, got, f.named)
		}
	}
	if got := september().Name(spend.Quarter, dayOf(t, "2022-12-25")); got != "FY2023 Q2" {
		t.Errorf("2022-12-25 is in %s, want FY2023 Q2", got)
	}
	if _, _, err := april.Bounds("2026-13"); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("period 2026-13: %v, want an error of kind invalid", err)
	}
}

// drawn is any calendar in a zone with changes of clocks, and any instant.
func drawn(t *rapid.T) (calendar.Calendar, time.Time) {
	zones := []string{"UTC", "Europe/Berlin", "America/Santiago", "Asia/Kolkata", "America/Havana", "Pacific/Apia", "Australia/Lord_Howe"}
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	c := calendar.New(zone, spend.Fiscal{
		Start:     time.Month(rapid.IntRange(0, 12).Draw(t, "start")),
		Scheme:    rapid.SampledFrom([]spend.Scheme{"", spend.Months, spend.Weeks445, spend.Weeks454, spend.Weeks544}).Draw(t, "scheme"),
		WeekStart: time.Weekday(rapid.IntRange(0, 6).Draw(t, "week")),
		Nearest:   rapid.Bool().Draw(t, "nearest"), NamedByStart: rapid.Bool().Draw(t, "named"),
	})
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c, time.Unix(rapid.Int64Range(0, 3_000_000_000).Draw(t, "at"), 0)
}

func TestBucketsTileTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawn(t)
		for _, grain := range []spend.Grain{spend.Month, spend.Quarter, spend.Year} {
			n := c.Number(grain, at)
			from, to := c.Begin(grain, n), c.Begin(grain, n+1)
			if at.Before(from) || !at.Before(to) {
				t.Fatalf("%s lies outside its %s, %s to %s", at, grain, from, to)
			}
			if c.Number(grain, from) != n || c.Number(grain, to) != n+1 || c.Number(grain, to.Add(-1)) != n {
				t.Fatalf("%s %d does not hold its own bounds %s and %s", grain, n, from, to)
			}
		}
	})
}

func TestPeriodsOrderAndNest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawn(t)
		period := c.Period(at)
		from, to, err := c.Bounds(period)
		if err != nil || at.Before(from) || !at.Before(to) {
			t.Fatalf("%s lies outside its period %s, %s to %s (%v)", at, period, from, to, err)
		}
		if next := c.Period(to); next != period.Next() || next <= period {
			t.Fatalf("after %s comes %s", period, next)
		}
		for _, grain := range []spend.Grain{spend.Quarter, spend.Year} {
			if c.Number(grain, from) != c.Number(grain, to.Add(-1)) {
				t.Fatalf("period %s lies in two of grain %s", period, grain)
			}
		}
	})
}

func TestYearsOfWeeks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawn(t)
		c.Zone = time.UTC
		if c.Scheme == "" || c.Scheme == spend.Months {
			return
		}
		n := c.Number(spend.Year, at)
		from, to := c.Begin(spend.Year, n), c.Begin(spend.Year, n+1)
		if weeks := to.Sub(from).Hours() / 24 / 7; weeks != 52 && weeks != 53 || from.Weekday() != c.WeekStart {
			t.Fatalf("a year of %v weeks from a %s", weeks, from.Weekday())
		}
	})
}

func TestRefusesCalendars(t *testing.T) {
	t.Parallel()
	for _, bad := range []spend.Fiscal{{Start: 13}, {Scheme: "5-5-3"}, {WeekStart: 7}} {
		if err := calendar.New(nil, bad).Validate(); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%+v: %v, want an error of kind invalid", bad, err)
		}
	}
}

func TestPrecedingIsOfAsManyDaysOrMonths(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		grain          spend.Grain
		from, to, want string
	}{
		{spend.Day, "2026-10-20T00:00:00+02:00", "2026-10-27T00:00:00+01:00", "2026-10-13T00:00:00+02:00"}, // 169 hours, and 168 before
		{spend.Whole, "2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "2026-03-26T00:00:00+01:00"},
		{spend.Hour, "2026-10-25T12:00:00+01:00", "2026-10-26T00:00:00+01:00", "2026-10-25T01:00:00+02:00"},
		{spend.Hour, "2026-10-25T01:00:00+02:00", "2026-10-25T03:00:00+01:00", "2026-10-24T22:00:00+02:00"}, // three hours
		{spend.Day, "2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00", "2026-08-31T00:00:00+02:00"},
		{spend.Month, "2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00", "2026-09-01T00:00:00+02:00"},
		{spend.Quarter, "2026-07-01T00:00:00+02:00", "2027-01-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"},
		{spend.Month, "2026-10-02T00:00:00+02:00", "2026-10-04T00:00:00+02:00", "2026-09-30T00:00:00+02:00"},
	} {
		from, err1 := time.Parse(time.RFC3339, f.from)
		to, err2 := time.Parse(time.RFC3339, f.to)
		want, err3 := time.Parse(time.RFC3339, f.want)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		if got := calendar.New(berlin, spend.Fiscal{}).Preceding(f.grain, from, to); !got.Equal(want) {
			t.Errorf("by %s, %s to %s comes after a window from %s, want %s", f.grain, f.from, f.to, got, f.want)
		}
	}
}
