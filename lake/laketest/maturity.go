package laketest

import (
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// maturityOf recounts what of a source is final, line by line, day by day.
func maturityOf(ledger []spend.Charge, source string, h *lake.Hearing) (m lake.Maturity) {
	days := map[bool]map[time.Time]int{true: {}, false: {}}
	for i := range ledger {
		c := &ledger[i]
		if c.Source != source || !c.Category.IsUsage() || c.Book != spend.Metered {
			continue
		}
		final, estimated := c.Finality == spend.Final || c.Period <= h.Closed, c.UsageSource == spend.UsageEstimate
		if final {
			addHeard(&m.Final, c)
		} else {
			addHeard(&m.Provisional, c)
		}
		if estimated {
			addHeard(&m.Estimated, c)
		}
		sign := 1
		if lake.Reverses(c) {
			sign = -1
		}
		days[final][dayIn(c.UsedAt, h.Zone)] += sign
	}
	for _, s := range []*lake.HeardSum{&m.Final, &m.Provisional, &m.Estimated} {
		if s.Calls == 0 && !s.Cost.Valid {
			s.Cost = money.Known(money.Amount{})
		}
	}
	m.Through = finalThrough(days)
	return m
}

func addHeard(s *lake.HeardSum, c *spend.Charge) {
	s.Calls += c.Calls
	if !c.Reporting.Valid {
		s.Unknown += c.Calls
		return
	}
	sum, _ := s.Cost.Amount.Add(c.Reporting.Amount) // a test's amounts are small
	s.Cost = money.Known(sum)
}

// finalThrough walks the days of use, whether final or not, until one has a line that may
// still change.
func finalThrough(days map[bool]map[time.Time]int) (through time.Time) {
	begun, last := false, time.Time{}
	for at := Start().AddDate(0, 0, -2); at.Before(Start().Add(Span).AddDate(0, 0, 3)); at = at.AddDate(0, 0, 1) {
		if days[false][at] != 0 {
			if begun {
				through = at.AddDate(0, 0, -1)
			}
			return through
		}
		if days[true][at] != 0 {
			begun, last = true, at
		}
	}
	return last
}

// dayIn is midnight of UTC of the day that it was in a zone.
func dayIn(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
