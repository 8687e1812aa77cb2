package api

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Hours is when in the week things are used. The hours sum to the total, which is the
// one of the same question to the ledger.
type Hours struct {
	Meta  Meta       `json:"meta"`
	Total Total      `json:"total"`
	Rows  []WeekHour `json:"rows"` // by weekday and hour; one without a line is left out
}

// WeekHour is an hour of a weekday, by the clock of the question's zone.
type WeekHour struct {
	Weekday int     `json:"weekday"` // from 1 for Monday to 7 for Sunday
	Hour    int     `json:"hour"`    // its beginning, from 0 to 23
	Times   int     `json:"times"`   // how many such hours of the window have a line
	Values  Figures `json:"values"`
}

func hourRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/spend/hours", action: auth.SpendRead, needs: (*call).askedHours, handle: (*call).hours,
		summary: "Sums the spend of a window by weekday and hour, in the question's zone.",
		params:  hourParams(), out: Hours{}, status: http.StatusOK,
	}}
}

// hourParams are those of a question without groups.
func hourParams() []param {
	return append(slices.DeleteFunc(askParams(), func(p param) bool {
		return slices.Contains([]string{"by", "compare", "grain", "order", "top", "format", "axis"}, p.name)
	}), listFormat())
}

func (c *call) askedHours() ([]need, error) {
	values, err := c.parameters()
	if err != nil {
		return nil, err
	}
	ask, err := c.ask(values)
	if err != nil {
		return nil, err
	}
	ask.Grain = string(spend.Hour)
	q, err := ask.Query(c.now)
	if err != nil {
		return nil, err
	}
	for _, m := range q.Measures {
		if !m.Additive() {
			return nil, spend.Errorf(spend.KindInvalid, "read measures", "%s of several hours does not add up", m).WithHint("amounts and counts do")
		}
	}
	return c.needsOf(&q)
}

func (c *call) hours() (reply, error) {
	var shown Hours
	err := c.inTurn(func(ctx context.Context) error {
		e, err := c.whole(ctx)
		if err != nil {
			return err
		}
		shown = Hours{Meta: e.Meta, Total: e.Total}
		shown.Rows, err = byHour(e.Rows)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return pageReply(c.request.URL.Query(), &shown, c.writeHours)
}

// byHour adds up the same hours of the same weekdays. Where clocks are set back, an hour
// of the day comes twice and both are in it.
//
// Example: 3 on Monday 2 November at 9 and 4 on Monday 9 November at 9 are 7 in two hours.
func byHour(rows []EnvelopeRow) ([]WeekHour, error) {
	week := [7 * 24]WeekHour{}
	for i := range rows {
		at := *rows[i].Bucket
		day := (int(at.Weekday()) + 6) % 7 // from Monday on
		h := &week[day*24+at.Hour()]
		if h.Times == 0 {
			*h = WeekHour{Weekday: day + 1, Hour: at.Hour(), Values: Figures{}}
		}
		h.Times++
		if err := h.add(rows[i].Values); err != nil {
			return nil, err
		}
	}
	found := slices.DeleteFunc(week[:], func(h WeekHour) bool { return h.Times == 0 })
	return append([]WeekHour{}, found...), nil
}

// add adds figures; what is unknown adds nothing, and is unknown where nothing is known.
func (h *WeekHour) add(more Figures) error {
	for m, v := range more {
		sum := h.Values[m]
		if v.Valid {
			total, err := sum.Amount.Add(v.Amount)
			if err != nil {
				return spend.Errorf(spend.KindInternal, "query", "sum the hours: %w", err)
			}
			sum = money.Null{Amount: total, Valid: true}
		}
		h.Values[m] = sum
	}
	return nil
}

// writeHours writes the hours in the order of the question's measures, and their total.
func (c *call) writeHours(w io.Writer, h *Hours) error {
	head := []string{"weekday", "hour", "times"}
	for _, m := range c.question.Measures {
		head = append(head, string(m))
	}
	figures := func(row []string, values Figures) []string {
		for _, m := range c.question.Measures {
			row = append(row, knownCell(values[m]))
		}
		return row
	}
	rows := append(slices.Clone(h.Rows), WeekHour{Values: h.Total.Values})
	return tableOf(w, head, rows, func(r *WeekHour) []string {
		if r.Weekday == 0 {
			return figures([]string{"TOTAL", "", ""}, r.Values)
		}
		return figures([]string{strconv.Itoa(r.Weekday), strconv.Itoa(r.Hour), strconv.Itoa(r.Times)}, r.Values)
	})
}
