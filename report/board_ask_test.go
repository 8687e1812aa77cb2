package report_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func TestBoardPeriods(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 20, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ask  report.BoardAsk
		want string // now, before, a year before, or what the error is of
	}{
		{report.BoardAsk{}, "2026-10 2026-09 2025-10"},
		{report.BoardAsk{Month: "2026-01"}, "2026-01 2025-12 2025-01"},
		{report.BoardAsk{From: "2026-10-01", To: "2026-10-15"}, "2026-10-01..2026-10-15 2026-09-17..2026-10-01 2025-10-01..2025-10-15"},
		{report.BoardAsk{Month: "October"}, "invalid"},
		{report.BoardAsk{Month: "2026-12"}, "invalid"},
		{report.BoardAsk{From: "2026-10-01"}, "invalid"},
		{report.BoardAsk{From: "2026-10-02", To: "2026-10-01"}, "invalid"},
		{report.BoardAsk{Month: "2026-10", From: "2026-10-02", To: "2026-10-03"}, "invalid"},
	} {
		c.ask.Zone = "Europe/Berlin"
		p, err := c.ask.Periods(now)
		got := p.Now.Name + " " + p.Before.Name + " " + p.LastYear.Name
		if err != nil {
			got = string(spend.KindOf(err))
		}
		if got != c.want {
			t.Errorf("%+v: %s (%v), want %s", c.ask, got, err, c.want)
		}
		if err == nil && !p.Before.To.Equal(p.Now.From) {
			t.Errorf("%+v: the period before ends %s, the period begins %s", c.ask, p.Before.To, p.Now.From)
		}
	}
}
