package gateway

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"
)

// maxHints bounds what comes before an answer. An upstream that says more than this never
// comes to the answer.
const maxHints = 1000

// hints are what an upstream says before its answer: that it still works, or what will be
// needed (1xx). They go on to the client as they come, and none behind the answer.
type hints struct {
	*call
	ready func() bool // the client may see something of the upstream

	mu   sync.Mutex // guards what follows, and what the client is sent until the answer is there
	seen int
	over bool
}

// hears is a context whose request hands its hints on.
func (h *hints) hears(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: h.pass})
}

// end keeps from the client what comes from now on.
func (h *hints) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.over = true
}

// pass hands a hint on. To go on with its body a client is told when we read it.
func (h *hints) pass(code int, fields textproto.MIMEHeader) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen++; h.seen > maxHints {
		return errors.New("the upstream says too much before its answer")
	}
	if h.over || code == http.StatusContinue || !h.hearing() || !h.ready() {
		return nil
	}
	head := h.w.Header()
	ours := maps.Clone(head) // are for the answer
	clear(head)
	copyFields(head, http.Header(fields), "Set-Cookie")
	_ = h.control.SetWriteDeadline(time.Now().Add(h.Client)) // where it is not supported, nothing is slow
	h.w.WriteHeader(code)
	_ = h.control.SetWriteDeadline(time.Time{}) // the answer may be long in coming
	clear(head)
	maps.Copy(head, ours)
	return nil
}

// hearing says that the client understands hints, and is not being told at the same moment
// to go on with its body.
func (h *hints) hearing() bool {
	return h.r.ProtoAtLeast(1, 1) && (h.body != nil || h.r.Header.Get("Expect") == "")
}
