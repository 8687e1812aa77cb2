package budget

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
)

type writtenBudget struct {
	ID       string            `yaml:"id"`
	Scope    map[string]list   `yaml:"scope"`
	Exempt   []map[string]list `yaml:"exempt"`
	Each     list              `yaml:"each"`
	Amount   string            `yaml:"amount"`
	Currency string            `yaml:"currency"`
	Counts   Measure           `yaml:"counts"`
	Notional bool              `yaml:"notional"`
	Period   string            `yaml:"period"`
	Zone     string            `yaml:"zone"`
	Calendar string            `yaml:"calendar"`
	Outcome  struct {
		Outcome string `yaml:"outcome"`
		Amount  string `yaml:"amount"`
	} `yaml:"per_outcome"`
	Alerts  *list  `yaml:"alerts"`
	AtLimit Action `yaml:"at_limit"`
	Pace    struct {
		Calls int64  `yaml:"calls"`
		Per   string `yaml:"per"`
	} `yaml:"pace"`
	Fallback string `yaml:"fallback"`
	Grace    string `yaml:"grace"`
	Unproven string `yaml:"unproven"`
	Owner    string `yaml:"owner"`
	Override struct {
		Reason string `yaml:"reason"`
		Until  string `yaml:"until"` // the last day that it holds
	} `yaml:"override"`
}

func (w *writtenBudget) read(at string, of calendar.Calendar, found *document.Problems) Budget {
	b := Budget{
		ID: w.ID, Scope: selector(w.Scope), Each: w.Each, Currency: money.Currency(w.Currency),
		Counts: cmp.Or(w.Counts, Effective), Notional: w.Notional, AtLimit: cmp.Or(w.AtLimit, Warn),
		Pace: Pace{w.Pace.Calls, duration(w.Pace.Per)}, Fallback: w.Fallback, Owner: w.Owner, Alerts: DefaultAlerts(), PerOutcome: Earning{Outcome: w.Outcome.Outcome},
	}
	for _, e := range w.Exempt {
		b.Exempt = append(b.Exempt, selector(e))
	}
	found.Add(w.Amount == "", at+".amount", "must be said")
	b.Amount = number(w.Amount, at+".amount", found)
	b.PerOutcome.Amount = number(w.Outcome.Amount, at+".per_outcome.amount", found)
	if w.Unproven != "" && w.Unproven != "refuse" {
		b.Unproven = money.Known(number(w.Unproven, at+".unproven", found))
	}
	if w.Grace != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(w.Grace, "%"))
		found.Add(err != nil, at+".grace", "must be a percentage such as 5%%")
		b.Grace = n
	}
	if w.Alerts != nil {
		b.Alerts = alerts(*w.Alerts, at+".alerts", found)
	}
	b.Window = w.window(at, of, found)
	b.Override = w.override(at+".override", b.Window.Calendar, found)
	return b
}

func (w *writtenBudget) window(at string, of calendar.Calendar, found *document.Problems) Window {
	window := Window{Calendar: of}
	if w.Zone != "" {
		zone, err := time.LoadLocation(w.Zone)
		found.Add(err != nil || zone == time.Local, at+".zone", "there is no time zone %.60q; use a name like Europe/Zurich or UTC", w.Zone)
		window.Calendar.Zone = zone
	}
	if w.Calendar == "civil" {
		window.Calendar = calendar.Calendar{Zone: window.Calendar.Zone}
	}
	found.Add(w.Calendar != "" && w.Calendar != "civil" && w.Calendar != "fiscal", at+".calendar", "must be fiscal or civil")
	if length, rolls := strings.CutPrefix(w.Period, "rolling "); rolls {
		window.Length = duration(length)
		return window
	}
	window.Period = Period(w.Period)
	if !slices.Contains(periods(), window.Period) {
		window.Period = Rolling // without a length, which check refuses
	}
	return window
}

func (w *writtenBudget) override(at string, in calendar.Calendar, found *document.Problems) Override {
	o := Override{Reason: w.Override.Reason}
	if w.Override.Until == "" {
		return o
	}
	day, err := time.Parse(time.DateOnly, w.Override.Until)
	found.Add(err != nil, at+".until", "must be the last day that it holds, such as 2026-12-31")
	if err == nil {
		next := day.AddDate(0, 0, 1)
		o.Until = calendar.DayStart(next.Year(), next.Month(), next.Day(), in.Location())
	}
	return o
}
