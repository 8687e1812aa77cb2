package money_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"math"
	"testing"

	"github.com/bursarhq/bursar/money"
)

var (
	_ driver.Valuer = money.Amount{}
	_ driver.Valuer = money.Null{}
	_ sql.Scanner   = (*money.Amount)(nil)
	_ sql.Scanner   = (*money.Null)(nil)
)

func TestScanReadsTextAndWholes(t *testing.T) {
	t.Parallel()
	for _, s := range texts {
		value, err := money.Must(s).Value()
		if value != s || err != nil {
			t.Errorf("Value of %s = %v, %v", s, value, err)
		}
		for _, src := range []any{value, []byte(s), s + "e0"} {
			var got money.Amount
			if err := got.Scan(src); err != nil || got.String() != s {
				t.Errorf("Scan(%T %s) = %v, %v", src, src, got, err)
			}
		}
	}
	var got money.Amount
	if err := got.Scan(int64(math.MinInt64)); err != nil || got != money.FromInt(math.MinInt64) {
		t.Errorf("Scan(int64) = %v, %v", got, err)
	}
}

func TestScanRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		src  any
		kind error
		want string
	}{
		{0.1, money.ErrPrecision, "scan amount: the column holds the float64 0.1; store DECIMAL(38,12) or text, or cast it in the query: not exact in 12 decimals"},
		{nil, money.ErrSyntax, "scan amount: the column is NULL; use money.Null where it may be unknown: not an amount such as -12.5 or 3e-05"},
		{true, money.ErrSyntax, "scan amount: cannot read a bool; cast the column to text: not an amount such as -12.5 or 3e-05"},
		{"x", money.ErrSyntax, `scan amount: parse amount "x": want a digit, found "x": not an amount such as -12.5 or 3e-05`},
		{[]byte(nil), money.ErrSyntax, `scan amount: parse amount "": want a digit, found "": not an amount such as -12.5 or 3e-05`},
	} {
		got := unit
		err := got.Scan(tc.src)
		if !errors.Is(err, tc.kind) || err.Error() != tc.want || got != unit {
			t.Errorf("Scan(%v) = %v, %v\nwant %s", tc.src, got, err, tc.want)
		}
	}
}
