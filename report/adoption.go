package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/money"
)

// AdoptionCSV writes every part of a statement, a line each, exactly: what it is in the
// first column, and an empty cell for what is not told.
func AdoptionCSV(w io.Writer, s *adoption.Statement) error {
	rows := [][]string{{"part", "name", "product", "from", "through", "people", "calls", "cost", "assigned", "active", "idle", "idle_cost", "untold_cost"}}
	line := func(part string, cells ...string) {
		rows = append(rows, append([]string{part}, append(cells, make([]string, 12-len(cells))...)...))
	}
	line("active", "", "", "", "", counted(s.Active), strconv.FormatInt(s.Calls, 10), exactly(s.Cost))
	line("new", "", "", "", "", counted(s.New))
	line("known", "", "", "", "", counted(s.Known))
	for _, d := range s.Days {
		line("day", "", "", date(d.Day), date(d.Day), counted(d.People))
	}
	for _, part := range []struct {
		name string
		bins []adoption.DayBin
	}{{"first_use", s.First}, {"last_use", s.Last}} {
		for _, b := range part.bins {
			line(part.name, "", "", date(b.From), date(b.Through), counted(&b.People))
		}
	}
	for _, part := range []struct {
		name string
		bins []adoption.CountBin
	}{{"workflows", s.Workflows.Bins}, {"applications", s.Applications.Bins}} {
		for _, b := range part.bins {
			line(part.name, "", "", counted(&b.From), counted(b.Through), counted(&b.People))
		}
	}
	for i, p := range s.Parts {
		line("part", strconv.Itoa(i+1), "", "", "", counted(&p.People), strconv.FormatInt(p.Calls, 10), exactly(p.Cost))
	}
	for _, g := range s.Groups {
		line("group", GroupName(&g), "", dayText(g.First), dayText(g.Last), counted(g.People), strconv.FormatInt(g.Calls, 10), exactly(g.Cost))
	}
	seats := func(part string, one *adoption.Subscription) {
		line(part, Safe(one.Seller), Safe(one.Product), date(s.Seats.On), date(s.Seats.On), "", "", exactly(one.Cost),
			exactly(one.Assigned), exactly(one.Active), exactly(one.Idle), exactly(one.IdleCost), one.Untold.String())
	}
	for i := range s.Seats.Rows {
		seats("seats", &s.Seats.Rows[i])
	}
	seats("seats_total", &s.Seats.Total)
	return csv.NewWriter(w).WriteAll(rows)
}

// GroupName names a group of people, safe for a cell.
func GroupName(g *adoption.PeopleGroup) string {
	switch {
	case g.Few:
		return "(other, with fewer people than are shown)"
	case g.Name == "":
		return "(none)"
	}
	return Safe(g.Name)
}

func date(t time.Time) string { return t.Format(time.DateOnly) }

func dayText(t *time.Time) string {
	if t == nil {
		return ""
	}
	return date(*t)
}

func counted(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func exactly(a money.Null) string {
	if !a.Valid {
		return ""
	}
	return a.Amount.String()
}
