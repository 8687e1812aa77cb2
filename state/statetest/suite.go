package statetest

import (
	"context"
	"testing"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Open opens the same empty store, however often it is called in one test. The
// store goes when the test ends.
type Open func(clock func() time.Time) *state.Store

// Run runs the suite. Open is called for a new store in each test.
func Run(t *testing.T, open func(t *testing.T) Open) {
	for _, c := range []struct {
		name string
		run  func(*room)
	}{
		{"people", people},
		{"pages of people", pagesOfPeople},
		{"erasure", erasure},
		{"external ids", externalIDs},
		{"redaction", redaction},
		{"roles", roles},
		{"tokens", tokens},
		{"a token in the place of another", rotated},
		{"exchange", exchangeOnce},
		{"sessions", sessions},
		{"audit", audit},
		{"organisation", standing},
		{"reorganisation", reorganisation},
		{"replacement", replacement},
		{"settings", settings},
		{"rates", rates},
		{"bad rates", badRates},
		{"pages of rates", ratesInPages},
		{"idempotency", idempotency},
		{"applied", applied},
		{"register", registered},
		{"names seen", namesSeen},
		{"notices", notices},
		{"keys of upstreams", upstreamKeys},
		{"views", views},
		{"forecasts", forecasts},
		{"periods", periods},
		{"undone", undone},
		{"writers", writers},
		{"openers", openers},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &room{T: t, now: time.Date(2026, 11, 25, 9, 30, 0, 123_456_789, time.UTC)}
			r.open = open(t)
			r.store = r.open(func() time.Time { return r.now })
			c.run(r)
		})
	}
}

// The store must be what auth asks for.
var (
	_ auth.Trail         = (*state.Tx)(nil)
	_ auth.AuditReader   = (*state.Tx)(nil)
	_ auth.TokenFinder   = (*state.Tx)(nil)
	_ auth.TokenUser     = (*state.Tx)(nil)
	_ auth.TokenKeeper   = (*state.Tx)(nil)
	_ auth.Exchanger     = (*state.Tx)(nil)
	_ auth.GrantKeeper   = (*state.Tx)(nil)
	_ auth.SessionFinder = (*state.Tx)(nil)
	_ auth.SessionEnder  = (*state.Tx)(nil)
	_ auth.PersonEraser  = (*state.Tx)(nil)
)

// room is one test with its store and its clock.
type room struct {
	*testing.T
	now   time.Time
	open  Open
	store *state.Store
}

func (r *room) write(do func(context.Context, *state.Tx) error) error {
	return r.store.Write(r.Context(), func(tx *state.Tx) error { return do(r.Context(), tx) })
}

func (r *room) read(do func(context.Context, *state.Tx) error) error {
	return r.store.Read(r.Context(), func(tx *state.Tx) error { return do(r.Context(), tx) })
}

// must fails the test when a step did not work.
func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// refuses wants an error of a kind.
func (r *room) refuses(kind spend.Kind, err error) {
	r.Helper()
	if err == nil || spend.KindOf(err) != kind {
		r.Errorf("want an error of kind %s, got %v", kind, err)
	}
}

func (r *room) same(what string, want, got any) {
	r.Helper()
	if diff := compare(want, got); diff != "" {
		r.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
