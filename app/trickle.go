package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Shift is how a simulated company works on.
type Shift struct {
	Seed      uint64  // decides the calls; only the clock decides when they happen
	PerSecond int     // calls, at least 1
	Vendors   *MadeUp // behind the door of the server
}

// Trickle lets the simulated company go on working until the context ends: its calls
// go through the server's own gateway to made-up vendors, with a key for each of its
// applications. What no gateway meters yet comes as events, through the journal too.
func (v *Serving) Trickle(ctx context.Context, shift Shift) error {
	next, stop := iter.Pull(calls(shift.Seed, v.Now(), shift.PerSecond))
	defer stop()
	w := &worker{Serving: v, vendors: shift.Vendors, keys: map[string]auth.Secret{}, client: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	defer w.client.CloseIdleConnections()
	defer w.all.Wait()
	defer shift.Vendors.leave()
	tick := time.NewTicker(time.Second / time.Duration(shift.PerSecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		e, _ := next()
		if err := w.work(ctx, &e); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// worker makes the company's calls.
type worker struct {
	*Serving
	vendors *MadeUp
	client  http.Client
	keys    map[string]auth.Secret // by application
	all     sync.WaitGroup         // calls under way
}

// work makes one call, and does not wait for its answer.
func (w *worker) work(ctx context.Context, e *spend.Event) error {
	if !w.vendors.passes(e) {
		return w.Ingest.Accept(ctx, []ingest.Record{{Event: moved(*e, w.Now()), Revisions: spend.Immutable}})
	}
	key, err := w.key(ctx, &e.Scope)
	if err != nil {
		return err
	}
	w.vendors.planned.Store(e.SourceKey, *e)
	w.all.Go(func() {
		defer w.vendors.planned.Delete(e.SourceKey) // where the call never came so far
		if err := w.call(ctx, e, key); err != nil && ctx.Err() == nil && e.Status != spend.StatusAborted {
			w.log.Debug("a call of the simulated company failed", "error", err)
		}
	})
	return nil
}

// key is that of an application, made when it is first needed.
func (w *worker) key(ctx context.Context, s *spend.Scope) (auth.Secret, error) {
	if key, made := w.keys[s.Application]; made {
		return key, nil
	}
	key, _, err := tokens{w.State}.Issue(ctx, auth.System(), auth.TokenRequest{
		Kind: auth.GatewayToken, Name: strings.TrimSpace("DEMO " + s.Application),
		Scope: spend.Scope{BusinessUnit: s.BusinessUnit, Team: s.Team, Application: s.Application},
	})
	w.keys[s.Application] = key
	return key, err
}

// call makes a call as a client does, and reads its answer, or leaves in the midst of it.
func (w *worker) call(ctx context.Context, e *spend.Event, key auth.Secret) error {
	ctx, leave := context.WithCancel(context.WithoutCancel(ctx)) // the vendors hurry when the company goes home
	defer leave()
	path, body := asks(e)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Address+"/"+e.Seller+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+key.Reveal())
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(plannedBy, e.SourceKey)
	for name, value := range claimed(&e.Scope) {
		if value != "" {
			r.Header.Set("X-Bursar-"+name, value)
		}
	}
	answer, err := w.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read, or is left
	if e.Status == spend.StatusAborted {
		return errors.New("the client left") // as it was simulated
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

// claimed is what a client names of its scope.
func claimed(s *spend.Scope) map[string]string {
	tags := make([]string, 0, len(s.Tags))
	for key, value := range s.Tags {
		tags = append(tags, key+"="+value)
	}
	return map[string]string{
		"Workflow": s.Workflow, "Agent": s.Agent, "Run": s.Run, "Parent-Run": s.ParentRun, "Step": s.Step,
		"Feature": s.Feature, "Customer": s.Customer, "Environment": s.Environment, "Tags": strings.Join(tags, ","),
	}
}

// asks is the request of a call: its prompt is filler that is as long as its tokens.
func asks(e *spend.Event) (path string, body []byte) {
	filler := strings.Repeat("x", int(min(max(e.Usage.PromptTokens(), 16), 1<<20)))
	f := fields{"model": e.RequestedModel}
	if e.Kind == "embeddings" {
		f["input"] = filler
		return "/v1/embeddings", encode(f)
	}
	f["messages"] = []fields{{"role": "user", "content": filler}}
	f["max_tokens"] = max(e.Usage.CompletionTokens(), 1)
	f["stream"] = !e.FirstTokenAt.IsZero()
	if e.Seller == "anthropic" {
		return "/v1/messages", encode(f)
	}
	if e.RequestedTier != "" {
		f["service_tier"] = e.RequestedTier
	}
	return "/v1/chat/completions", encode(f)
}

// calls yields the calls of a company without end: a day's worth of one history
// after the other, each with keys of its own.
func calls(seed uint64, start time.Time, perSecond int) iter.Seq[spend.Event] {
	const day = 24 * time.Hour
	return func(yield func(spend.Event) bool) {
		for more := true; more; {
			seed++
			c := company.New(company.Config{Seed: seed, Start: start, End: start.Add(day), Events: perSecond * int(day/time.Second)})
			more = every(c.Events(), yield)
		}
	}
}

// every hands on until there is no more, false when the reader has enough.
func every(events iter.Seq[spend.Event], yield func(spend.Event) bool) bool {
	for e := range events {
		if !yield(e) {
			return false
		}
	}
	return true
}

// moved shifts an event in time so that it ends at an instant: a call is told when
// it is over.
func moved(e spend.Event, at time.Time) spend.Event {
	over := e.UsedAt
	if !e.EndedAt.IsZero() {
		over = e.EndedAt
	}
	by := at.UTC().Truncate(time.Microsecond).Sub(over)
	for _, t := range []*time.Time{&e.UsedAt, &e.StartedAt, &e.FirstTokenAt, &e.EndedAt} {
		if !t.IsZero() {
			*t = t.Add(by)
		}
	}
	return e
}
