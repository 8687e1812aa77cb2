package money_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/bursarhq/bursar/money"
)

func TestUnknownIsNotZero(t *testing.T) {
	t.Parallel()
	unknown, zero := money.Null{}, money.Known(money.Amount{})
	if unknown == zero || unknown.String() != "unknown" || zero.String() != "0" {
		t.Errorf("unknown is %v, zero is %v", unknown, zero)
	}
	if unknown.Neg() != unknown || (money.Null{Amount: unit}).Neg() != unknown {
		t.Error("the negative of unknown is known")
	}
	if money.Known(unit).Neg() != money.Known(unit.Neg()) {
		t.Error("the negative of a known amount is wrong")
	}
}

func TestNullInJSONAndSQL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		null money.Null
		json string
		sql  any
	}{
		{money.Null{}, `null`, nil},
		{money.Known(money.Amount{}), `"0"`, "0"},
		{money.Known(money.Must("-2.5")), `"-2.5"`, "-2.5"},
	} {
		data, err := json.Marshal(tc.null)
		fromJSON := money.Known(unit)
		if err != nil || string(data) != tc.json || json.Unmarshal(data, &fromJSON) != nil || fromJSON != tc.null {
			t.Errorf("%v in JSON is %s, %v and comes back as %v", tc.null, data, err, fromJSON)
		}
		value, err := tc.null.Value()
		fromSQL := money.Known(unit)
		if err != nil || value != tc.sql || fromSQL.Scan(value) != nil || fromSQL != tc.null {
			t.Errorf("%v in SQL is %v, %v and comes back as %v", tc.null, value, err, fromSQL)
		}
	}
}

func TestNullKeepsItsValueOnErrors(t *testing.T) {
	t.Parallel()
	n := money.Known(unit)
	if err := json.Unmarshal([]byte(`"?"`), &n); !errors.Is(err, money.ErrSyntax) || n != money.Known(unit) {
		t.Errorf("bad JSON left %v, %v", n, err)
	}
	if err := n.Scan(0.5); !errors.Is(err, money.ErrPrecision) || n != money.Known(unit) {
		t.Errorf("a float left %v, %v", n, err)
	}
}
