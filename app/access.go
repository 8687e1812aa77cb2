package app

import (
	"errors"
	"log/slog"
	"os"
	"sync"

	"github.com/bursarhq/bursar/spend"
)

// accessFile is the file of the access log, over every gateway that writes to it.
type accessFile struct {
	mu     sync.Mutex // guards what follows
	file   *os.File
	failed bool // and somebody was told
}

// accessLog gives where access records go: a file of their own, one JSON object a
// line, or the server's log when there is none. The file is opened anew each time, so
// that one which was moved away is left.
func (s *Server) accessLog(path string) (*slog.Logger, error) {
	if path == "" {
		return s.log, s.access.swap(nil)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "open the access log", "%w", err).WithHint("gateway.access_file names a file in a folder that exists")
	}
	return slog.New(slog.NewJSONHandler(accessWriter{s}, nil)), s.access.swap(f)
}

// swap puts another file in the place of the one before, which is closed.
func (a *accessFile) swap(f *os.File) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := a.file
	a.file, a.failed = f, false
	if old == nil {
		return nil
	}
	if err := old.Close(); err != nil {
		return spend.Errorf(spend.KindUnavailable, "close the access log", "%w", err)
	}
	return nil
}

func (a *accessFile) open() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.file != nil
}

// accessWriter is the access log of a server. A record that cannot be written holds
// up no call; the first of them is told.
type accessWriter struct{ *Server }

// Write appends one record.
func (w accessWriter) Write(record []byte) (int, error) {
	a := &w.access
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.file == nil {
		return 0, errors.New("the access log is closed")
	}
	n, err := a.file.Write(record)
	if err != nil && !a.failed {
		a.failed = true
		w.log.Error("records of the access log are lost until it is opened anew", "error", err)
	}
	return n, err
}
