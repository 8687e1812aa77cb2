package main

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// pace is an open loop: each call starts when it is due, whatever has become of those
// before, and its latency counts from then. A way that stalls is charged for all that
// was due meanwhile.
type pace struct {
	rate  int // calls a second
	lasts time.Duration
	wait  time.Duration // of the upstream, before the first byte
}

// callers are whose calls these are: a key's number and a workflow.
func callers() []string {
	return []string{"0/refunds", "1/refunds", "2/triage", "3/triage", "0/triage", "1/triage"}
}

// run makes the calls and gives the latency of each, and what failed.
func (p pace) run(w *way) ([]time.Duration, *failures) {
	took := make([]time.Duration, int(p.lasts.Seconds()*float64(p.rate)))
	var failed failures
	var all sync.WaitGroup
	runtime.LockOSThread() // a thread that sleeps by itself wakes when it should
	defer runtime.UnlockOSThread()
	start := time.Now()
	for i := range took {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(p.rate))
		if rest := time.Until(due); rest > 0 {
			ts := syscall.NsecToTimespec(rest.Nanoseconds())
			_ = syscall.Nanosleep(&ts, nil) // woken early is early for one call alone
		}
		all.Go(func() {
			failed.note(w.call(i, p.wait, false, func() {}))
			took[i] = time.Since(due)
		})
	}
	all.Wait()
	return took, &failed
}

// streams holds so many open at the same time, each several times over, and gives how
// long each first piece took. They begin one after another, as no crowd of clients begins
// at once, and what a way makes of a burst shows in the other rows.
func streams(w *way, together int, wait time.Duration) ([]time.Duration, *failures) {
	const rounds = 4
	const long = 260 * time.Millisecond // about the length of one
	took := make([]time.Duration, rounds*together)
	var failed failures
	var all sync.WaitGroup
	start := time.Now()
	for i := range together {
		all.Go(func() {
			due := start.Add(time.Duration(i) * long / time.Duration(together))
			<-time.After(time.Until(due))
			for round := range rounds {
				began := time.Now()
				failed.note(w.call(i, wait, true, func() { took[round*together+i] = time.Since(began) }))
			}
		})
	}
	all.Wait()
	return took, &failed
}

// failures are the calls that failed, of which one says why.
type failures struct {
	mu  sync.Mutex // guards what follows
	n   int
	err error
}

func (f *failures) note(err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n, f.err = f.n+1, err
}

// way is one way to the upstream.
type way struct {
	name      string
	address   string   // of chat completions
	keys      []string // of the callers, one for all where nobody looks
	process   int      // whose processor time and memory count, 0 for none
	ledger    *ledger  // nil where nothing is booked
	transport *http.Transport
}

func newWay(name, address string, process int) *way {
	return &way{
		name: name, address: address, keys: []string{"none"}, process: process,
		transport: &http.Transport{MaxIdleConns: 4096, MaxIdleConnsPerHost: 4096, DisableCompression: true},
	}
}

// call makes one call and reads its answer to the end.
func (w *way) call(i int, wait time.Duration, stream bool, began func()) error {
	body := `{"model":"gpt-5","max_completion_tokens":400,"messages":[{"role":"user","content":"hello"}]}`
	if stream {
		body = `{"model":"gpt-5","stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":400,"messages":[{"role":"user","content":"hello"}]}`
	}
	caller := callers()[i%len(callers())]
	key, workflow, _ := strings.Cut(caller, "/")
	r, err := http.NewRequest(http.MethodPost, w.address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Authorization": {"Bearer " + w.keys[int(key[0]-'0')%len(w.keys)]},
		"X-Bursar-Workflow": {workflow}, callerField: {caller}, waitField: {wait.String()},
	}
	answer, err := w.transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var one [1]byte
	_, err = io.ReadFull(answer.Body, one[:])
	began()
	if err == nil {
		_, err = io.Copy(io.Discard, answer.Body)
	}
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", w.name, answer.Status)
	}
	return err
}

// quantile gives what so many of a hundred took at most.
func quantile(took []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}
