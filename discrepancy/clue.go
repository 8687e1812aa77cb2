package discrepancy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// clue is what would make the other figure of a line out of ours, if it held for all
// lines of the source and the model: a factor, or another rate of one meter.
type clue struct {
	source, model string
	factor        bool
	meter         spend.Meter  // of a rate
	value         money.Amount // the factor, or the rate for a million
}

// support is what speaks for a clue.
type support struct {
	lines int64
	sizes map[money.Amount]int64 // how many lines of each size: a clue of one size shows nothing
}

type clues map[clue]*support

const (
	enoughLines = 3       // that agree before a clue is believed
	enoughSizes = 2       // that these lines have
	mostClues   = 200_000 // in memory; what comes after stays unexplained
)

// Learn looks at a line, or at one that was taken back when sign is −1, for what lines
// have in common. All lines are learned before the first is explained.
func (x *Explainer) Learn(c *spend.Charge, sign int64) {
	if x.alone(c).Reason != Unexplained {
		return
	}
	if len(x.puzzle) < mostClues && !c.ID.IsZero() {
		x.puzzle[c.ID] = true
	}
	for _, t := range x.traces(c) {
		s := x.clues[t.clue]
		if s == nil && len(x.clues) >= mostClues {
			continue
		}
		if s == nil {
			s = &support{sizes: map[money.Amount]int64{}}
			x.clues[t.clue] = s
		}
		s.lines += sign
		if s.sizes[t.size] += sign; s.sizes[t.size] == 0 {
			delete(s.sizes, t.size)
		}
	}
}

// trace is a clue that a line gives, and by what size of it.
type trace struct {
	clue
	size money.Amount
	ours money.Amount // the rate of the price book
}

// traces are the clues that a line gives.
//
// Example: 400 cached tokens at 0.125 per million in a figure that is 0.00003 above ours
// are 0.00003 × 10⁶ / 400 = 0.075 above it: a rate of 0.2.
func (x *Explainer) traces(c *spend.Charge) (found []trace) {
	about := clue{source: c.Source, model: NameOf(c), factor: true}
	var err error
	if about.value, err = money.FromInt(1).MulQuotient(c.Reported.Amount, c.List.Amount); err == nil {
		about.value = about.value.Round(4)
		found = append(found, trace{clue: about, size: c.List.Amount})
	}
	gap, err := c.Reported.Amount.Sub(c.List.Amount)
	call := x.prices.Call(c)
	if x.prices.Book.Rate(&call, &x.rating); err != nil || x.rating.List != c.List.Amount {
		return found
	}
	for i := range x.rating.Lines {
		line := &x.rating.Lines[i]
		ours, errOurs := line.Rate.MulRatio(million, line.Per)
		more, errMore := gap.MulQuotient(money.FromInt(million), line.Quantity)
		rate, errRate := ours.Add(more)
		if errOurs != nil || errMore != nil || errRate != nil || rate.Sign() < 0 {
			continue
		}
		about := clue{source: c.Source, model: NameOf(c), meter: line.Meter, value: rate.Round(4)}
		found = append(found, trace{clue: about, size: line.Quantity, ours: ours})
	}
	return found
}

const million = 1_000_000

// common is the clue of a line that others support, false when there is none or when
// two rates are supported alike.
func (cs clues) common(traces []trace) (Finding, bool) {
	believed := slices.DeleteFunc(traces, func(t trace) bool {
		s := cs[t.clue]
		return s == nil || s.lines < enoughLines || len(s.sizes) < enoughSizes
	})
	if len(believed) == 0 {
		return Finding{}, false
	}
	if first := believed[0]; first.factor {
		return Finding{Markup, "× " + first.value.String()}, true
	}
	slices.SortStableFunc(believed, func(a, b trace) int { return -cmp.Compare(cs[a.clue].lines, cs[b.clue].lines) })
	if len(believed) > 1 && cs[believed[0].clue].lines == cs[believed[1].clue].lines {
		return Finding{}, false
	}
	t := believed[0]
	return Finding{OtherRate, fmt.Sprintf("%s %s instead of %s for a million", t.meter, t.value, t.ours)}, true
}

// NameOf is the model of a line, by its canonical name where the book knows it.
func NameOf(c *spend.Charge) string {
	if c.Canonical.Name == "" {
		return c.Event.Model()
	}
	return c.Canonical.Developer + "/" + c.Canonical.Name
}
