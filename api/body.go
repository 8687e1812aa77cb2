package api

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// freely is how large an unpacked body may be whatever its ratio.
const freely = 1 << 20

// readBody reads a JSON body within every limit: type, time, bytes as sent and
// as unpacked, depth, members and elements.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := checkType(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	// A writer that cannot set deadlines (a recorder) has no slow peer either.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(s.limits.BodyTime))
	packed, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.limits.Body))
	if err != nil {
		return nil, s.broken(err)
	}
	_ = control.SetReadDeadline(time.Time{})
	body, err := s.unpack(packed, r.Header.Get("Content-Encoding"))
	if err != nil {
		return nil, err
	}
	elements, err := checkShape(body, &s.limits)
	if err == nil && elements > s.limits.Events {
		return nil, spend.Errorf(kindTooLarge, "read the body", "a batch of %d, more than %d", elements, s.limits.Events).
			WithHint("split the batch")
	}
	return body, err
}

func checkType(header string) error {
	media, _, err := mime.ParseMediaType(header)
	read := []string{"application/json", "application/cloudevents+json", "application/cloudevents-batch+json"}
	if err == nil && slices.Contains(read, media) {
		return nil
	}
	return spend.Errorf(kindUnsupported, "read the body", "its Content-Type is %.80q", header).WithHint("one of %s", strings.Join(read, ", "))
}

func (s *Server) broken(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return s.tooLarge("more than %d bytes were sent", s.limits.Body)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return spend.Errorf(kindStalled, "read the body", "it did not arrive within %s", s.limits.BodyTime).
			WithHint("send it again; nothing of it was kept")
	}
	return spend.Errorf(spend.KindInvalid, "read the body", "it broke off: %w", err).WithHint("send it again; nothing of it was kept")
}

func (s *Server) tooLarge(format string, args ...any) error {
	return spend.Errorf(kindTooLarge, "read the body", format, args...).WithHint("split it into several requests")
}

// unpack takes gzip off a body and stops at the first byte beyond a limit: what
// a small body unpacks to is never held whole to find out that it is a bomb.
func (s *Server) unpack(packed []byte, encoding string) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "", "identity":
		return packed, nil
	case "gzip":
	default:
		return nil, spend.Errorf(kindUnsupported, "read the body", "its Content-Encoding is %.40q", encoding).WithHint("gzip, or none")
	}
	most := min(s.limits.Inflated, max(freely, int64(len(packed))*s.limits.Ratio))
	zipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "unpack the body", "%w", err)
	}
	body, err := io.ReadAll(io.LimitReader(zipped, most+1))
	switch {
	case err != nil:
		return nil, spend.Errorf(spend.KindInvalid, "unpack the body", "%w", err)
	case int64(len(body)) > most:
		return nil, s.tooLarge("%d bytes unpack to more than %d", len(packed), most)
	}
	return body, nil
}
