package state

import (
	"context"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Settings say how the organisation reads time and money.
type Settings struct {
	Zone              string         // IANA name, "Europe/Zurich"
	FiscalYearStart   time.Month     // the month in which the fiscal year begins
	ReportingCurrency money.Currency // three capital letters
}

// DefaultSettings are UTC, the calendar year and the US dollar.
func DefaultSettings() Settings { return Settings{"UTC", time.January, "USD"} }

// Validate refuses a zone that is unknown here, a month outside 1 to 12 and a
// currency that is not three capital letters. The error is of kind invalid.
func (s Settings) Validate() error {
	zone, err := time.LoadLocation(s.Zone)
	switch {
	case err != nil, zone == time.Local, s.Zone == "":
		return spend.Errorf(spend.KindInvalid, "change the settings", "there is no time zone %.60q", s.Zone).
			WithHint("use a name like Europe/Zurich or UTC")
	case s.FiscalYearStart < time.January || s.FiscalYearStart > time.December:
		return spend.Errorf(spend.KindInvalid, "change the settings", "the fiscal year cannot begin in month %d", int(s.FiscalYearStart))
	case !isCurrency(s.ReportingCurrency):
		return spend.Errorf(spend.KindInvalid, "change the settings", "%.20q is no currency", s.ReportingCurrency).
			WithHint("three capital letters, like USD")
	}
	return nil
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
	zoneSetting     = "zone"
	fiscalSetting   = "fiscal_year_start"
	currencySetting = "reporting_currency"
)

// Settings gives the settings, the default where none was set.
func (tx *Tx) Settings(ctx context.Context) (Settings, error) {
	type pair struct{ name, value string }
	pairs, err := list(ctx, tx, ask(`SELECT name, value FROM settings`), func(scan scanner) (p pair, err error) {
		return p, scan(&p.name, &p.value)
	})
	s := DefaultSettings()
	for _, p := range pairs {
		switch p.name {
		case zoneSetting:
			s.Zone = p.value
		case currencySetting:
			s.ReportingCurrency = money.Currency(p.value)
		case fiscalSetting:
			month, bad := strconv.Atoi(p.value)
			if bad != nil {
				return s, spend.Errorf(spend.KindInternal, "read the settings", "month %.20q: %w", p.value, bad)
			}
			s.FiscalYearStart = time.Month(month)
		}
	}
	return s, err
}

// PutSettings replaces all settings.
func (tx *Tx) PutSettings(ctx context.Context, s Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	for name, value := range map[string]string{
		zoneSetting:     s.Zone,
		fiscalSetting:   strconv.Itoa(int(s.FiscalYearStart)),
		currencySetting: string(s.ReportingCurrency),
	} {
		err := tx.exec(ctx, ask(`INSERT INTO settings (name, value, set_at) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at`, name, value, micros(tx.now)))
		if err != nil {
			return err
		}
	}
	return nil
}

// KeepOnce keeps a value under a name unless one is kept there, and gives the one
// that is.
func (tx *Tx) KeepOnce(ctx context.Context, name, value string) (string, error) {
	err := tx.exec(ctx, ask(`INSERT INTO settings (name, value, set_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING`, name, value, micros(tx.now)))
	if err != nil {
		return "", err
	}
	kept, _, err := first(ctx, tx, ask(`SELECT value FROM settings WHERE name = ?`, name), func(scan scanner) (v string, err error) { return v, scan(&v) })
	return kept, err
}
