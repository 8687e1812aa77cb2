package vendor

import (
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// copilotLegacy is the report before October 2025, which has requests and no money.
func copilotLegacy() kind {
	return kind{
		vendor: "copilot", name: "copilot requests", source: "copilot.usage",
		marks: []string{"requests used"}, needed: []string{"timestamp", "user", "model"},
		known:  []string{"exceeds monthly quota", "total monthly quota"},
		groups: []string{"user", "model"},
		read: func(r *row) {
			at := r.instant("timestamp")
			l := r.line(at, at.Format(time.DateOnly))
			l.Event.Seller, l.Event.RequestedModel, l.Event.Scope.Principal = "github-copilot", r.label("model"), r.label("user")
			r.quantity(l, "requests used", spend.Request)
		},
	}
}

// copilotMetrics is the report of a person's day that GitHub sends as a record a line
// (users-1-day): the AI credits that were used, and no money.
//
// Traps: the credits are those of the bill, so that its rows replace these of a day; the
// prompt tokens say not whether they hold the cached ones, and none are taken.
func copilotMetrics() kind {
	return kind{
		vendor: "copilot", name: "copilot metrics", source: "copilot.usage", rest: true,
		marks: []string{"ai_credits_used"}, needed: []string{"day", "user_login"},
		groups: []string{"user_login"},
		read: func(r *row) {
			if r.text("ai_credits_used") == "" {
				r.empty = true
				return
			}
			at, day := r.day("day")
			l := r.line(at, day)
			l.Event.Seller, l.Event.Scope.Principal, l.Event.Account = "github-copilot", r.label("user_login"), r.label("organization_id")
			r.quantity(l, "ai_credits_used", spend.Credit)
		},
	}
}

// copilotDay reads the day of a row of a bill: a date, an instant of it, or the year,
// month and day that were asked about.
func (r *row) copilotDay() (time.Time, string) {
	switch text := r.text("date"); {
	case strings.Contains(text, "T"):
		return r.utc("date")
	case text != "" || !r.has("timeperiod_year"):
		return r.day("date")
	case r.text("timeperiod_day") == "":
		r.bad("timePeriod", "is a span of more than a day; ask for each day by itself")
		return time.Time{}, ""
	}
	asked := r.text("timeperiod_year") + "-" + r.text("timeperiod_month") + "-" + r.text("timeperiod_day")
	at, err := time.ParseInLocation("2006-1-2", asked, r.options.Zone)
	if err != nil {
		r.bad("timePeriod", "is no day of a month of a year")
	}
	return at.UTC(), at.Format(time.DateOnly)
}
