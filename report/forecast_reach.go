package report

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// reach is how an interval has learned from the forecasts of its question that have
// settled.
type reach struct {
	by     float64 // its reach is multiplied
	judged int     // forecasts that say so, one after the other
}

// Adapt widens or narrows the intervals of sums by how those of the last forecast of the
// same question that has settled held, which were widened by the one before it, and so on:
// what is kept says it all. Half of what a series learns is its own miss, half is the part
// of all series that missed, so that one that is asked of once a month need not wait years.
// Nothing changes before least forecasts have been judged; what is refused stays so, no
// bound passes the mean or falls below zero where it was not, and wider levels stay wider.
func (o *Outlook) Adapt(last *KeptForecast, t *spend.Table, least int) error {
	came, err := last.came(t)
	if err != nil {
		return err
	}
	learned := last.learn(came)
	for i := range o.Rows {
		r := &o.Rows[i]
		known := learned[r.name()]
		for l := range r.Bounds {
			if l >= len(known) {
				continue
			}
			r.Bounds[l].learned = known[l]
			if known[l].judged < max(least, 1) || r.Bounds[l].Refused != "" {
				continue
			}
			if err := r.Bounds[l].stretch(r.Mean); err != nil {
				return err
			}
		}
		r.nest()
	}
	return nil
}

// name tells the rows of a forecast apart.
func (r *OutlookRow) name() string { return keptName(r.Keys, r.Other) }

func keptName(keys []string, other bool) string {
	return fmt.Sprint(other) + "\x00" + strings.Join(keys, "\x00")
}

// learn is what each row's intervals know after what came, by level.
func (k *KeptForecast) learn(came map[string]money.Amount) map[string][]reach {
	missed := make([]LevelHeld, len(k.Levels))
	for l := range k.Levels {
		for i := range k.Rows {
			missed[l].judge(&k.Rows[i], l, came)
		}
	}
	out := map[string][]reach{}
	for i := range k.Rows {
		r := &k.Rows[i]
		var all []reach
		for l, level := range k.Levels {
			known := r.reach(l)
			var own LevelHeld
			if own.judge(r, l, came); own.Asked > 0 {
				share := 1 - float64(missed[l].Held)/float64(missed[l].Asked)
				known.by = forecast.Reach(known.by, level, (float64(own.Asked-own.Held)+share)/2)
				known.judged++
			}
			all = append(all, known)
		}
		out[keptName(r.Keys, r.Other)] = all
	}
	return out
}

// reach is what an interval knew when it was told.
func (r *KeptRow) reach(level int) reach {
	if level >= len(r.Reach) || r.Reach[level].Sign() <= 0 || level >= len(r.Judged) {
		return reach{by: 1}
	}
	return reach{r.Reach[level].Approx(), r.Judged[level]}
}

// stretch multiplies the reach of an interval on both sides of a mean.
func (b *OutlookBounds) stretch(mean money.Amount) error {
	by, err := decimal(b.learned.by)
	if err != nil {
		return err
	}
	b.Reach = money.Known(by.Round(4))
	far := func(bound money.Amount) (money.Amount, error) {
		distance, err := bound.Sub(mean)
		if err != nil {
			return bound, err
		}
		if distance, err = distance.MulQuotient(b.Reach.Amount, money.FromInt(1)); err != nil {
			return bound, err
		}
		return mean.Add(distance.Round(foreseenDigits))
	}
	low, err := far(b.Low.Amount)
	if err != nil {
		return err
	}
	if low.Sign() < 0 && b.Low.Amount.Sign() >= 0 {
		low = money.Amount{}
	}
	high, err := far(b.High.Amount)
	b.Low, b.High = money.Known(low), money.Known(high)
	return err
}

// nest widens each level to hold the ones below it.
func (r *OutlookRow) nest() {
	var inner *OutlookBounds
	for l := range r.Bounds {
		b := &r.Bounds[l]
		if b.Refused != "" {
			continue
		}
		if inner != nil && inner.Low.Amount.Cmp(b.Low.Amount) < 0 {
			b.Low = inner.Low
		}
		if inner != nil && inner.High.Amount.Cmp(b.High.Amount) > 0 {
			b.High = inner.High
		}
		inner = b
	}
}

// reachText says what intervals have learned, "" where nothing.
func (o *Outlook) reachText() string {
	count := 0
	var least, most money.Amount
	for i := range o.Rows {
		for _, b := range o.Rows[i].Bounds {
			if !b.Reach.Valid {
				continue
			}
			if count == 0 || b.Reach.Amount.Cmp(least) < 0 {
				least = b.Reach.Amount
			}
			if count++; b.Reach.Amount.Cmp(most) > 0 {
				most = b.Reach.Amount
			}
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("%d intervals reach %s to %s times as far as the past says, by how the earlier forecasts of this question held", count, least.Fixed(2), most.Fixed(2))
}
