//go:build data

package tracker_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// TestDataHistory rates a call inside the span and the conditions of each row of
// our history, with the facts that ship.
func TestDataHistory(t *testing.T) {
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	rows := historyRows(t)
	for _, r := range rows {
		call, meter := historyCall(t, r)
		var rating pricebook.Rating
		book.Rate(&call, &rating)
		got := money.Amount{}
		for _, line := range rating.Lines {
			if line.Meter == meter {
				got = line.Rate
			}
		}
		if want := money.Must(r["price_usd"]); got != want {
			t.Errorf("%s/%s %s %s %s %s %s from %s: rated at %s, want %s (%s %s)", r["provider"], r["model"], r["component"],
				r["context_tier"], r["service_tier"], r["region"], r["time_window"], r["effective_from"], got, want, rating.State, rating.Reason)
		}
	}
	t.Logf("%d rows of history rated, book %s with %d facts", len(rows), book.Hash(), book.Len())
}

// TestDataLint wants facts of high and medium confidence that the lint has
// nothing against.
func TestDataLint(t *testing.T) {
	facts, _, err := pricebook.EmbeddedFacts()
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range pricebook.Lint(facts) {
		if found.Severity == pricebook.Wrong {
			t.Errorf("%s", found.Msg)
		}
	}
}

func historyRows(t *testing.T) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(dataDir(), "prices", "history.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// historyCall makes a call that falls under a row: one hour into its span, or at
// the next hour of its time window on a Monday.
func historyCall(t *testing.T, r map[string]string) (pricebook.Call, spend.Meter) {
	t.Helper()
	meter := map[string]spend.Meter{"input": spend.InText, "output": spend.OutText, "cache_read": spend.CacheRead,
		"cache_write": spend.CacheWriteOther, "cache_write_5m": spend.CacheWrite5m, "cache_write_1h": spend.CacheWrite1h}[r["component"]]
	bound, err := strconv.ParseInt(strings.TrimLeft(r["context_tier"], ">="), 10, 64)
	if err != nil {
		bound = 1
	} else if !strings.HasPrefix(r["context_tier"], ">=") {
		bound++
	}
	usage := new(spend.Usage)
	usage.Tokens[spend.InText] = bound
	usage.Tokens[meter] = bound
	call := pricebook.Call{Seller: r["provider"], Model: r["model"], At: historyInstant(t, r), Usage: usage}
	if r["service_tier"] != "standard" {
		call.ServedTier = r["service_tier"]
	}
	if r["region"] != "global" || strings.Contains(r["model"], "anthropic.") {
		call.Region = r["region"]
	}
	return call, meter
}

func historyInstant(t *testing.T, r map[string]string) time.Time {
	t.Helper()
	from, err := time.Parse(time.RFC3339, r["effective_from"])
	if err != nil {
		if from, err = time.Parse(time.DateOnly, r["effective_from"]); err != nil {
			t.Fatalf("%s/%s: %v", r["provider"], r["model"], err)
		}
	}
	hour, inWindow := map[string]int{"peak": 2, "offpeak": 12, "16:30-00:30 UTC": 20}[r["time_window"]]
	if !inWindow {
		return from.Add(time.Hour)
	}
	at := from.Truncate(24 * time.Hour).Add(time.Duration(24+hour) * time.Hour)
	for at.Weekday() != time.Monday {
		at = at.Add(24 * time.Hour)
	}
	return at
}
