package pricebook

import (
	"bytes"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Count is a quantity as a caller wrote it, "" when absent. It is checked only
// when it is used, so that every wrong field of a record can be named at once.
type Count string

// UnmarshalJSON keeps the text of any JSON value; null is absent.
func (c *Count) UnmarshalJSON(data []byte) error {
	*c = ""
	if !bytes.Equal(data, []byte("null")) {
		*c = Count(data)
	}
	return nil
}

// counter reads counts and gathers what is wrong with them.
type counter struct{ problems []spend.Problem }

func (c *counter) complain(field, msg string) {
	c.problems = append(c.problems, spend.Problem{Field: field, Msg: msg})
}

// measured reads a quantity that may have a fraction.
func (c *counter) measured(field string, n Count) money.Amount {
	if n == "" {
		return money.Amount{}
	}
	q, err := money.Parse(string(n))
	switch {
	case err != nil:
		c.complain(field, "is no number with at most 12 decimals")
	case q.Sign() < 0:
		c.complain(field, "is negative ("+q.String()+")")
	case q.Cmp(money.FromInt(mostTokens)) > 0:
		c.complain(field, "is above 10^15 ("+q.String()+")")
	default:
		return q
	}
	return money.Amount{}
}

// mostTokens bounds one count: no real record comes near, and no sum overflows.
const mostTokens = 1_000_000_000_000_000

// whole reads a quantity that has no fraction: tokens, calls, images.
func (c *counter) whole(field string, n Count) int64 {
	q := c.measured(field, n)
	i, ok := q.Int()
	if !ok {
		c.complain(field, "must be a whole number, not "+q.String())
	}
	return i
}
