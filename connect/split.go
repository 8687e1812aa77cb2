package connect

import (
	"bytes"
	"errors"
	"io"
)

// maxRecord bounds one record in bytes, its line ending left out.
const maxRecord = 1 << 20

// fault is what keeps a stretch of bytes from being a record.
type fault uint8

const (
	sound     fault = iota
	tooLong         // a line of more than maxRecord
	unclosed        // a quote that nobody closes within maxRecord
	misquoted       // text after a closing quote
	trailing        // text behind the end of an array
)

// stretch is the bytes of one record, valid until the next one.
type stretch struct {
	raw    []byte // without the line ending; empty when too long
	quoted bool   // a quote stands somewhere in it
	line   int64  // where it starts, from 1
	end    int64  // offset after its line ending
	fault  fault
}

// splitter cuts a stream into records and counts every byte. It holds one
// record at most: what is longer is passed over up to its line ending.
type splitter struct {
	in        io.Reader
	quotes    bool // a line ending inside quotes belongs to the record
	delimiter byte

	buf    []byte // buf[at:] is read and not handed out
	at     int
	offset int64 // of buf[at] in the stream
	line   int64 // of buf[at], from 1
	err    error // what ended the reading, io.EOF at the end
	// unsplit is the end of a stretch that a stray quote once claimed. Before it
	// every line is a record of its own, so that each byte is looked at twice at most.
	unsplit int64
}

const readSize = 64 << 10

// fill reads more behind what is there. It gives false when nothing more comes.
func (s *splitter) fill() bool {
	if s.err != nil {
		return false
	}
	if s.at > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.at:])]
		s.at = 0
	}
	if free := cap(s.buf) - len(s.buf); free < readSize {
		grown := make([]byte, len(s.buf), 2*cap(s.buf)+2*readSize)
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

// peek gives up to n bytes without taking them.
func (s *splitter) peek(n int) []byte {
	for len(s.buf)-s.at < n && s.fill() {
	}
	return s.buf[s.at:min(s.at+n, len(s.buf))]
}

// next gives the next record that is not blank, io.EOF after the last one, or
// the error of the stream. A record that the stream broke off is not given.
func (s *splitter) next() (stretch, error) {
	for {
		rec, err := s.record()
		if err != nil || rec.fault != sound || len(trim(rec.raw)) > 0 {
			return rec, err
		}
	}
}

func (s *splitter) record() (stretch, error) {
	first, how := s.lineEnd(0)
	switch {
	case how == lastLine && !errors.Is(s.err, io.EOF):
		return stretch{}, s.err
	case how == lastLine && first == 0:
		return stretch{}, io.EOF
	case first > maxRecord+1: // one for a carriage return
		return s.skip()
	}
	q := quoting{delimiter: s.delimiter}
	if s.quotes {
		q.read(s.buf[s.at : s.at+first])
	}
	end, lines := first, int64(1)
	for q.inside && how == fullLine && s.offset >= s.unsplit {
		from := end + 1
		if end, how = s.lineEnd(from); how == lastLine && !errors.Is(s.err, io.EOF) {
			return stretch{}, s.err
		}
		q.read(s.buf[s.at+from : s.at+end])
		lines++
	}
	if q.inside || q.wrong {
		s.unsplit = max(s.unsplit, s.offset+int64(end))
		rec := s.take(first, 1)
		switch {
		case rec.fault == tooLong:
		case q.wrong:
			rec.fault = misquoted
		default:
			rec.fault = unclosed
		}
		return rec, nil
	}
	rec := s.take(end, lines)
	rec.quoted = q.seen
	return rec, nil
}

// take hands out buf[at:at+end] and passes its line ending.
func (s *splitter) take(end int, lines int64) stretch {
	rec := stretch{raw: bytes.TrimSuffix(s.buf[s.at:s.at+end], []byte("\r")), line: s.line}
	s.pass(min(end+1, len(s.buf)-s.at))
	s.line += lines
	if rec.end = s.offset; len(rec.raw) > maxRecord {
		rec.raw, rec.fault = nil, tooLong
	}
	return rec
}

func (s *splitter) pass(n int) {
	s.at += n
	s.offset += int64(n)
}

// skip passes over a line that is too long, however long it is.
func (s *splitter) skip() (stretch, error) {
	for {
		if i := bytes.IndexByte(s.buf[s.at:], '\n'); i >= 0 {
			s.pass(i + 1)
			break
		}
		s.pass(len(s.buf) - s.at)
		if s.fill() {
			continue
		}
		if !errors.Is(s.err, io.EOF) {
			return stretch{}, s.err
		}
		break
	}
	s.line++
	return stretch{line: s.line - 1, end: s.offset, fault: tooLong}, nil
}

// ending says what stands after a line.
type ending uint8

const (
	fullLine    ending = iota // a line ending
	lastLine                  // nothing: the stream ended or broke
	endlessLine               // more than a record may hold
)

// lineEnd finds the end of the line that starts at buf[at+from], as a distance
// from at, and reads as much as that takes.
func (s *splitter) lineEnd(from int) (int, ending) {
	for searched := from; ; {
		if i := bytes.IndexByte(s.buf[s.at+searched:], '\n'); i >= 0 {
			if searched += i; searched > maxRecord+1 {
				return searched, endlessLine
			}
			return searched, fullLine
		}
		searched = len(s.buf) - s.at
		switch {
		case searched > maxRecord+1:
			return searched, endlessLine
		case !s.fill():
			return searched, lastLine
		}
	}
}

// quoting follows quotes through the lines of one record. A quote opens a field
// only at its beginning; elsewhere in a plain field it is a character.
type quoting struct {
	delimiter byte
	inside    bool // a field is open
	wrong     bool // text stood behind a closing quote
	seen      bool // there is a quoted field
}

func (q *quoting) read(line []byte) {
	if !q.inside && bytes.IndexByte(line, '"') < 0 {
		return
	}
	for at := 0; at >= 0 && !q.wrong; {
		if q.inside {
			at = q.close(line, at)
		} else {
			at = q.field(line, at)
		}
	}
}

// field passes one field that starts at a place, or opens it when it is
// quoted. It gives where to go on, −1 at the end of the line.
func (q *quoting) field(line []byte, at int) int {
	if at < len(line) && line[at] == '"' {
		q.inside, q.seen = true, true
		return at + 1
	}
	if i := bytes.IndexByte(line[at:], q.delimiter); i >= 0 {
		return at + i + 1
	}
	return -1
}

// close looks for the quote that ends the open field.
func (q *quoting) close(line []byte, at int) int {
	i := bytes.IndexByte(line[at:], '"')
	if i < 0 {
		return -1
	}
	at += i + 1
	rest := line[at:]
	switch {
	case len(rest) > 0 && rest[0] == '"':
		return at + 1
	case len(rest) == 0, len(rest) == 1 && rest[0] == '\r':
		q.inside = false
		return -1
	case rest[0] == q.delimiter:
		q.inside = false
		return at + 1
	}
	q.wrong, q.inside = true, false
	return -1
}
