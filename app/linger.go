package app

import (
	"io"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/gateway"
)

// lingerBytes are thrown away behind one answer, at most.
const lingerBytes = 256 << 20

// lingering answers as another handler does, and reads on where the client still sends, as
// the gateway does by itself.
func lingering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !gateway.Lingers(r) {
			next.ServeHTTP(w, r)
			return
		}
		body := &untilEnd{ReadCloser: r.Body}
		q := *r
		q.Body = body
		next.ServeHTTP(w, &q)
		if body.ended {
			return
		}
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Now().Add(gateway.LingerTime)) // where it is not supported, nothing is slow
		if control.Flush() == nil {
			_, _ = io.CopyN(io.Discard, body, lingerBytes) // the connection ends here anyway
		}
		_ = control.SetReadDeadline(time.Time{}) // unless all has come
	})
}

// untilEnd is a body that knows whether its end was read, or why there is none.
type untilEnd struct {
	io.ReadCloser
	ended bool
}

func (b *untilEnd) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || err != nil
	return n, err
}
