package money_test

import (
	"fmt"

	"github.com/bursarhq/bursar/money"
)

// The figures here are those of the comments beside the functions.

func Example() {
	price := money.Must("3.00") // per million input tokens
	cost, err := price.MulRatio(1_234, 1_000_000)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(cost, cost.Fixed(2))
	// Output: 0.003702 0.00
}

func ExampleAmount_MulRatio() {
	price := func(perMillion string, tokens int64) {
		cost, err := money.Must(perMillion).MulRatio(tokens, 1_000_000)
		units, _ := cost.Units()
		fmt.Println(cost, units, err)
	}
	price("3.00", 1_234)
	price("0.0375", 1)
	price("0.0000005", 1)
	price("0.0000005", 3)
	// Output:
	// 0.003702 3702000000 <nil>
	// 0.0000000375 37500 <nil>
	// 0 0 <nil>
	// 0.000000000002 2 <nil>
}

func ExampleAmount_Mul() {
	fmt.Println(money.Must("0.006").Mul(money.Must("37.5"), 60))
	fmt.Println(money.Must("4.10").Mul(money.Must("0.25"), 1))
	// Output:
	// 0.00375 <nil>
	// 1.025 <nil>
}

func ExampleAmount_MulQuotient() {
	fmt.Println(money.Must("100").MulQuotient(money.Must("1"), money.Must("1.0813")))
	fmt.Println(money.Must("100").MulQuotient(money.Must("1.0813"), money.Must("0.8637")))
	// Output:
	// 92.48127254231 <nil>
	// 125.193933078615 <nil>
}

func ExampleAmount_Split() {
	fmt.Println(money.FromInt(100).Split([]int64{1, 1, 1}))
	fmt.Println(money.FromUnits(1_003).Split([]int64{1, 1, 998}))
	// Output:
	// [33.333333333334 33.333333333333 33.333333333333] <nil>
	// [0.000000000001 0.000000000001 0.000000001001] <nil>
}

func ExampleAmount_Round() {
	fmt.Println(money.Must("2.345").Round(2), money.Must("2.335").Round(2))
	// Output: 2.34 2.34
}

func ExampleAmount_Fixed() {
	fmt.Println(money.Must("0.125").Fixed(2), money.Must("-0.001").Fixed(2))
	// Output: 0.12 0.00
}

func ExampleShown() {
	parts := []money.Amount{money.Must("3.335"), money.Must("3.335"), money.Must("3.33")}
	fmt.Println(money.Shown(2, parts))
	// Output: [3.34 3.33 3.33] <nil>
}

func ExampleParseRounded() {
	for _, s := range []string{"0.30000000000000004", "0.0000000000005", "0.0000000000015"} {
		fmt.Println(money.ParseRounded(s))
	}
	// Output:
	// 0.3 false <nil>
	// 0 false <nil>
	// 0.000000000002 false <nil>
}

func ExampleParse() {
	fmt.Println(money.Parse("3e-05"))
	fmt.Println(money.Parse("0.0000000000375"))
	fmt.Println(money.Parse("1,50"))
	// Output:
	// 0.00003 <nil>
	// 0 parse amount "0.0000000000375": it has 13 decimals and nothing may be rounded away here: not exact in 12 decimals
	// 0 parse amount "1,50": found ",50" after the number: not an amount such as -12.5 or 3e-05
}

func ExampleMoney_Add() {
	fee := money.Money{Amount: money.Must("12.50"), Currency: "USD"}
	fmt.Println(fee.Add(fee))
	_, err := fee.Add(money.Money{Amount: money.FromInt(3), Currency: "EUR"})
	fmt.Println(err)
	// Output:
	// 25 USD <nil>
	// add 3 EUR to 12.5 USD: convert one of them first: wrong currency
}
