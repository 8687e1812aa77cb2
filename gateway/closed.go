package gateway

import (
	"net/http"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
)

// reopens is about how long it takes until somebody looks whether the ledger may be opened.
const reopens = 2 * time.Second

// Refusing answers in place of a gateway whose ledger is closed for a while: calls in the
// caller's dialect, and what belongs to no route by others. It holds nothing of the gateway
// but the dialects of its routes; one that is nil has none.
func (g *Gateway) Refusing(why func() error, others http.Handler) http.Handler {
	spoken := map[string]protocol.API{}
	if g != nil {
		for name, r := range g.routes {
			spoken[name] = r.API
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, rest := split(r.URL.Path)
		api, ours := spoken[name]
		if !ours {
			others.ServeHTTP(w, r)
			return
		}
		asked := protocol.Target{API: api, Method: r.Method, Path: rest}.Request()
		refuse(w, &protocol.Refusal{
			API: asked.API, Operation: asked.Operation, Reason: protocol.Unavailable, Message: why().Error(), RetryAfter: reopens,
		})
	})
}

// refuse writes a refusal, and says what it came to.
func refuse(w http.ResponseWriter, r *protocol.Refusal) (code int, given int64) {
	code, header, body := r.Answer()
	for _, field := range header {
		w.Header().Set(field.Name, field.Value)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(code)
	_, _ = w.Write(body) // a client that is gone needs no answer
	return code, int64(len(body))
}
