package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
)

// Earned is how many results of one instant count.
type Earned struct {
	Definition, Workflow string
	At                   time.Time
	Count                money.Amount
}

// EarnedOf gives what a line of the outcome ledger changes, false when that is
// nothing: what a workflow says of itself counts for no limit.
func EarnedOf(l *outcome.Line) (Earned, bool) {
	s := &l.Standing
	return Earned{s.Definition, s.Workflow, s.At, l.Count}, s.State.Counts() && s.Level > outcome.SelfReported
}

// EachEarned calls f for the results that count and came about since an instant, by
// definition, workflow and instant; an error of f ends it.
func EachEarned(ctx context.Context, r Reader, since time.Time, f func(Earned) error) error {
	d := r.Dialect()
	var states []string
	for _, s := range outcome.CountingStates() {
		states = append(states, "'"+string(s)+"'")
	}
	s := Statement{Text: fmt.Sprintf("SELECT definition, workflow, %s, %s\nFROM outcomes\nWHERE state IN (%s) AND level > %d AND happened_at >= %s\n"+
		"GROUP BY definition, workflow, happened_at\nHAVING sum(count) <> 0",
		d.AsText(d.Micros("happened_at")), d.AsText("sum(count)"), strings.Join(states, ", "), outcome.SelfReported, d.Moment(micros(since)))}
	return r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func(cells []*string) error {
			at, err := wholeOf(cells[2])
			count, errCount := amountOf(cells[3])
			if err := errors.Join(err, errCount); err != nil {
				return err
			}
			return f(Earned{textOf(cells[0]), textOf(cells[1]), time.UnixMicro(at).UTC(), count.Amount})
		})
	})
}
