package money_test

import (
	"errors"
	"testing"

	"github.com/bursarhq/bursar/money"
)

func TestCurrencyValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []money.Currency{"USD", "EUR", "XTS", "AAA", "ZZZ"} {
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
	for _, c := range []money.Currency{"", "US", "USDT", "usd", "US1", "U D", "€UR", "É€", "[]@"} {
		if err := c.Validate(); !errors.Is(err, money.ErrCurrency) {
			t.Errorf("%q: %v, want ErrCurrency", c, err)
		}
	}
}

func TestMoneyAddRefusesToMix(t *testing.T) {
	t.Parallel()
	usd := money.Money{Amount: money.FromInt(2), Currency: "USD"}
	got, err := usd.Add(usd)
	if want := (money.Money{Amount: money.FromInt(4), Currency: "USD"}); err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	zero := money.Money{}
	for name, tc := range map[string]struct {
		m, n money.Money
		want error
	}{
		"two currencies":      {usd, money.Money{Amount: unit, Currency: "EUR"}, money.ErrCurrency},
		"zero of no currency": {usd, zero, money.ErrCurrency},
		"no currency at all":  {zero, zero, money.ErrCurrency},
		"too much":            {usd, money.Money{Amount: top, Currency: "USD"}, money.ErrOverflow},
	} {
		if got, err := tc.m.Add(tc.n); !errors.Is(err, tc.want) || got != zero {
			t.Errorf("%s: %v, %v; want %v", name, got, err, tc.want)
		}
	}
}
