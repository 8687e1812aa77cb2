package money

import (
	"encoding/json"
	"fmt"
)

// MarshalText returns what String returns. The error is always nil.
func (a Amount) MarshalText() ([]byte, error) { return a.append(nil), nil }

// UnmarshalText reads what Parse reads, with the same errors.
func (a *Amount) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// MarshalJSON returns the exact decimal as a JSON string, "0.0000000375" in
// quotes, as most readers would round a JSON number to a float. The error is
// always nil.
func (a Amount) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, room), '"')
	return append(a.append(b), '"'), nil
}

// UnmarshalJSON reads a JSON string or a JSON number from its text, without a
// float in between, by the rules and with the errors of Parse. null is an error
// that wraps ErrSyntax, because unknown is not zero: a field that may be null
// is a Null.
func (a *Amount) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return fmt.Errorf("read an amount from JSON null: use money.Null where it may be unknown: %w", ErrSyntax)
	}
	if len(data) == 0 || data[0] != '"' {
		return a.UnmarshalText(data)
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("read an amount from JSON: %w: %w", err, ErrSyntax)
	}
	return a.UnmarshalText([]byte(text))
}
