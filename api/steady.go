package api

import (
	"net/http"
	"time"
)

// sentAtOnce is how many bytes are written together.
const sentAtOnce = 64 << 10

// steady is the way to a peer that has to go on reading: an answer may take as long as it
// likes, but each piece of it arrives within the time, or it ends. Whoever reads nothing
// holds up nothing.
type steady struct {
	http.ResponseWriter
	patience time.Duration
}

// Write sends piece by piece.
func (s steady) Write(b []byte) (n int, err error) {
	for more := true; more && err == nil; more = len(b) > n {
		s.allow(time.Now().Add(s.patience))
		var sent int
		sent, err = s.ResponseWriter.Write(b[n:min(len(b), n+sentAtOnce)])
		n += sent
	}
	return n, err
}

// FlushError sends what waits. Behind it a stream may rest for as long as it likes.
func (s steady) FlushError() error {
	s.allow(time.Now().Add(s.patience))
	err := http.NewResponseController(s.ResponseWriter).Flush()
	s.allow(time.Time{})
	return err
}

// allow sets until when writes may last. A writer that cannot (a recorder) has no slow
// peer either.
func (s steady) allow(until time.Time) {
	_ = http.NewResponseController(s.ResponseWriter).SetWriteDeadline(until)
}
