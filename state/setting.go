package state

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Settings say how the organisation reads time and money.
type Settings struct {
	Name              string         // of the organisation, "" when it told none
	Zone              string         // IANA name, "Europe/Zurich"
	Fiscal            spend.Fiscal   // how years are divided
	ReportingCurrency money.Currency // three capital letters
}

// DefaultSettings are UTC, the calendar year and the US dollar.
func DefaultSettings() Settings { return Settings{Zone: "UTC", ReportingCurrency: "USD"} }

// Validate refuses a zone that is unknown here, a fiscal year that is none and a
// currency that is not three capital letters. The error is of kind invalid.
func (s Settings) Validate() error {
	zone, err := time.LoadLocation(s.Zone)
	switch {
	case err != nil, zone == time.Local, s.Zone == "":
		return spend.Errorf(spend.KindInvalid, "change the settings", "there is no time zone %.60q", s.Zone).
			WithHint("use a name like Europe/Zurich or UTC")
	case !isCurrency(s.ReportingCurrency):
		return spend.Errorf(spend.KindInvalid, "change the settings", "%.20q is no currency", s.ReportingCurrency).
			WithHint("three capital letters, like USD")
	}
	return calendar.New(zone, s.Fiscal).Validate()
}

func isCurrency(c money.Currency) bool {
	if len(c) != 3 {
		return false
	}
	for _, letter := range c {
		if letter < 'A' || letter > 'Z' {
			return false
		}
	}
	return true
}

const (
	nameSetting     = "name"
	zoneSetting     = "zone"
	fiscalSetting   = "fiscal_year"
	startSetting    = "fiscal_year_start" // a month, as it was kept before there were weeks
	currencySetting = "reporting_currency"
)

// Settings gives the settings, the default where none was set.
func (tx *Tx) Settings(ctx context.Context) (Settings, error) {
	type pair struct{ name, value string }
	pairs, err := list(ctx, tx, ask(`SELECT name, value FROM settings`), func(scan scanner) (p pair, err error) {
		return p, scan(&p.name, &p.value)
	})
	if err != nil {
		return DefaultSettings(), err
	}
	kept := map[string]string{}
	for _, p := range pairs {
		kept[p.name] = p.value
	}
	return settingsOf(kept)
}

func settingsOf(kept map[string]string) (Settings, error) {
	s := DefaultSettings()
	s.Name = kept[nameSetting]
	s.Zone = cmp.Or(kept[zoneSetting], s.Zone)
	s.ReportingCurrency = cmp.Or(money.Currency(kept[currencySetting]), s.ReportingCurrency)
	if fiscal, ok := kept[fiscalSetting]; ok {
		if err := json.Unmarshal([]byte(fiscal), &s.Fiscal); err != nil {
			return s, spend.Errorf(spend.KindInternal, "read the settings", "fiscal year: %w", err)
		}
		return s, nil
	}
	if start, ok := kept[startSetting]; ok {
		month, err := strconv.Atoi(start)
		if err != nil {
			return s, spend.Errorf(spend.KindInternal, "read the settings", "month %.20q: %w", start, err)
		}
		s.Fiscal.Start = time.Month(month)
	}
	return s, nil
}

// PutSettings replaces all settings.
func (tx *Tx) PutSettings(ctx context.Context, s Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	fiscal, err := json.Marshal(s.Fiscal)
	if err != nil {
		return spend.Errorf(spend.KindInternal, "change the settings", "%w", err)
	}
	for name, value := range map[string]string{
		nameSetting:     s.Name,
		zoneSetting:     s.Zone,
		fiscalSetting:   string(fiscal),
		currencySetting: string(s.ReportingCurrency),
	} {
		if err := tx.Keep(ctx, name, value); err != nil {
			return err
		}
	}
	return nil
}

// Kept gives the value that is kept under a name, "" when none is.
func (tx *Tx) Kept(ctx context.Context, name string) (string, error) {
	kept, _, err := first(ctx, tx, ask(`SELECT value FROM settings WHERE name = ?`, name), func(scan scanner) (v string, err error) { return v, scan(&v) })
	return kept, err
}

// Keep keeps a value under a name in the place of the one before.
func (tx *Tx) Keep(ctx context.Context, name, value string) error {
	return tx.exec(ctx, ask(`INSERT INTO settings (name, value, set_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at`, name, value, micros(tx.now)))
}

// KeepOnce keeps a value under a name unless one is kept there, and gives the one
// that is.
func (tx *Tx) KeepOnce(ctx context.Context, name, value string) (string, error) {
	err := tx.exec(ctx, ask(`INSERT INTO settings (name, value, set_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING`, name, value, micros(tx.now)))
	if err != nil {
		return "", err
	}
	return tx.Kept(ctx, name)
}
