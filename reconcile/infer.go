package reconcile

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Sample is usage with what was asked for it: a line, a day or a run.
type Sample struct {
	Usage    spend.Usage
	Amount   money.Amount
	Rounding money.Amount // by how much the amount may be off, written as it is
}

// Rates is a price book that amounts show: one rate of each meter that gives them all.
type Rates struct {
	PerMillion map[spend.Meter]money.Amount `json:"per_million"`
	Samples    int                          `json:"samples"`  // that the rates give
	Of         int                          `json:"of"`       // that were left to explain
	Residual   money.Amount                 `json:"residual"` // the largest difference of one of them
}

// Inferred is a price book that amounts of a vendor show of one model.
type Inferred struct {
	Seller   string         `json:"seller"`
	Model    string         `json:"model"`
	Currency money.Currency `json:"currency"`
	Rates
}

const (
	mostBooks   = 4  // price books behind the amounts of one model
	mostTries   = 64 // to find the next one of them
	mostUnknown = 6  // meters of one model
	rateDigits  = 6  // of a rate for a million
	leastDigits = 2  // that an amount is written with
	perMillion  = 1_000_000
)

// Infer finds the price books behind amounts: the rates that give most of them, then those
// that give most of the rest. A book needs one sample more than it has meters. Rates are
// solved for in exact fractions, then fitted by least squares to all samples that they
// give, and rounded to six digits.
//
// Example: calls at 2 for fresh, 0.20 for cached and 12 for output tokens, and runs of the
// same model at 2, 0.125 and 12, are two books.
func Infer(samples []Sample) []Rates {
	var found []Rates
	left := slices.Clone(samples)
	for range mostBooks {
		meters := metersOf(left)
		if len(meters) == 0 || len(meters) > mostUnknown || len(left) <= len(meters) {
			break
		}
		f := fitter{meters: meters, samples: left}
		rates := f.best()
		inside, outside, worst := f.split(rates)
		if len(inside) <= len(meters) {
			break
		}
		book := Rates{PerMillion: map[spend.Meter]money.Amount{}, Samples: len(inside), Of: len(left), Residual: worst}
		for i, m := range meters {
			book.PerMillion[m] = rates[i]
		}
		found, left = append(found, book), outside
	}
	return found
}

// metersOf lists the column meters that samples have.
func metersOf(samples []Sample) (meters []spend.Meter) {
	for m := range spend.ColumnMeters {
		if slices.ContainsFunc(samples, func(s Sample) bool { return s.Usage.Tokens[m] != 0 }) {
			meters = append(meters, m)
		}
	}
	return meters
}

// fitter finds the rates that give most of its samples.
type fitter struct {
	meters  []spend.Meter
	samples []Sample
}

// best tries rates that few samples show exactly, and refines those that most others
// confirm. The samples are picked by a fixed sequence, so that one input has one answer.
func (f *fitter) best() (rates []money.Amount) {
	most := 0
	pick := rand.New(rand.NewPCG(uint64(len(f.samples)), uint64(len(f.meters)))) //nolint:gosec // a sequence, no secret
	for range mostTries {
		few := make([]Sample, len(f.meters))
		for i := range few {
			few[i] = f.samples[pick.IntN(len(f.samples))]
		}
		tried, ok := f.solve(few)
		if !ok {
			continue
		}
		if n := f.count(tried); n > most {
			most, rates = n, tried
		}
		if most == len(f.samples) {
			break
		}
	}
	if most == 0 {
		return nil
	}
	return f.refine(rates, most)
}

// refine fits rates to all samples that they give, as long as that gives more, and writes
// them with as few digits as give as many.
func (f *fitter) refine(rates []money.Amount, most int) []money.Amount {
	for range mostBooks {
		inside, _, _ := f.split(rates)
		fitted, ok := f.solve(inside)
		if !ok || f.count(fitted) < most {
			break
		}
		rates, most = fitted, f.count(fitted)
	}
	for digits := leastDigits; digits < rateDigits; digits++ {
		short := make([]money.Amount, len(rates))
		for i := range rates {
			short[i] = rates[i].Round(digits)
		}
		if f.count(short) >= most {
			return short
		}
	}
	return rates
}

// count says how many samples rates give.
func (f *fitter) count(rates []money.Amount) (n int) {
	for i := range f.samples {
		if gap, ok := f.gap(rates, &f.samples[i]); ok && gap.Cmp(f.samples[i].Rounding) <= 0 {
			n++
		}
	}
	return n
}

// split sorts samples by whether rates give them, and says by how much at most they miss.
func (f *fitter) split(rates []money.Amount) (inside, outside []Sample, worst money.Amount) {
	for i := range f.samples {
		s := f.samples[i]
		gap, ok := f.gap(rates, &s)
		if !ok || gap.Cmp(s.Rounding) > 0 {
			outside = append(outside, s)
			continue
		}
		inside = append(inside, s)
		if gap.Cmp(worst) > 0 {
			worst = gap
		}
	}
	return inside, outside, worst
}

// gap is the difference between an amount and what rates make of its usage.
func (f *fitter) gap(rates []money.Amount, s *Sample) (money.Amount, bool) {
	if len(rates) == 0 {
		return money.Amount{}, false
	}
	gap := s.Amount.Neg()
	for i, m := range f.meters {
		a, err := rates[i].MulRatio(s.Usage.Tokens[m], perMillion)
		if err == nil {
			gap, err = gap.Add(a)
		}
		if err != nil {
			return gap, false
		}
	}
	return gap.Abs(), true
}

// inferred finds the price books behind what vendors bill for the tokens of each model.
func (t *Tally) inferred() []Inferred {
	found := []Inferred{}
	samples := map[[3]string][]Sample{}
	for _, at := range slices.SortedFunc(maps.Keys(t.cells), place.compare) {
		c := t.cells[at]
		for _, s := range [2]*side{&c.reported, &c.invoiced} {
			if c.model && s.money && s.usage.Sign() > 0 && s.tokens() != [spend.Components]int64{} {
				key := [3]string{at.seller, at.sku, string(at.currency)}
				samples[key] = append(samples[key], Sample{Usage: s.quantity, Amount: s.usage, Rounding: roundingOf(s.usage)})
			}
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(samples), func(a, b [3]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
	}) {
		for _, rates := range Infer(samples[key]) {
			found = append(found, Inferred{key[0], key[1], money.Currency(key[2]), rates})
		}
	}
	return found
}

// roundingOf is half of the last digit of an amount, which is written to a cent at least.
func roundingOf(a money.Amount) money.Amount {
	_, fraction, _ := strings.Cut(a.String(), ".")
	half := money.Must("0.5")
	for range min(max(len(fraction), leastDigits), rateDigits) {
		half, _ = half.MulRatio(1, 10) // far above the smallest amount
	}
	return half
}
