package laketest

import (
	"cmp"
	"fmt"
	"strconv"
	"testing"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
)

// figuresCount counts the lines of a ledger and adds up their calls and amounts.
func figuresCount(t *testing.T, open func(t *testing.T) Engine) {
	ledger, opens := NewGenerator(19).Ledger(size), openCalls(NewGenerator(19), 90)
	e := filled(t, open, ledger)
	if err := e.Append(t.Context(), lake.Batch{Opens: opens}); err != nil {
		t.Fatal(err)
	}
	want := map[string]money.Amount{"open_calls.rows": money.FromInt(int64(len(opens)))}
	add := func(name string, a money.Amount) { want[name] = mustSum(want[name].Add(a)) }
	for i := range ledger {
		c := &ledger[i]
		group := fmt.Sprintf("charges.%s.%s.", c.Book, cmp.Or(string(c.Currency), "none"))
		add(group+"rows", money.FromInt(1))
		add(group+"calls", money.FromInt(c.Calls))
		add(group+"exposure", c.Exposure)
		add(group+"reporting", c.Reporting.Amount)
	}
	got, err := lake.Figures(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	for name, amount := range want {
		text := got[name]
		if text == "none" && amount.IsZero() {
			continue // nothing is known of it
		}
		if found, err := money.Parse(text); err != nil || found != amount {
			t.Errorf("%s is %s, want %s", name, strconv.Quote(text), amount)
		}
	}
}
