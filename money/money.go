package money

import "fmt"

// Currency is an ISO 4217 code, such as USD: three upper-case letters. Whether
// the code is assigned is not checked.
type Currency string

// Validate returns an error that wraps ErrCurrency unless the code is three
// letters from A to Z.
func (c Currency) Validate() error {
	ok := len(c) == 3
	for i := 0; ok && i < len(c); i++ {
		ok = 'A' <= c[i] && c[i] <= 'Z'
	}
	if !ok {
		return fmt.Errorf("currency %q: want three upper-case letters such as USD: %w", clip(string(c)), ErrCurrency)
	}
	return nil
}

// Money is an amount that says its currency. The fields have names because
// embedding would lend Money the methods of Amount: its JSON would lose the
// currency, and m.Sub would mix two of them.
type Money struct {
	Amount   Amount   `json:"amount"`
	Currency Currency `json:"currency"`
}

// Add returns m + n if both have the same, valid currency. The error wraps
// ErrCurrency or ErrOverflow.
func (m Money) Add(n Money) (Money, error) {
	if err := m.Currency.Validate(); err != nil {
		return Money{}, fmt.Errorf("add %v to %v: %w", n, m, err)
	}
	if m.Currency != n.Currency {
		return Money{}, fmt.Errorf("add %v to %v: convert one of them first: %w", n, m, ErrCurrency)
	}
	sum, err := m.Amount.Add(n.Amount)
	if err != nil {
		return Money{}, fmt.Errorf("%s: %w", m.Currency, err)
	}
	return Money{sum, m.Currency}, nil
}

// String returns the exact amount and its currency: "12.5 USD".
func (m Money) String() string { return m.Amount.String() + " " + string(m.Currency) }
