package money_test

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
)

var (
	_ encoding.TextAppender    = money.Amount{}
	_ encoding.TextMarshaler   = money.Amount{}
	_ encoding.TextUnmarshaler = (*money.Amount)(nil)
	_ json.Marshaler           = money.Amount{}
	_ json.Unmarshaler         = (*money.Amount)(nil)
	_ fmt.Stringer             = money.Amount{}
)

var texts = []string{
	"0", "1", "-1", "10", "0.1", "-2.5", "0.0000000375", "0.000000000001", "-0.000000000001", "1000000000000",
	"18446744.073709551615", "18446744.073709551616", "9999999999999999999", "10000000000000000000", "10000000000000000001.5",
	"99999999999999999999999999.999999999999", "-99999999999999999999999999.999999999999",
}

func TestTextThereAndBack(t *testing.T) {
	t.Parallel()
	for _, s := range texts {
		a := money.Must(s)
		if a.String() != s {
			t.Errorf("String of %s = %s", s, a)
		}
		appended, err := a.AppendText([]byte("price="))
		if string(appended) != "price="+s || err != nil {
			t.Errorf("AppendText of %s = %s, %v", s, appended, err)
		}
		text, err := a.MarshalText()
		var back money.Amount
		if err != nil || back.UnmarshalText(text) != nil || back != a {
			t.Errorf("%s became %s, %v", s, back, err)
		}
	}
}

func TestJSONThereAndBack(t *testing.T) {
	t.Parallel()
	type line struct {
		Cost  money.Amount
		Held  money.Null
		Money money.Money
		ByDay map[money.Amount]int `json:",omitempty"`
		Empty money.Amount         `json:",omitzero"`
	}
	want := line{
		Cost:  money.Must("0.0000000375"),
		Money: money.Money{Amount: money.Must("-2.5"), Currency: "USD"},
		ByDay: map[money.Amount]int{money.Must("1.5"): 2},
	}
	data, err := json.Marshal(want)
	const text = `{"Cost":"0.0000000375","Held":null,"Money":{"amount":"-2.5","currency":"USD"},"ByDay":{"1.5":2}}`
	if err != nil || string(data) != text {
		t.Fatalf("got %s, %v\nwant %s", data, err, text)
	}
	var got line
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("there and back (-want +got):\n%s", diff)
	}
}

func TestJSONReadsStringsAndNumbersWithoutFloats(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`"12.50"`: "12.5", `12.50`: "12.5", `-3e-05`: "-0.00003", `"3e-05"`: "0.00003", `"\u0031.5"`: "1.5",
		`99999999999999999999999999.999999999999`: "99999999999999999999999999.999999999999",
	} {
		var got money.Amount
		if err := json.Unmarshal([]byte(data), &got); err != nil || got.String() != want {
			t.Errorf("%s = %v, %v; want %s", data, got, err, want)
		}
	}
}

func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]error{
		`null`: money.ErrSyntax, `""`: money.ErrSyntax, `"x"`: money.ErrSyntax, `true`: money.ErrSyntax, `{}`: money.ErrSyntax,
		`[]`: money.ErrSyntax, `0.30000000000000004`: money.ErrPrecision, `1e400`: money.ErrOverflow,
	} {
		got := unit
		if err := json.Unmarshal([]byte(data), &got); !errors.Is(err, want) || got != unit {
			t.Errorf("%s = %v, %v; want the old value and %v", data, got, err, want)
		}
	}
	if err := new(money.Amount).UnmarshalJSON([]byte("null")); !strings.Contains(err.Error(), "use money.Null") {
		t.Errorf("null: %v, want the way out", err)
	}
	for _, data := range []string{``, `"1`, `"`} { // what only a direct caller can pass
		if err := new(money.Amount).UnmarshalJSON([]byte(data)); !errors.Is(err, money.ErrSyntax) {
			t.Errorf("%q: %v, want ErrSyntax", data, err)
		}
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"0": "0", "999": "999", "1000": "1,000", "-123456": "-123,456", "1234567.80": "1,234,567.80", "-0.0000001": "-0.0000001",
	} {
		if got := money.Grouped(number); got != want {
			t.Errorf("%s is grouped as %s, want %s", number, got, want)
		}
	}
}
