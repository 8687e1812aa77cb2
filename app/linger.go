package app

import (
	"io"
	"net/http"
	"time"
)

// Many a client sends all of a body before it reads an answer, and takes a connection that
// is closed meanwhile for a failure. So the rest of a body that nobody has read is read and
// thrown away behind its answer, within these bounds. Calls to models have their own.
const (
	lingerTime  = 30 * time.Second
	lingerBytes = 256 << 20
	unlingered  = 256 << 10 // bytes that the HTTP server throws away by itself, and keeps the connection
)

// lingering answers as another handler does, and reads on where the client still sends. One
// that waits to be told to go on does not.
func lingering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 || r.Header.Get("Expect") != "" || r.ContentLength >= 0 && r.ContentLength <= unlingered {
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
		_ = control.SetReadDeadline(time.Now().Add(lingerTime)) // where it is not supported, nothing is slow
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
