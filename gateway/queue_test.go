package gateway_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// anybody lets every key in, each as a credential of its own.
type anybody struct{}

func (anybody) Caller(_ context.Context, presented auth.Secret) (gateway.Caller, error) {
	return gateway.Caller{Scope: spend.Scope{Team: "claims", Application: "triage", Credential: presented.Reveal()}, Space: "triage"}, nil
}

// crowd makes calls at once and notes whose the upstream sees, in order.
type crowd struct {
	*room
	all sync.WaitGroup

	mu   sync.Mutex
	seen []string
	goOn chan struct{} // lets the upstream answer one
}

// gather builds a room in which a crowd stands. The upstream answers when it may.
func gather(t *testing.T, change func(*gateway.Config)) *crowd {
	t.Helper()
	c := &crowd{goOn: make(chan struct{})}
	c.room = enter(t, c.upstream, func(cfg *gateway.Config) {
		cfg.Keys, cfg.Queue = anybody{}, time.Minute
		change(cfg)
	})
	return c
}

func (c *crowd) upstream(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.seen = append(c.seen, r.Header.Get("X-Who"))
	c.mu.Unlock()
	select {
	case <-c.goOn:
	case <-r.Context().Done():
	}
	say(200, "application/json", whole)(w, r)
}

// come makes n calls of one key, which end with the context.
func (c *crowd) come(ctx context.Context, key string, n int, statuses chan<- int) {
	for range n {
		c.all.Go(func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server.URL+"/openai/v1/chat/completions", strings.NewReader(`{"model":"gpt-5","messages":[]}`))
			if err != nil {
				c.t.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer key-of-"+key)
			r.Header.Set("X-Who", key)
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				return // it has left
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
			statuses <- answer.StatusCode
		})
	}
}

// until waits for something that other goroutines bring about.
func (c *crowd) until(done func() bool) {
	c.t.Helper()
	for !done() {
		if c.t.Context().Err() != nil {
			c.t.Fatal("it does not come to it")
		}
		runtime.Gosched()
	}
}

func (c *crowd) saw() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.seen)
}

func (c *crowd) waits(n int64) func() bool {
	return func() bool { return c.gateway.Waiting() == n }
}

// TestANoisyCallerWaitsBehindItself at an upstream that takes two at once.
func TestANoisyCallerWaitsBehindItself(t *testing.T) {
	t.Parallel()
	c := gather(t, func(cfg *gateway.Config) { cfg.Routes[0].Upstreams[0].AtOnce = 2 })
	statuses := make(chan int, 100)
	c.come(t.Context(), "noisy", 60, statuses)
	c.until(c.waits(58))
	c.until(func() bool { return len(c.saw()) == 2 })
	c.come(t.Context(), "quiet", 2, statuses)
	c.until(c.waits(60))
	for i := range 62 {
		c.goOn <- struct{}{}
		c.until(func() bool { return len(c.saw()) == min(i+3, 62) })
	}
	c.all.Wait()
	if saw := c.saw(); !slices.Equal(saw[:4], []string{"noisy", "noisy", "quiet", "quiet"}) && !slices.Equal(saw[:5], []string{"noisy", "noisy", "quiet", "noisy", "quiet"}) {
		t.Errorf("the upstream saw %v", saw[:6])
	}
	for range 62 {
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("answered with %d", status)
		}
	}
	c.settled(62)
}

// TestWhoLeavesTakesNoPlaceAlong lets all go that wait, and those that hold places.
func TestWhoLeavesTakesNoPlaceAlong(t *testing.T) {
	t.Parallel()
	c := gather(t, func(cfg *gateway.Config) {
		cfg.Routes[0].Upstreams[0].AtOnce, cfg.Routes[0].Gone = 2, gateway.Cancel
	})
	statuses := make(chan int, 100)
	for range 5 {
		ctx, leave := context.WithCancel(t.Context())
		c.come(ctx, "noisy", 20, statuses)
		c.until(c.waits(18))
		leave()
		c.all.Wait()
		c.until(c.waits(0))
		c.until(func() bool { return c.running.Len() == 0 })
	}
	c.come(t.Context(), "quiet", 2, statuses)
	c.until(func() bool {
		return len(slices.DeleteFunc(c.saw(), func(who string) bool { return who != "quiet" })) == 2
	})
	close(c.goOn)
	c.all.Wait()
	if a, b := <-statuses, <-statuses; a != 200 || b != 200 {
		t.Errorf("answered with %d and %d", a, b)
	}
}

// TestAPanicGivesThePlaceBack breaks what says under which scope a call is booked.
func TestAPanicGivesThePlaceBack(t *testing.T) {
	t.Parallel()
	r, _ := limited(t, say(200, "application/json", whole), "rates: [{id: some, calls: 1000, per: second, burst: 1000, scope: {team: claims}}]\n",
		func(c *gateway.Config) {
			c.Routes[0].Upstreams[0].AtOnce, c.Scopes = 1, breaking{}
		})
	for range 3 {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL+"/openai/v1/chat/completions", strings.NewReader(`{"model":"breaks","messages":[]}`))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Authorization", "Bearer bursar-key")
		if answer, err := http.DefaultTransport.RoundTrip(q); err == nil {
			t.Errorf("answered with %d", answer.StatusCode)
			_ = answer.Body.Close()
		}
	}
	if answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`); answer.StatusCode != 200 {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
}

type breaking struct{ scopes }

func (b breaking) Scope(e *spend.Event) spend.Scope {
	if e.RequestedModel == "breaks" {
		panic(http.ErrAbortHandler)
	}
	return b.scopes.Scope(e)
}

// TestAPlaceThatDoesNotComeFree is refused to who may not wait.
func TestAPlaceThatDoesNotComeFree(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]time.Duration{"at once": -1, "in time": time.Millisecond} {
		c := gather(t, func(cfg *gateway.Config) { cfg.Routes[0].Upstreams[0].AtOnce, cfg.Queue = 1, wait })
		statuses := make(chan int, 2)
		c.come(t.Context(), "first", 1, statuses)
		c.until(func() bool { return len(c.saw()) == 1 })
		c.come(t.Context(), "second", 1, statuses)
		if status := <-statuses; status != http.StatusServiceUnavailable {
			t.Errorf("%s: answered with %d", name, status)
		}
		close(c.goOn)
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("%s: the first is answered with %d", name, status)
		}
	}
}

// TestARateIsWaitedForInFairTurns has a rate that lets one call through at once and then
// ten a second: a quiet caller goes before those of a noisy one that came before.
func TestARateIsWaitedForInFairTurns(t *testing.T) {
	t.Parallel()
	c := &crowd{goOn: make(chan struct{})}
	close(c.goOn)
	c.room, _ = limited(t, c.upstream, "rates: [{id: slow, calls: 10, per: second, burst: 1, scope: {team: claims}}]\n",
		func(cfg *gateway.Config) { cfg.Keys, cfg.Queue = anybody{}, time.Minute })
	statuses := make(chan int, 1000)
	ctx, leave := context.WithCancel(t.Context())
	c.come(ctx, "noisy", 200, statuses)
	c.until(func() bool { return c.gateway.Waiting() > 100 })
	before := len(c.saw())
	quiet := make(chan int, 3)
	c.come(t.Context(), "quiet", 3, quiet)
	for range 3 {
		if status := <-quiet; status != http.StatusOK {
			t.Errorf("answered with %d", status)
		}
	}
	if n := len(c.saw()) - before; n > 60 { // behind the noisy calls it would be some 190
		t.Errorf("%d calls went before the last of three", n)
	}
	leave()
	c.all.Wait()
	c.until(c.waits(0))
	c.come(t.Context(), "another", 1, quiet) // nothing of those that left stands in the way
	if status := <-quiet; status != http.StatusOK {
		t.Errorf("answered with %d", status)
	}
}

// TestARateThatIsFarAway is not waited for.
func TestARateThatIsFarAway(t *testing.T) {
	t.Parallel()
	r, _ := limited(t, say(200, "application/json", whole), "rates: [{id: slow, calls: 1, per: minute, burst: 1, scope: {team: claims}}]\n")
	for _, want := range []int{200, 429, 429} {
		answer, text := r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
		if answer.StatusCode != want || (want == 429) != (answer.Header.Get("Retry-After") != "") {
			t.Errorf("%d %s %s", answer.StatusCode, answer.Header.Get("Retry-After"), text)
		}
	}
}

// TestOpenCallsAreWaitedFor ends one of the calls that a rate allows at once.
func TestOpenCallsAreWaitedFor(t *testing.T) {
	t.Parallel()
	c := &crowd{goOn: make(chan struct{})}
	c.room, _ = limited(t, c.upstream, "rates: [{id: few, open: 1, scope: {team: claims}}]\n",
		func(cfg *gateway.Config) { cfg.Keys, cfg.Queue = anybody{}, time.Minute })
	statuses := make(chan int, 10)
	c.come(t.Context(), "a", 5, statuses)
	c.until(c.waits(4))
	for range 5 {
		c.goOn <- struct{}{}
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("answered with %d", status)
		}
	}
	c.settled(5)
}

// TestWhoWaitsHoldsNoMoney lets one call in where a budget has room for one hold alone, and
// four behind it wait for its place: each fits when its turn comes.
func TestWhoWaitsHoldsNoMoney(t *testing.T) {
	t.Parallel()
	c := &crowd{goOn: make(chan struct{})}
	room, engine := limited(t, c.upstream, "budgets: [{id: small, amount: 0.9, currency: USD, period: month, scope: {team: claims}, at_limit: stop, "+
		"override: {reason: a test, until: 2099-01-01}}]\n",
		func(cfg *gateway.Config) {
			cfg.Keys, cfg.Queue, cfg.Prices = anybody{}, time.Minute, prices{}
			cfg.Routes[0].Upstreams[0].AtOnce = 1
		})
	c.room = room
	statuses := make(chan int, 5)
	c.come(t.Context(), "a", 5, statuses)
	c.until(c.waits(4))
	for range 5 {
		for _, s := range engine.Standings() {
			if s.Held.Cmp(money.Must("0.5")) > 0 {
				t.Errorf("%s is held", s.Held)
			}
		}
		c.goOn <- struct{}{}
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("answered with %d", status)
		}
	}
	c.settled(5)
}
