package history

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

const window = 64 << 10

// stream is a file that is read once. It holds one window of it, whatever the length
// of a record, and digests what it passes.
type stream struct {
	in     io.Reader
	buf    []byte // a window
	at     int    // of the next byte in buf
	passed int64  // bytes before buf
	line   int64  // of the next byte, from 1
	err    error  // what ended the reading, io.EOF at the end

	sum  hash.Hash // of the record at hand
	from int       // in buf, what of the record is not digested yet
}

func newStream(in io.Reader) *stream {
	return &stream{in: in, line: 1, sum: sha256.New()}
}

// fill moves the window on; false when nothing more comes.
func (s *stream) fill() bool {
	if s.err != nil {
		return false
	}
	s.sum.Write(s.buf[min(s.from, len(s.buf)):])
	s.passed += int64(len(s.buf))
	if s.buf == nil {
		s.buf = make([]byte, window)
	}
	s.buf, s.at, s.from = s.buf[:cap(s.buf)], 0, 0
	for range 100 {
		n, err := s.in.Read(s.buf)
		s.err = err
		if n > 0 || err != nil {
			s.buf = s.buf[:n]
			return n > 0
		}
	}
	s.buf, s.err = s.buf[:0], io.ErrNoProgress
	return false
}

// peek gives the next byte without taking it, 0 and false at the end.
func (s *stream) peek() (byte, bool) {
	if s.at == len(s.buf) && !s.fill() {
		return 0, false
	}
	return s.buf[s.at], true
}

// next takes a byte.
func (s *stream) next() (byte, bool) {
	b, ok := s.peek()
	if ok {
		s.at++
		if b == '\n' {
			s.line++
		}
	}
	return b, ok
}

// until takes bytes up to the first of some, which stays, and hands them to keep
// piece by piece. False says that the stream ended before.
func (s *stream) until(stops string, keep func([]byte)) bool {
	for {
		if s.at == len(s.buf) && !s.fill() {
			return false
		}
		rest := s.buf[s.at:]
		n := bytes.IndexAny(rest, stops)
		found := n >= 0
		if !found {
			n = len(rest)
		}
		if keep != nil {
			keep(rest[:n])
		}
		s.line += int64(bytes.Count(rest[:n], []byte("\n")))
		s.at += n
		if found {
			return true
		}
	}
}

// blank passes white space.
func (s *stream) blank() {
	for {
		switch b, ok := s.peek(); {
		case ok && (b == ' ' || b == '\t' || b == '\r' || b == '\n'):
			s.next()
		default:
			return
		}
	}
}

// endLine passes the rest of a line.
func (s *stream) endLine() {
	s.until("\n", nil)
	s.next()
}

// offset is the number of bytes taken.
func (s *stream) offset() int64 { return s.passed + int64(s.at) }

// begin starts the digest of a record.
func (s *stream) begin() {
	s.sum.Reset()
	s.from = s.at
}

// digest is that of the record as far as it is taken.
func (s *stream) digest() spend.ID {
	s.sum.Write(s.buf[min(s.from, s.at):s.at])
	s.from = s.at
	return spend.ID(s.sum.Sum(nil)[:16])
}

// open checks that the stream is text, and gives its head without taking it.
func (s *stream) open() ([]byte, error) {
	head := make([]byte, window)
	n, err := io.ReadFull(s.in, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, s.broken(err)
	}
	head = head[:n]
	if err := connect.CheckText(head[:min(n, 512)]); err != nil {
		return nil, err
	}
	s.in = io.MultiReader(bytes.NewReader(head), s.in)
	s.fill()
	mark := []byte("\xef\xbb\xbf")
	if bytes.HasPrefix(head, mark) {
		s.at, head = len(mark), head[len(mark):]
	}
	return head, nil
}

// ended says why nothing more comes: io.EOF when the stream is at its end.
func (s *stream) ended() error {
	if errors.Is(s.err, io.EOF) {
		return io.EOF
	}
	return s.broken(s.err)
}

// failed is why the stream broke, nil when it came to its end.
func (s *stream) failed() error {
	if err := s.ended(); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (s *stream) broken(err error) error {
	return spend.Errorf(spend.KindUnavailable, "read history", "broke off in line %d, after %d bytes: %w", s.line, s.offset(), err).
		WithHint("records before it stand; read the file again, what is known adds nothing")
}

// torn is the error of a file that ends in the middle of a record.
func (s *stream) torn(what string) error {
	if !errors.Is(s.err, io.EOF) {
		return s.broken(s.err)
	}
	return spend.Errorf(spend.KindInvalid, "read history", "the file ends in line %d %s", s.line, what).
		WithHint("records before it stand; import the whole file again, what is known adds nothing")
}
