package money

import "database/sql/driver"

// Null is an amount that may be unknown, as that of an unpriced call is. Its
// zero value is unknown. It has no Add: whether an unknown spoils a sum or
// stands beside it as exposure is for the caller to say.
type Null struct {
	Amount Amount // zero unless Valid
	Valid  bool   // whether the amount is known
}

// Known returns a as a known amount; Known(Amount{}) is an explicit zero.
func Known(a Amount) Null { return Null{Amount: a, Valid: true} }

// Neg returns the known amount negated; unknown stays unknown.
func (n Null) Neg() Null {
	if !n.Valid {
		return Null{}
	}
	return Known(n.Amount.Neg())
}

// String returns the exact decimal, or "unknown".
func (n Null) String() string {
	if !n.Valid {
		return "unknown"
	}
	return n.Amount.String()
}

// MarshalJSON returns the decimal as a JSON string, or null if it is unknown.
// The error is always nil.
func (n Null) MarshalJSON() ([]byte, error) {
	if !n.Valid {
		return []byte("null"), nil
	}
	return n.Amount.MarshalJSON()
}

// UnmarshalJSON reads null as unknown, else what Amount.UnmarshalJSON reads,
// with the same errors.
func (n *Null) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*n = Null{}
		return nil
	}
	var a Amount
	if err := a.UnmarshalJSON(data); err != nil {
		return err
	}
	*n = Known(a)
	return nil
}

// Value returns the decimal as text, or nil, which is SQL NULL, if it is
// unknown. The error is always nil.
func (n Null) Value() (driver.Value, error) {
	if !n.Valid {
		return nil, nil
	}
	return n.Amount.Value()
}

// Scan reads NULL as unknown, else what Amount.Scan reads, with the same errors.
func (n *Null) Scan(src any) error {
	if src == nil {
		*n = Null{}
		return nil
	}
	var a Amount
	if err := a.Scan(src); err != nil {
		return err
	}
	*n = Known(a)
	return nil
}
