package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/spend"
)

// PlanInForce is what the plans that are applied say of a window.
type PlanInForce struct {
	From  time.Time     `json:"from"`
	To    time.Time     `json:"to"`
	Zone  string        `json:"zone"`  // of the days
	Items []PlannedLine `json:"items"` // that of everything first; those that whoever asks may see
}

// PlannedLine is what is planned of one scope. A month is spread evenly over its length.
type PlannedLine struct {
	Of       string                        `json:"of"`    // "team claims", "" for everything
	Where    map[spend.Dimension]string    `json:"where"` // whose spend; everybody's when empty
	Currency money.Currency                `json:"currency"`
	Amount   money.Null                    `json:"amount"` // of the window, null when a month of it is not planned
	Months   map[spend.Period]money.Amount `json:"months"` // as they are written
	Days     []PlannedDay                  `json:"days"`   // of the window; none of one of more than 400 days
}

// PlannedDay is one day of a plan.
type PlannedDay struct {
	Day    string     `json:"day"`
	Amount money.Null `json:"amount"` // null when its month is not planned
}

// mostPlanned bounds the days of an answer.
const mostPlanned = 400

func planRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/plan", action: auth.SpendRead, handle: (*call).planInForce, needs: inOwnScope,
		summary: "Tells what is planned of a window, by the documents of kind plan that are applied. Who may see one scope gets the lines of that scope.",
		params: []param{
			{"query", "since", "start: an age (30d), mtd, qtd or ytd, a date, or RFC 3339; mtd when empty"},
			{"query", "until", "end, not included; now when empty"},
		},
		out: PlanInForce{}, status: http.StatusOK,
	}}
}

func (c *call) planInForce() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	w, err := c.stretch(named(v, "since", "mtd"), v.Get("until"))
	if err != nil {
		return reply{}, err
	}
	told := PlanInForce{From: w.From, To: w.To, Zone: c.View().Location().String(), Items: []PlannedLine{}}
	lines := slices.Clone(c.Forecasts.Planned())
	slices.SortFunc(lines, func(a, b plan.Line) int { return strings.Compare(a.Of(), b.Of()) })
	for i := range lines {
		if !c.maySeePlan(&lines[i]) {
			continue
		}
		line, err := c.planned(&lines[i], w)
		if err != nil {
			return reply{}, err
		}
		told.Items = append(told.Items, line)
	}
	return jsonReply(http.StatusOK, told), nil
}

// maySeePlan says that whoever asks may read the spend that a line is about.
func (c *call) maySeePlan(l *plan.Line) bool {
	var scope spend.Scope
	for d, value := range l.Where {
		if field := scope.Field(string(d)); field != nil {
			*field = value
		}
	}
	return auth.Authorise(c.who, auth.SpendRead, auth.Target{Scope: scope}).Allowed
}

func (c *call) planned(l *plan.Line, w lake.Window) (PlannedLine, error) {
	view := c.View()
	told := PlannedLine{Of: l.Of(), Where: l.Where, Currency: l.Currency, Months: l.Months, Days: []PlannedDay{}}
	if told.Where == nil {
		told.Where = map[spend.Dimension]string{}
	}
	var err error
	if told.Amount, err = l.Within(view, w.From, w.To); err != nil || w.To.Sub(w.From) > mostPlanned*24*time.Hour {
		return told, err
	}
	for at := w.From; at.Before(w.To); {
		year, month, day := at.In(view.Location()).Date()
		next := calendar.DayStart(year, month, day+1, view.Location())
		if next.After(w.To) {
			next = w.To
		}
		amount, err := l.Within(view, at, next)
		if err != nil {
			return told, err
		}
		told.Days = append(told.Days, PlannedDay{Day: at.In(view.Location()).Format(time.DateOnly), Amount: amount})
		at = next
	}
	return told, nil
}
