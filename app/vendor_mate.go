package app

import (
	"cmp"
	"context"
	"strings"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// weighed is what days of an account cost, and the list price of what was used on them.
type weighed struct{ cost, list, rounding money.Amount }

// mate is the source that tells tokens where another tells money, or the reverse, and
// the products that it keeps apart.
func mate(source string) (other string, products []string) {
	base, _, _ := strings.Cut(source, ":") // a scope speaks for itself
	other = map[string]string{
		"openai.usage": "openai.cost", "openai.cost": "openai.usage", "anthropic.usage": "anthropic.cost", "anthropic.cost": "anthropic.usage",
	}[base]
	if other == "openai.usage" {
		return other + source[len(base):], []string{"completions/", "embeddings/"}
	}
	return other + source[len(base):], []string{""}
}

// weigh sets the money of an export against the tokens that another one told of the
// same days, and says when the two seem to be in different units. It refuses nothing:
// one of them may be of a part of the account.
func (a *App) weigh(ctx context.Context, run *exportRun) error {
	if len(run.left) == 0 {
		return nil
	}
	other, products := mate(run.left[0].Event.Source)
	if strings.HasPrefix(other, ":") || other == "" {
		return nil
	}
	own := map[string]*weighed{} // by account and day
	for _, l := range run.left {
		if key := l.Event.Account + "\n" + l.Day; len(l.Problems) == 0 {
			if own[key] == nil {
				own[key] = &weighed{}
			}
			a.put(own[key], &l.Event, l.Rounding)
		}
	}
	var all weighed
	days := 0
	for key, w := range own {
		account, day, _ := strings.Cut(key, "\n")
		theirs, err := a.booked(ctx, other, partitionsOf(products, day, account, cmp.Or(run.options.Account, "default")))
		if err != nil {
			return err
		}
		w.add(theirs)
		if w.cost.Sign() > 0 && w.list.Sign() > 0 {
			all.add(*w)
			days++
		}
	}
	if why := vendor.Suspect(all.cost, all.list, all.rounding, run.options.Unit); strings.Contains(why, "--unit") {
		run.note("what is owed for %d days, beside the tokens that are booked for them, %s; or one of the two exports is of a part of the account", days, why)
	}
	return nil
}

func partitionsOf(products []string, day string, accounts ...string) (all []string) {
	seen := map[string]bool{}
	for _, account := range accounts {
		for _, product := range products {
			if part := account + "/" + product + day; !seen[part] {
				seen[part] = true
				all = append(all, part)
			}
		}
	}
	return all
}

// booked weighs the lines of partitions.
func (a *App) booked(ctx context.Context, source string, partitions []string) (w weighed, err error) {
	for _, part := range partitions {
		var attempts []spend.ID
		if err := a.Lake.Partition(ctx, source, part, func(h lake.Head) error { attempts = append(attempts, h.Attempt); return nil }); err != nil {
			return w, err
		}
		lines, err := a.Lake.Lines(ctx, attempts)
		if err != nil {
			return w, err
		}
		for i := range lines {
			a.put(&w, &lines[i].Event, money.Amount{})
		}
	}
	return w, nil
}

// put weighs what a vendor tells: money, or tokens at the list price of their day.
func (a *App) put(w *weighed, e *spend.Event, rounding money.Amount) {
	if e.Reported.Valid {
		w.add(weighed{cost: e.Reported.Amount, rounding: rounding})
		return
	}
	var out pricebook.Rating
	call := pricebook.Call{Seller: e.Seller, Model: e.Model(), At: e.UsedAt, ServedTier: e.ServedTier, Usage: &e.Usage, Aggregated: true}
	if a.Book().Rate(&call, &out); out.State != spend.Unpriced {
		w.add(weighed{list: out.List})
	}
}

// add sums; what is beyond all amounts is left out of a comparison.
func (w *weighed) add(v weighed) {
	for _, pair := range [3][2]*money.Amount{{&w.cost, &v.cost}, {&w.list, &v.list}, {&w.rounding, &v.rounding}} {
		if sum, err := pair[0].Add(*pair[1]); err == nil {
			*pair[0] = sum
		}
	}
}
