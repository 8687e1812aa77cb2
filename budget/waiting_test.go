package budget_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/budget"
)

// TestRatesOfACall names what looks at a call, with or without room, and takes nothing.
func TestRatesOfACall(t *testing.T) {
	t.Parallel()
	e := engine(t, nil, perKey(budget.Calls, 10, 1, time.Second))
	for range 2 {
		found := e.Rates(asking(1, 0, 1))
		if len(found) != 1 || found[0].Wait != 100*time.Millisecond || found[0].Action != budget.Throttle || found[0].Key() != "keys\x00k1" {
			t.Fatalf("%+v", found)
		}
	}
	if v := e.Acquire(asking(1, 0, 1)); v.Action != budget.Allow {
		t.Errorf("asking for its rates took room: %+v", v)
	}
	v := e.Acquire(asking(2, 0, 1))
	if found := e.Rates(asking(2, 0, 1)); len(v.Reasons) != 1 || found[0].Key() != v.Reasons[0].Key() || found[0].Wait != v.Wait {
		t.Errorf("%+v and %+v", found, v)
	}
	if found := e.Rates(&budget.Call{}); found != nil {
		t.Errorf("a malformed call has rates: %+v", found)
	}
}
