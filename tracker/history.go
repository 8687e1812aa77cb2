package tracker

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// row is one line of a CSV book, by column name.
type row map[string]string

// readCSV reads a CSV book whose header holds at least the wanted columns.
func readCSV(op string, data []byte, want ...string) ([]row, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", err)
	}
	if len(lines) == 0 {
		return nil, spend.Errorf(spend.KindInvalid, op, "the file is empty")
	}
	var rows []row
	for _, line := range lines[1:] {
		fields := row{}
		for i, name := range lines[0] {
			if i < len(line) {
				fields[name] = strings.TrimSpace(line[i])
			}
		}
		rows = append(rows, fields)
	}
	header := strings.Join(lines[0], ",")
	for _, name := range want {
		if !strings.Contains(","+header+",", ","+name+",") {
			return nil, spend.Errorf(spend.KindInvalid, op, "column %s is missing", name).
				WithHint("the header has to begin like %.60s", strings.Join(want, ","))
		}
	}
	return rows, nil
}

// readHistory reads our own dated history: one row for each price and span.
func readHistory(data []byte) (Reading, error) {
	r := Reading{Book: History}
	rows, err := readCSV("read history", data, "provider", "model", "component", "price_usd", "effective_from")
	for _, line := range rows {
		r.historyRow(line)
	}
	return r, err
}

func (r *Reading) historyRow(line row) {
	who := identify(line["provider"], line["model"])
	name := line["provider"] + "/" + line["model"]
	meter, ok := historyMeter(line["component"], who.model)
	if !ok {
		r.skip(name, line["component"], "no meter for this component")
		return
	}
	when, err := historyWhen(line)
	if err != nil {
		r.skip(name, line["component"]+" "+line["context_tier"], err.Error())
		return
	}
	who.region = historyRegion(who.seller, line["region"])
	r.list(who)
	q := tokens(meter, line["price_usd"], 0)
	q.when, q.note = when, historyNote(line)
	q.valid = pricebook.Span{From: day(line["effective_from"]), To: day(line["effective_to"])}
	for _, windowed := range windows(q, line["time_window"]) {
		r.historyFact(name, who, windowed, line)
	}
}

// historyFact books one quote and adds what only history knows.
func (r *Reading) historyFact(name string, who identity, q quote, line row) {
	before := len(r.Facts)
	r.put(name, who, []quote{q})
	if len(r.Facts) == before {
		return
	}
	f := &r.Facts[before]
	f.Confidence = pricebook.Confidence(line["confidence"])
	f.Source.Ref = sourceRef(line["source_ref"])
	f.PromoUntilAtLeast = day(line["promo_until_at_least"])
	f.Basis = historyBasis(line)
	if line["change_kind"] == "scheduled_rise_cancelled" {
		f.Known.From = revokedOn(who.model)
	}
}

func historyMeter(component, model string) (spend.Meter, bool) {
	switch component {
	case "input":
		return spend.InText, true
	case "output":
		return spend.OutText, true
	case "cache_write":
		return cacheWrite(model), true
	}
	m, err := spend.ParseMeter(component)
	return m, err == nil
}

func historyWhen(line row) (when pricebook.When, err error) {
	if tier := line["service_tier"]; tier != "standard" && tier != "" {
		when.ServiceTiers = []string{tier}
	}
	when.PromptAbove, when.Inclusive, err = contextTier(line["context_tier"])
	return when, err
}

// contextTier reads "base", ">200000" or ">=200000".
func contextTier(s string) (above int64, inclusive bool, err error) {
	if s == "" || s == "base" {
		return 0, false, nil
	}
	bound, inclusive := strings.CutPrefix(s, ">=")
	above, err = strconv.ParseInt(strings.TrimPrefix(bound, ">"), 10, 64)
	if err != nil || above <= 0 || !strings.HasPrefix(s, ">") {
		return 0, false, spend.Errorf(spend.KindInvalid, "read context tier", "%.40q is not like >200000 or >=200000", s)
	}
	return above, inclusive, nil
}

// historyRegion leaves "global" out but on Bedrock, where it is a price of its
// own beside the regional one.
func historyRegion(seller, region string) string {
	if region == "global" && seller != "bedrock" {
		return ""
	}
	return region
}

// windows gives the quote under its time windows; the peak rule of DeepSeek
// changed a week after it began, which makes two quotes of one row.
func windows(q quote, name string) []quote {
	switch name {
	case "all", "":
		return []quote{q}
	case "peak", "offpeak":
		change := time.Date(2026, 8, 22, 16, 0, 0, 0, time.UTC)
		daily, weekly := q, q
		daily.when.Window = deepseekPeak(false, name == "offpeak")
		weekly.when.Window = deepseekPeak(true, name == "offpeak")
		daily.valid.To, weekly.valid.From = change, change
		return []quote{daily, weekly}
	}
	q.when.Window, _ = clockWindow(strings.TrimSuffix(name, " UTC"))
	return []quote{q}
}

func historyBasis(line row) pricebook.Basis {
	switch {
	case strings.Contains(line["source_ref"], "derived"):
		return pricebook.Derived
	case line["date_basis"] == "vendor_dated":
		return pricebook.VendorNotice
	}
	return pricebook.Tracker
}

// historyNote keeps the kind of change where it is more than a launch.
func historyNote(line row) string {
	kind := strings.ReplaceAll(line["change_kind"], "_", " ")
	if kind == "launch" {
		kind = ""
	}
	if line["date_basis"] == "first_seen" {
		kind = strings.TrimSpace(kind + ", first seen on this day")
	}
	return strings.TrimPrefix(kind, ", ")
}

// sourceRef keeps the first source of a row that may have several.
func sourceRef(s string) string {
	first, _, _ := strings.Cut(s, ";")
	return strings.TrimSpace(first)
}
