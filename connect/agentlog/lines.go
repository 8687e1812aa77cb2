package agentlog

import (
	"bytes"
	"errors"
	"io"
)

const (
	// maxLine bounds a line that is read. A longer one is passed over, whatever its
	// length; it is told of when it holds a mark.
	maxLine = 16 << 20
	// maxDocument bounds a file that is one document.
	maxDocument = 64 << 20
	// firstRead is enough for most files; larger ones are read by readSize.
	firstRead = 32 << 10
	readSize  = 256 << 10
)

// lines cuts a stream into lines and hands out those that hold a mark. It holds one
// line at most.
type lines struct {
	in    io.Reader
	marks [][]byte // nil hands out every line

	buf    []byte // buf[at:] is read and not handed out
	at     int
	offset int64 // of buf[at] in the stream
	line   int64 // of buf[at], from 1
	err    error // what ended the reading, io.EOF at the end
}

// stretch is one line, valid until the next one.
type stretch struct {
	text   []byte // without the line ending; nil when it is too long
	line   int64  // from 1
	from   int64  // offset of its first byte
	end    int64  // offset behind its line ending
	torn   bool   // nothing ends it: the rest may still be written
	beyond bool   // longer than maxLine
}

// next gives the next line that holds a mark; io.EOF when there is no further one.
func (s *lines) next() (stretch, error) {
	for {
		line, err := s.cut()
		if err != nil {
			return stretch{}, err
		}
		if line.beyond || s.marked(line.text) {
			return line, nil
		}
	}
}

func (s *lines) marked(text []byte) bool {
	for _, m := range s.marks {
		if bytes.Contains(text, m) {
			return true
		}
	}
	return s.marks == nil && len(bytes.TrimSpace(text)) > 0
}

// cut takes one line, whatever it holds. A line that is too long is given only when
// it holds a mark.
func (s *lines) cut() (stretch, error) {
	for searched := 0; ; {
		rest := s.buf[s.at:]
		if i := bytes.IndexByte(rest[searched:], '\n'); i >= 0 {
			end := searched + i
			return s.take(rest[:end], end+1), nil
		}
		if searched = len(rest); searched > maxLine {
			return s.pass()
		}
		if s.fill() {
			continue
		}
		if !errors.Is(s.err, io.EOF) {
			return stretch{}, s.err
		}
		if searched == 0 {
			return stretch{}, io.EOF
		}
		// The offset stays before a torn line: the next reading begins with it.
		return stretch{text: s.buf[s.at:], line: s.line, from: s.offset, end: s.offset, torn: true}, s.drop()
	}
}

// drop forgets what is held without counting it as read.
func (s *lines) drop() error {
	s.at = len(s.buf)
	return nil
}

func (s *lines) take(text []byte, n int) stretch {
	line := stretch{text: bytes.TrimSuffix(text, []byte("\r")), line: s.line, from: s.offset}
	s.at += n
	s.offset += int64(n)
	s.line++
	line.end = s.offset
	return line
}

// pass goes behind a line that is too long, and looks for marks on the way: they may
// lie across two reads.
func (s *lines) pass() (stretch, error) {
	line := stretch{line: s.line, from: s.offset, beyond: true}
	found, overlap := s.marks == nil, s.overlap()
	for length := int64(0); ; {
		rest := s.buf[s.at:]
		i := bytes.IndexByte(rest, '\n')
		if i >= 0 {
			rest = rest[:i]
		}
		found = found || s.marked(rest)
		if i >= 0 {
			s.at += i + 1
			s.offset, s.line = s.offset+length+int64(i)+1, s.line+1
			line.end = s.offset
			break
		}
		keep := min(overlap, len(rest))
		length += int64(len(rest) - keep)
		s.at = len(s.buf) - keep
		if !s.fill() {
			return stretch{}, s.err // torn: it is passed when it has an end
		}
	}
	if found {
		return line, nil
	}
	return s.cut()
}

// overlap is how much of one read may be the head of a mark.
func (s *lines) overlap() int {
	longest := 1
	for _, m := range s.marks {
		longest = max(longest, len(m))
	}
	return longest - 1
}

// fill reads more behind what is there. It gives false when nothing more comes.
func (s *lines) fill() bool {
	if s.err != nil {
		return false
	}
	if s.at > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.at:])]
		s.at = 0
	}
	switch free := cap(s.buf) - len(s.buf); {
	case s.buf == nil:
		s.buf = make([]byte, 0, firstRead)
	case free < readSize:
		grown := make([]byte, len(s.buf), 2*cap(s.buf)+readSize)
		copy(grown, s.buf)
		s.buf = grown
	}
	for range 100 {
		n, err := s.in.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf, s.err = s.buf[:len(s.buf)+n], err
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}
