package money_test

import (
	"testing"

	"github.com/bursarhq/bursar/money"
)

func BenchmarkAdd(b *testing.B) {
	b.ReportAllocs()
	price := money.Must("0.0000000375")
	var total money.Amount
	var err error
	for b.Loop() {
		if total, err = total.Add(price); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMulInt(b *testing.B) {
	b.ReportAllocs()
	price := money.Must("0.0000000375")
	tokens := int64(1)
	for b.Loop() {
		if _, err := price.MulInt(tokens); err != nil {
			b.Fatal(err)
		}
		tokens += 7
	}
}

// BenchmarkMulRatio prices tokens per million, on the path for amounts up to
// 18 million wholes and on the one beyond.
func BenchmarkMulRatio(b *testing.B) {
	for _, tc := range []struct{ name, price string }{
		{"OneWord", "0.0375"},
		{"TwoWords", "123456789.0375"},
	} {
		b.Run(tc.name, func(b *testing.B) {
			b.ReportAllocs()
			price := money.Must(tc.price)
			tokens := int64(1)
			for b.Loop() {
				if _, err := price.MulRatio(tokens, 1_000_000); err != nil {
					b.Fatal(err)
				}
				tokens += 7
			}
		})
	}
}

func BenchmarkMul(b *testing.B) {
	b.ReportAllocs()
	price, seconds := money.Must("0.006"), money.Must("37.5")
	for b.Loop() {
		if _, err := price.Mul(seconds, 60); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPriceCall is one model call: three meters priced, their charges
// added up, and the sum added to a running total.
func BenchmarkPriceCall(b *testing.B) {
	b.ReportAllocs()
	input, cached, output := money.Must("1.25"), money.Must("0.125"), money.Must("10")
	var total money.Amount
	tokens := int64(1000)
	for b.Loop() {
		x, _ := input.MulRatio(tokens, 1_000_000)
		y, _ := cached.MulRatio(tokens*3, 1_000_000)
		z, _ := output.MulRatio(tokens/4, 1_000_000)
		call, _ := x.Add(y)
		call, _ = call.Add(z)
		total, _ = total.Add(call)
		tokens++
	}
	if total.IsZero() {
		b.Fatal("nothing was priced")
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.Parse("123456.789012345678"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkString(b *testing.B) {
	b.ReportAllocs()
	a := money.Must("123456.789012345678")
	for b.Loop() {
		if a.String() == "" {
			b.Fatal("no text")
		}
	}
}

// BenchmarkSplit100 splits one bill over a hundred weights.
func BenchmarkSplit100(b *testing.B) {
	b.ReportAllocs()
	bill := money.Must("1234567.89")
	weights := make([]int64, 100)
	for i := range weights {
		weights[i] = int64(i * i)
	}
	for b.Loop() {
		if _, err := bill.Split(weights); err != nil {
			b.Fatal(err)
		}
	}
}
