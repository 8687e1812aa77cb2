package exchange_test

import (
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
)

// Few currencies, days and sources, so that facts meet.
func drawRate(t *rapid.T) exchange.Rate {
	currency := rapid.SampledFrom([]money.Currency{"EUR", "USD", "GBP", "CHF"})
	r := exchange.Rate{
		From: currency.Draw(t, "from"), To: currency.Draw(t, "to"),
		Rate: money.FromUnits(rapid.Int64Range(1, 1<<50).Draw(t, "rate")),
		Day:  exchange.Day(rapid.Int32Range(20_000, 20_012).Draw(t, "day")), Basis: exchange.DayRate,
		Source: rapid.SampledFrom([]string{"ecb", "bank"}).Draw(t, "source"),
		Known:  noon().Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "known")) * time.Minute),
	}
	if r.From == r.To {
		r.To = "JPY"
	}
	if rapid.IntRange(0, 5).Draw(t, "invoice") == 0 {
		r.Basis, r.Seller, r.Period = exchange.InvoiceRate, "acme", r.Day.Period()
	}
	r.ID = r.ContentID()
	return r
}

func drawWant(t *rapid.T) exchange.Want {
	currency := rapid.SampledFrom([]money.Currency{"EUR", "USD", "GBP", "CHF", "JPY", "SEK"})
	return exchange.Want{
		From: currency.Draw(t, "from"), To: currency.Draw(t, "to"), Day: exchange.Day(rapid.Int32Range(19_998, 20_022).Draw(t, "day")),
		Seller: rapid.SampledFrom([]string{"", "acme", "other"}).Draw(t, "seller"),
	}
}

// answer is what a set says to a question, as one value.
type answer struct {
	Fact    string
	Day     exchange.Day
	Million money.Amount
}

func ask(t *rapid.T, r *exchange.Rates, w exchange.Want) answer {
	quote, found := r.On(w)
	million, err := quote.Convert(money.FromInt(1_000_000))
	switch {
	case found != (quote.Fact != ""):
		t.Fatalf("found is %v with fact %q", found, quote.Fact)
	case !found && err == nil:
		t.Fatalf("no rate is known, and a million becomes %s", million)
	case found && err == nil && w.From == w.To && million != money.FromInt(1_000_000):
		t.Fatalf("at par a million becomes %s", million)
	}
	return answer{quote.Fact, quote.Day, million}
}

func TestTheOrderOfFactsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawRate), 0, 40).Draw(t, "facts")
		want := drawWant(t)
		one := ask(t, exchange.New(facts, time.Time{}), want)
		other := ask(t, exchange.New(rapid.Permutation(facts).Draw(t, "shuffled"), time.Time{}), want)
		if diff := cmp.Diff(one, other); diff != "" {
			t.Fatalf("another order converts otherwise (-one +other):\n%s", diff)
		}
		again := ask(t, exchange.New(append(facts, facts...), time.Time{}), want)
		if diff := cmp.Diff(one, again); diff != "" {
			t.Fatalf("twice is not once (-once +twice):\n%s", diff)
		}
	})
}

// TestPartsConvertAsTheWhole: whatever the parts told so far convert, all of them
// convert alike.
func TestPartsConvertAsTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfNDistinct(rapid.Custom(drawRate), 0, 40, func(r exchange.Rate) string { return r.ID }).Draw(t, "facts")
		want, most := drawWant(t), rapid.IntRange(1, 12).Draw(t, "most")
		whole, count := exchange.New(facts, time.Time{}), 0
		var told *exchange.Rates
		for _, part := range exchange.Parts(facts, most) {
			count += len(part)
			told = told.With(part)
			if _, found := told.On(want); !found {
				continue
			}
			if diff := cmp.Diff(ask(t, whole, want), ask(t, told, want)); diff != "" {
				t.Fatalf("after %d facts it converts otherwise (-whole +so far):\n%s", count, diff)
			}
		}
		if count != len(facts) {
			t.Fatalf("%d of %d facts are in a part", count, len(facts))
		}
	})
}

// TestRatesInParts: a file that is told in several parts says the same.
func TestRatesInParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawRate), 0, 40).Draw(t, "facts")
		want, cut := drawWant(t), rapid.IntRange(0, len(facts)).Draw(t, "cut")
		var none *exchange.Rates
		whole, parts := exchange.New(facts, time.Time{}), none.With(facts[:cut]).With(facts[cut:])
		if diff := cmp.Diff(ask(t, whole, want), ask(t, parts, want)); diff != "" {
			t.Fatalf("in two parts it converts otherwise (-whole +parts):\n%s", diff)
		}
		if one, other := whole.Newest(want.Day), parts.Newest(want.Day); one != other {
			t.Fatalf("the newest day is %s, in two parts %s", one, other)
		}
	})
}

func TestAsKnownNeverChanges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawRate), 0, 40).Draw(t, "facts")
		want, at := drawWant(t), noon().Add(4*time.Minute+time.Second)
		var early []exchange.Rate
		for _, f := range facts {
			if !f.Known.After(at) {
				early = append(early, f)
			}
		}
		before, after := ask(t, exchange.New(early, at), want), ask(t, exchange.New(facts, at), want)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("what is learned later changes what was known (-before +after):\n%s", diff)
		}
		if whole := ask(t, exchange.New(early, time.Time{}), want); whole != before {
			t.Fatalf("all that was known is %v, as known %v", whole, before)
		}
	})
}

// TestOneRounding holds conversions against exact fractions.
func TestOneRounding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := money.FromUnits(rapid.Int64().Draw(t, "amount"))
		eur := exchange.Rate{ID: "e", From: "EUR", To: "USD", Rate: money.FromUnits(rapid.Int64Range(1, 1<<60).Draw(t, "usd")), Day: 20_000, Source: "x"}
		gbp := eur
		gbp.ID, gbp.To, gbp.Rate = "g", "GBP", money.FromUnits(rapid.Int64Range(1, 1<<60).Draw(t, "gbp"))
		rates := exchange.New([]exchange.Rate{eur, gbp}, time.Time{})
		one := money.FromInt(1)
		for _, c := range []struct {
			from, to money.Currency
			num, den money.Amount
		}{{"EUR", "USD", eur.Rate, one}, {"USD", "EUR", one, eur.Rate}, {"USD", "GBP", gbp.Rate, eur.Rate}} {
			quote, _ := rates.On(exchange.Want{From: c.from, To: c.to, Day: 20_000})
			got, err := quote.Convert(a)
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(a.Big(), c.num.Big()), c.den.Big())
			off := new(big.Rat).Sub(new(big.Rat).SetInt(got.Big()), exact)
			if err == nil && off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
				t.Fatalf("%s to %s: %s becomes %s, off by %s units", c.from, c.to, a, got, off.FloatString(3))
			}
			if err != nil && exact.Abs(exact).Cmp(new(big.Rat).SetInt(maxUnits())) <= 0 {
				t.Fatalf("%s to %s: %v", c.from, c.to, err)
			}
		}
	})
}

func maxUnits() *big.Int {
	return new(big.Int).Sub(new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil), big.NewInt(1))
}

func TestNothingConvertsByAnOldOrLaterDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawRate), 0, 40).Draw(t, "facts")
		want := drawWant(t)
		want.Seller = ""
		quote, found := exchange.New(facts, time.Time{}).On(want)
		if found && quote.Fact != "par" && (quote.Day > want.Day || quote.Day < want.Day-exchange.MaxAge) {
			t.Fatalf("%s is converted by %s of %s", want.Day, quote.Fact, quote.Day)
		}
	})
}
