package api

import (
	"encoding/csv"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// pageReply answers with a list as JSON or, when the question says so, as CSV.
func pageReply[T any](v url.Values, list *T, write func(io.Writer, *T) error) (reply, error) {
	switch form := named(v, "format", formJSON); form {
	case formJSON:
		return jsonReply(http.StatusOK, list), nil
	case formCSV:
		return written("text/csv; charset=utf-8", list, write)
	default:
		return reply{}, spend.Errorf(spend.KindInvalid, "read format", "%.40q is no form of a list", form).WithHint("json or csv")
	}
}

func listFormat() param { return param{"query", "format", "json (when empty) or csv"} }

// tableOf writes a row for each of the items, in cells that no spreadsheet runs: a figure
// below zero stays one.
func tableOf[T any](w io.Writer, head []string, items []T, cells func(*T) []string) error {
	rows := [][]string{head}
	for i := range items {
		row := cells(&items[i])
		for k := range row {
			if _, err := money.Parse(row[k]); err != nil {
				row[k] = report.Safe(row[k])
			}
		}
		rows = append(rows, row)
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// instantCell writes an instant, "" for none.
func instantCell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// knownCell writes an amount, "" for one that is not known.
func knownCell(n money.Null) string {
	if !n.Valid {
		return ""
	}
	return n.Amount.String()
}
