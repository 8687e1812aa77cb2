package app

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/budget"
)

// recountBudgets counts what is booked once more and sets it against the counters
// that decide. What is open or settled is not in the ledger, and is taken as it is.
func (s *Server) recountBudgets(ctx context.Context) (api.Finding, error) {
	const name = "budgets"
	if s.miscounted.Load() {
		return unwell(name, api.Broken, "they could not be counted anew, and may decide by old limits", "it is tried again every minute; the log says why it failed"), nil
	}
	live, fresh, steady, err := s.bothCounts(ctx)
	if err != nil {
		return api.Finding{}, err
	}
	if wrong := differing(live, fresh, steady); wrong != "" {
		return unwell(name, api.Broken, wrong, "apply the budgets again to count them anew, and report this line"), nil
	}
	left := len(s.Budgets.Pending(s.Now().Add(-24 * time.Hour)))
	return look(name, when(left > 0, "their ends were not booked: bursar quarantine list names what was rejected; their holds stay until then"),
		fmt.Sprintf("%d windows are what a recount of the ledger gives; %d calls are held for more than a day", len(live), left)), nil
}

// bothCounts gives the counters that decide and those of a recount, of one state of the
// ledger; steady says that no call came or went while they were looked at. Booking
// waits for the look alone.
func (s *Server) bothCounts(ctx context.Context) (live, fresh []budget.Standing, steady bool, err error) {
	s.recounting.Lock()
	defer s.recounting.Unlock()
	var failed error
	var past *frozen
	var o *budget.Opening
	horizon, set := s.Now().Add(-keepCounters), s.order.Load().limits.Set
	err = s.Ingest.Pipeline.Pause(ctx, func() (err error) {
		if past, err = s.freeze(ctx); err != nil {
			return err
		}
		s.Budgets.Forget(horizon)
		o = s.opening(ctx, past, &failed)
		o.Pending = s.pending()
		live = s.Budgets.Standings()
		steady = reflect.DeepEqual(o.Pending, s.pending())
		return nil
	})
	if err != nil {
		return live, fresh, steady, err
	}
	defer past.thaw()
	recount := budget.New(set, s.converted, o)
	recount.Forget(horizon)
	return live, recount.Standings(), steady, failed
}

// overrides names the caps that only warn, since what let them stop has ended.
func (s *Server) overrides(context.Context) (api.Finding, error) {
	ended := s.order.Load().limits.Ended(s.Now())
	msg := "none has ended"
	if len(ended) > 0 {
		msg = "these have ended, and their budgets only warn: " + strings.Join(ended, ", ")
	}
	return look("overrides", when(len(ended) > 0, "count the results of their workflows, or renew the overrides (docs/budgets.md)"), msg), nil
}

// pending are the calls that the ledger has not booked.
func (s *Server) pending() []budget.Pending { return s.Budgets.Pending(time.Unix(1<<40, 0)) }

// differing names the first budget that a recount counts otherwise, "" when there is
// none. While calls come and go only what is booked is compared. A run may be
// forgotten on one side alone, and is compared where both know it.
func differing(live, fresh []budget.Standing, steady bool) string {
	were, are := windows(live), windows(fresh)
	for i := range live {
		a, b := &live[i], are[windowOf(&live[i])]
		switch {
		case b == nil && a.To.IsZero():
			continue
		case b == nil:
			b = &budget.Standing{}
		}
		if a.Booked != b.Booked || steady && (a.Settled != b.Settled || a.Held != b.Held || a.Unknown != b.Unknown) {
			return fmt.Sprintf("budget %s counts %s booked, %s settled, %s held and %d unknown in the window from %s; a recount gives %s, %s, %s and %d",
				a.Budget, a.Booked, a.Settled, a.Held, a.Unknown, a.From.Format(time.RFC3339), b.Booked, b.Settled, b.Held, b.Unknown)
		}
	}
	for i := range fresh {
		if b := &fresh[i]; !b.To.IsZero() && !b.Booked.IsZero() && were[windowOf(b)] == nil {
			return fmt.Sprintf("budget %s counts nothing in the window from %s; a recount gives %s", b.Budget, b.From.Format(time.RFC3339), b.Booked)
		}
	}
	return ""
}

// window names what a standing is of.
type window struct {
	budget, each string
	from         time.Time
}

func windowOf(s *budget.Standing) window {
	return window{s.Budget, strings.Join(s.Each, "\x00"), s.From}
}

func windows(all []budget.Standing) map[window]*budget.Standing {
	by := make(map[window]*budget.Standing, len(all))
	for i := range all {
		by[windowOf(&all[i])] = &all[i]
	}
	return by
}
