package money

import (
	"database/sql/driver"
	"fmt"
)

// Value returns the exact decimal as text, which every engine reads into
// DECIMAL(38,12) or a text column. The error is always nil.
func (a Amount) Value() (driver.Value, error) { return a.String(), nil }

// Scan reads decimal text by the rules and with the errors of Parse, or an
// int64 as wholes of the currency. NULL and other types are errors that wrap
// ErrSyntax, a float64 one that wraps ErrPrecision.
func (a *Amount) Scan(src any) error {
	scanned, err := scan(src)
	if err != nil {
		return fmt.Errorf("scan amount: %w", err)
	}
	*a = scanned
	return nil
}

func scan(src any) (Amount, error) {
	switch v := src.(type) {
	case string:
		return Parse(v)
	case []byte:
		return Parse(string(v))
	case int64:
		return FromInt(v), nil
	case float64:
		return Amount{}, fmt.Errorf("the column holds the float64 %v; store DECIMAL(38,12) or text, or cast it in the query: %w", v, ErrPrecision)
	case nil:
		return Amount{}, fmt.Errorf("the column is NULL; use money.Null where it may be unknown: %w", ErrSyntax)
	}
	return Amount{}, fmt.Errorf("cannot read a %T; cast the column to text: %w", src, ErrSyntax)
}
