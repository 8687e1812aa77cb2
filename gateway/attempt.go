package gateway

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// attempt is one try of a call at one upstream.
type attempt struct {
	*call
	door   *door
	id     string
	tries  int     // at its upstream, with this one
	others []*door // that the call may go to after it
	last   bool    // no other is made after it

	moves bool         // the next, if any, is made at another upstream
	retry bool         // another was begun before it
	final *spend.Event // for the access log, when it has ended
	times

	started    time.Time
	first      time.Time  // of the answer itself
	model      string     // asked for, or in its place by a budget
	hold       money.Null // the most that it may cost, in the reporting currency
	unproven   []string   // what has no provable maximum, in words
	opening    *opening   // what the ledger says of its beginning
	unrecorded bool       // the ledger stalls, and it passes all the same
	hurried    bool       // the client has seen something of it before its record was synced
	edited     protocol.Edited
	vendor     string      // its own id of the request, where that of the answer is another
	sent       atomic.Bool // a connection took the request
	gone       atomic.Bool // the client is
	cancel     context.CancelFunc
	drain      atomic.Pointer[time.Timer] // until the answer to nobody is given up
}

// make opens the attempt, makes it and settles it. It is done when the client has
// been answered, or is to be refused.
func (a *attempt) make() (done bool, refusal *protocol.Refusal) {
	a.clock()
	tell, err := a.door.allow()
	if err != nil {
		return a.last, a.unmade("the upstream fails, and is left alone for a moment")
	}
	defer tell(errUnmade)
	if entered, done, refusal := a.enter(); !entered {
		return done, refusal
	}
	defer a.door.places.Leave(a.asker())
	a.edit()
	if refusal := a.begin(); refusal != nil {
		a.release()
		return true, refusal
	}
	a.count()
	ctx, cancel := a.detached(a.door.times.Call)
	a.cancel = cancel
	a.Running.add(a)
	defer a.log()
	defer a.over()
	answer, err := a.send(ctx)
	if err != nil {
		if !a.gone.Load() { // else it was given up
			tell(err)
		}
		a.settle(a.lost())
		return !a.afresh(), a.unavailable("the upstream cannot be reached")
	}
	a.answered = a.Now()
	defer answer.Body.Close() //nolint:errcheck // it has been read, or is given up
	tell(fault(answer))
	if wait, again := a.again(answer); again {
		a.pause(wait)
		return false, nil
	}
	return true, a.relay(answer)
}

// edit asks for usage, and for another model where a budget says so. A body that
// cannot be edited goes out as it came, and its usage is estimated.
func (a *attempt) edit() {
	change := protocol.Change{AskUsage: !a.door.Unasked}
	if a.model != a.request.Model {
		change.Model = a.model
	}
	edited, err := a.request.Edit(a.body, change)
	if err != nil && change.Model != "" { // usage cannot be asked for; the model was found to be
		edited, err = a.request.Edit(a.body, protocol.Change{Model: change.Model})
	}
	if err != nil {
		edited = protocol.Edited{Body: protocol.Body{a.body}}
	}
	a.edited = edited
}

// clock notes when the attempt began: the first of a call with the request.
func (a *attempt) clock() {
	a.since, a.upload = a.began, a.took
	if a.retry {
		a.since, a.upload = a.Now(), 0
	}
}

// count counts the attempt, which is made. Before the first of a call there may be some
// that are not, as at an upstream that is left alone.
func (a *attempt) count() {
	a.counts.Attempts.Add(1)
	if a.made {
		a.door.gauges.retries.Inc()
	}
	a.made = true
}

// over gives back what the attempt holds.
func (a *attempt) over() {
	a.cancel()
	a.Running.remove(a)
	if t := a.drain.Load(); t != nil {
		t.Stop()
	}
}

// unkept refuses a call that the ledger did not take.
func (a *attempt) unkept(err error) *protocol.Refusal {
	if spend.KindOf(err) == spend.KindInvalid {
		return a.refusal(protocol.Unreadable, err.Error())
	}
	if !errors.Is(err, errStalled) && !errors.Is(err, errLate) { // a stall is logged once
		a.Log.Error("begin a call", "error", err)
	}
	return a.unavailable("the call cannot be recorded at the moment, so it was not made")
}

// send makes the request and waits for the head of its answer.
func (a *attempt) send(ctx context.Context) (*http.Response, error) {
	before := &hints{call: a.call, ready: a.shows}
	defer before.end()
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { a.sent.Store(true) }, Got1xxResponse: before.pass}
	r := &http.Request{
		Method: a.r.Method, URL: a.address(a.door), Header: a.outgoing(a.door),
		ContentLength: int64(a.edited.Body.Len()), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	r.Header.Set("Accept-Encoding", "identity")
	r.Body = a.sending()
	r.GetBody = func() (io.ReadCloser, error) { return a.sending(), nil }
	head, connect := time.AfterFunc(a.door.times.Head, a.cancel), time.AfterFunc(a.door.times.Connect, a.unconnected)
	defer head.Stop()
	defer connect.Stop()
	stop := context.AfterFunc(a.r.Context(), a.leave) //nolint:contextcheck // the client's, which outlives nothing of the attempt
	defer stop()
	a.called = a.Now()
	return a.Transport.RoundTrip(r.WithContext(httptrace.WithClientTrace(ctx, trace)))
}

// joined is the longest body that goes out in one piece even if a copy is needed for it.
const joined = 32 << 10

// sending is the body as it goes out. One that the transport knows to be in memory leaves
// with its head in one write, which spares both ends a turn.
func (a *attempt) sending() io.ReadCloser {
	body := a.edited.Body
	switch {
	case len(body) == 1:
		return io.NopCloser(bytes.NewReader(body[0]))
	case body.Len() <= joined:
		return io.NopCloser(bytes.NewReader(body.Bytes()))
	}
	all := net.Buffers(slices.Clone(body)) // it is used up, and copies no byte
	return io.NopCloser(&all)
}

// unconnected ends an attempt that no connection has taken in time.
func (a *attempt) unconnected() {
	if !a.sent.Load() {
		a.cancel()
	}
}

// leave notes that the client is gone, and ends the attempt as the route says.
func (a *attempt) leave() {
	if a.gone.Swap(true) {
		return
	}
	a.counts.Aborted.Add(1)
	if a.Gone == Cancel {
		a.cancel()
		return
	}
	a.drain.Store(time.AfterFunc(a.Drain, a.cancel))
}

// lost is how an attempt ended that had no answer. What no connection took has cost
// nothing; of the rest nobody knows.
func (a *attempt) lost() protocol.Facts {
	f := protocol.Facts{Status: spend.StatusInterrupted, Source: spend.UsageUnobserved}
	if !a.sent.Load() {
		f = protocol.Facts{Status: spend.StatusError, Source: spend.UsageNone}
	}
	if a.gone.Load() {
		f.Status = spend.StatusAborted
	}
	return f
}

// errorBody is how much of an error is read to see whether it is to be tried again.
const errorBody = 64 << 10

// again says whether another attempt follows this failure, and after which wait.
// Then this one is settled; else its answer is as it came.
func (a *attempt) again(answer *http.Response) (wait time.Duration, again bool) {
	if a.last || answer.StatusCode < 400 || a.gone.Load() {
		return 0, false
	}
	silent := time.AfterFunc(a.door.times.Idle, a.cancel)           // an error that takes longer is not waited for
	body, err := io.ReadAll(io.LimitReader(answer.Body, errorBody)) // what has come of it decides
	silent.Stop()
	rest := answer.Body
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), rest), rest}
	reading := a.request.Answer(a.head(answer))
	reading.Write(body)
	_, facts := reading.Close()
	code := facts.ErrorCode
	if code == "" {
		code = facts.ErrorType
	}
	trial, wait := protocol.Again(protocol.Failure{Status: answer.StatusCode, Code: code, Header: answer.Header.Get}, a.Now())
	if trial == protocol.Never || !a.follows(wait) {
		return 0, false
	}
	a.settle(facts)
	a.hear(answer, body, err)
	return wait, true
}

// afresh says that another attempt follows one that had no answer. What an upstream may
// have seen counts as tried, like what it answered.
func (a *attempt) afresh() bool {
	switch {
	case a.last || a.gone.Load():
		return false
	case !a.sent.Load():
		return true
	case !a.follows(0):
		return false
	}
	a.pause(0)
	return true
}

// follows says that a failure may be tried again: at its upstream after the wait that it
// names, which spends a retry, or at another, which it says nothing of and sees the call
// for the first time.
func (a *attempt) follows(wait time.Duration) bool {
	if a.tries > 1 && wait <= patience && a.retries.take() {
		return true
	}
	a.moves = true
	return a.elsewhere()
}

// elsewhere says that another upstream may be asked: one that is not left alone.
func (a *attempt) elsewhere() bool {
	return slices.ContainsFunc(a.others, func(d *door) bool { return d.breaker.State() != gobreaker.StateOpen })
}

// patience is the longest wait between two attempts at an upstream; who has to wait longer is told.
const patience = 5 * time.Second

// pause waits before another attempt at the same upstream, with jitter, unless the client goes.
func (a *attempt) pause(wait time.Duration) {
	if a.moves {
		return
	}
	wait = max(wait, 50*time.Millisecond)
	timer := time.NewTimer(wait + rand.N(wait)) //nolint:gosec // spreads attempts, keeps nothing secret
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-a.r.Context().Done():
	}
}

// head is what an answer says before its body.
func (a *attempt) head(answer *http.Response) protocol.Head {
	a.vendor = line(answer.Header.Get("Request-Id")) // of Anthropic
	h := a.call.head(a.door, answer)
	h.UsageAdded = a.edited.UsageAdded
	return h
}

// head is what an answer of an upstream says before its body. The upstream's own way to
// count is that of chat completions alone.
func (c *call) head(d *door, answer *http.Response) protocol.Head {
	h := protocol.Head{Status: answer.StatusCode, ContentType: answer.Header.Get("Content-Type"), Encoding: encoding(answer.Header)}
	if op := c.request.Operation; op == protocol.Chat || op == protocol.Completions {
		h.Flavour = d.Flavour
	}
	return h
}

// encoding says how a body is compressed, which it was not asked to be.
func encoding(h http.Header) string {
	switch e := strings.ToLower(strings.Join(h.Values("Content-Encoding"), ",")); e {
	case "identity":
		return ""
	case "x-gzip":
		return "gzip"
	default:
		return e
	}
}
