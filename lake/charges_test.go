package lake_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func cell(t *testing.T, c lake.Column[spend.Charge], row *spend.Charge) lake.Value {
	t.Helper()
	var v lake.Value
	if err := c.Get(row, &v); err != nil {
		t.Fatal(err)
	}
	if c.Nullable && !v.Known {
		return lake.Value{}
	}
	return v
}

// TestReversalNegatesAdditiveColumns holds the column list to the algebra: a
// column that a reversal neither negates nor keeps has no place in it.
func TestReversalNegatesAdditiveColumns(t *testing.T) {
	t.Parallel()
	for _, c := range laketest.NewGenerator(1).Charges(300) {
		r := c.Reverse(c.BookedAt.Add(time.Hour), c.Period.Next())
		for _, column := range lake.Charges().Columns {
			before, after := cell(t, column, &c), cell(t, column, &r)
			switch column.Role {
			case lake.Booking:
				continue
			case lake.Additive:
				after.Int = -after.Int
				after.Extra = (spend.Usage{Extra: after.Extra}).Neg().Extra
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("column %s (-line +reversal):\n%s", column.Name, diff)
			}
		}
	}
}

// TestStoredColumnsHoldTheWholeCharge copies lines through the columns alone.
func TestStoredColumnsHoldTheWholeCharge(t *testing.T) {
	t.Parallel()
	for _, want := range laketest.NewGenerator(2).Charges(300) {
		var got spend.Charge
		for _, column := range lake.Charges().Stored().Columns {
			v := cell(t, column, &want)
			if err := column.Set(&got, &v); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("a charge differs from its columns (-charge +columns):\n%s", diff)
		}
	}
}

func TestEveryDimensionIsAColumn(t *testing.T) {
	t.Parallel()
	columns := map[string]lake.Column[spend.Charge]{}
	for _, c := range lake.Charges().Columns {
		if _, twice := columns[c.Name]; twice {
			t.Errorf("column %s is listed twice", c.Name)
		}
		columns[c.Name] = c
	}
	lines := laketest.NewGenerator(3).Charges(100)
	for _, d := range spend.Dimensions() {
		c, found := columns[string(d)]
		if !found || c.Type != lake.Text || c.Nullable {
			t.Errorf("dimension %s has no text column without NULL", d)
			continue
		}
		for i := range lines {
			if got, want := cell(t, c, &lines[i]).Text, laketest.Dimension(d, &lines[i]); got != want {
				t.Errorf("column %s is %q, the line's dimension %q", d, got, want)
			}
		}
	}
	for _, c := range columns {
		if c.Role == lake.Dimension && spend.Dimension(c.Name).Validate() != nil {
			t.Errorf("column %s says it is a dimension, spend does not know it", c.Name)
		}
	}
}

func TestAmountsThatFit(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		amount string
		fits   bool
	}{
		{"999999.999999999999", true}, {"-999999.999999999999", true}, {"1000000", false}, {"-1000000", false},
		{"9223372.036854775808", false}, {"0", true},
	} {
		c := spend.Charge{List: money.Known(money.Must(f.amount)), Exposure: money.Must(f.amount)}
		for _, column := range lake.Charges().Columns {
			if column.Name != "list" && column.Name != "exposure" {
				continue
			}
			var v lake.Value
			err := column.Get(&c, &v)
			if (err == nil) != f.fits {
				t.Errorf("%s in %s: error %v", f.amount, column.Name, err)
			}
			if err != nil && spend.HintOf(err) == "" {
				t.Errorf("%s in %s: the error has no hint", f.amount, column.Name)
			}
		}
	}
}

func TestStandingOf(t *testing.T) {
	t.Parallel()
	one := money.Known(money.FromInt(1))
	team := spend.Scope{Team: "search"}
	for _, f := range []struct {
		c    spend.Charge
		want lake.Standing
	}{
		{spend.Charge{PriceState: spend.Priced, Reporting: one, Event: spend.Event{Scope: team}}, 0},
		{spend.Charge{PriceState: spend.Priced, Reporting: one}, lake.Unattributed},
		{spend.Charge{PriceState: spend.Flagged, Event: spend.Event{Scope: team}}, lake.Unconverted},
		{spend.Charge{PriceState: spend.Unpriced, Finality: spend.Provisional}, lake.Unpriced | lake.Provisional | lake.Unattributed},
	} {
		if got := lake.StandingOf(&f.c); got != f.want {
			t.Errorf("standing of %+v is %b, want %b", f.c, got, f.want)
		}
	}
}
