package api

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/report"
)

// BudgetCSV writes budgets for a spreadsheet, one window a row.
func BudgetCSV(w io.Writer, list *BudgetList) error {
	rows := [][]string{{"budget", "each", "counts", "currency", "limit", "booked", "settled", "held", "left", "unknown", "resets", "at_limit", "owner", "refused", "converted_currency", "converted_limit", "converted_used", "converted_left"}}
	for i := range list.Items {
		s := &list.Items[i]
		rows = append(rows, append([]string{
			report.Safe(s.Budget), report.Safe(s.EachText()), s.Counts, string(s.Currency), s.Limit.String(), s.Booked.String(), s.Settled.String(), s.Held.String(),
			s.Left.String(), strconv.FormatInt(s.Unknown, 10), stamp(s.Resets), s.AtLimit, report.Safe(s.Owner), strconv.FormatInt(s.Refused, 10),
		}, s.Converted.cells()...))
	}
	return csv.NewWriter(w).WriteAll(rows)
}

func (b *ConvertedBudget) cells() []string {
	if b == nil {
		return []string{"", "", "", ""}
	}
	return []string{string(b.Currency), b.Limit.String(), b.Used.String(), b.Left.String()}
}

// EachText names the values that a counter of its own is for, "" when it is for all.
func (s *BudgetStanding) EachText() string {
	var parts []string
	for name, value := range s.Each {
		parts = append(parts, name+"="+value)
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// NoticeCSV writes notices for a spreadsheet, one message to one channel a row.
func NoticeCSV(w io.Writer, list *NoticeList) error {
	rows := [][]string{{"at", "title", "state", "owner", "channel", "tries", "next", "why", "facts", "message"}}
	for i := range list.Items {
		n := &list.Items[i]
		var facts []string
		for _, f := range n.Facts {
			facts = append(facts, f.Name+": "+f.Value)
		}
		rows = append(rows, []string{
			stamp(&n.At), report.Safe(n.Title), string(n.State), report.Safe(n.Owner), report.Safe(n.Channel), strconv.Itoa(n.Tries), stamp(n.Next),
			report.Safe(n.Why), report.Safe(strings.Join(facts, "; ")), n.Message,
		})
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// stamp is a time as exports write it, "" for none.
func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}
