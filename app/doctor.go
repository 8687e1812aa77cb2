package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// State is how a check came out.
type State string

// The states of a check.
const (
	Healthy   State = "ok"
	Attention State = "look"   // a person should look
	Broken    State = "broken" // a law of the ledger does not hold
)

// Check is one line of a doctor's report.
type Check struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	Msg   string `json:"msg"`
}

// Doctor checks the ledger's laws and what needs a person.
func (a *App) Doctor(ctx context.Context, now time.Time) ([]Check, error) {
	var checks []Check
	for _, law := range lake.Laws() {
		check, err := a.law(ctx, law)
		if err != nil {
			return checks, err
		}
		checks = append(checks, check)
	}
	ledger, err := a.attention(ctx)
	if err != nil {
		return checks, err
	}
	return append(append(checks, ledger...), a.prices(now)), nil
}

// Failed says that a law is broken.
func Failed(checks []Check) bool {
	for _, c := range checks {
		if c.State == Broken {
			return true
		}
	}
	return false
}

func (a *App) law(ctx context.Context, law lake.Law) (Check, error) {
	broken := int64(0)
	err := a.Lake.Query(ctx, law.Statement, func(cells []*string) (err error) {
		broken, err = strconv.ParseInt(*cells[0], 10, 64)
		return err
	})
	check := Check{Name: law.Name, State: Healthy, Msg: "holds"}
	if broken != 0 {
		check.State, check.Msg = Broken, fmt.Sprintf("broken %d times", broken)
	}
	return check, err
}

func (a *App) attention(ctx context.Context) ([]Check, error) {
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost, spend.Calls}, Zone: a.Zone}
	t, err := a.Answer(ctx, &q)
	if err != nil {
		return nil, err
	}
	rejected, err := a.Lake.Quarantined(ctx, lake.Listing{Limit: 1001})
	if err != nil {
		return nil, err
	}
	some := func(n int64) string {
		if n > 1000 {
			return "more than 1000"
		}
		return strconv.FormatInt(n, 10)
	}
	return []Check{
		look("ledger", false, fmt.Sprintf("%d calls cost %s %s", t.Totals.Calls, t.Totals.Cost.Fixed(2), t.Currency)),
		look("unpriced", t.Totals.Unpriced.Calls != 0, fmt.Sprintf("%d calls have no amount; exposure up to %s %s (bursar spend --by seller,requested_model --where price_state=unpriced --measures calls,exposure)",
			t.Totals.Unpriced.Calls, t.Totals.Exposure.Fixed(2), t.Currency)),
		look("open calls", false, fmt.Sprintf("%d calls are open and hold up to %s %s", t.Totals.OpenCalls, t.Totals.OpenHolds.Fixed(2), t.Currency)),
		look("unattributed", !t.Totals.Unattributed.IsZero(), fmt.Sprintf("%s %s has no team (bursar spend --by credential,application --where team=)", t.Totals.Unattributed.Fixed(2), t.Currency)),
		look("quarantine", len(rejected) > 0, some(int64(len(rejected)))+" records are rejected (bursar quarantine list)"),
	}, nil
}

func (a *App) prices(now time.Time) Check {
	stale := pricebook.Stale(a.Book.Facts(), now, a.StaleDays)
	return look("prices", len(stale) > 0, fmt.Sprintf("book %s of %d facts; %d were last checked more than %d days ago (bursar price book)",
		a.Book.Hash(), a.Book.Len(), len(stale), a.StaleDays))
}

func look(name string, needed bool, msg string) Check {
	if needed {
		return Check{name, Attention, msg}
	}
	return Check{name, Healthy, msg}
}
