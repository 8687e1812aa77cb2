package connect

import (
	"bytes"
	"errors"
	"io"
)

// array cuts the elements out of a JSON array without holding more than one.
type array struct {
	split *splitter
	ended bool
}

// next gives the bytes of the next element, which need not be valid JSON, and
// io.EOF after the last one. An element that the stream breaks off in is given
// as it is.
func (a *array) next() (stretch, error) {
	if a.ended {
		return a.behind()
	}
	s := a.split
	a.pass(a.blank())
	rec := stretch{line: s.line}
	length, fits, err := a.element()
	if err != nil {
		return stretch{}, err
	}
	if rec.raw = bytes.TrimSpace(s.buf[s.at : s.at+length]); !fits {
		rec.raw, rec.fault = nil, tooLong
	}
	a.ended = s.at+length == len(s.buf) || s.buf[s.at+length] == ']'
	a.pass(min(length+1, len(s.buf)-s.at))
	if rec.end = s.offset; a.ended && fits && len(rec.raw) == 0 {
		return a.behind()
	}
	return rec, nil
}

// behind reads what follows the array: nothing, or one stretch that is no record.
func (a *array) behind() (stretch, error) {
	s := a.split
	a.pass(a.blank())
	rec := stretch{line: s.line, fault: trailing}
	for more := s.at < len(s.buf); more; more = s.fill() {
		rec.raw = []byte{}
		a.pass(len(s.buf) - s.at)
	}
	if rec.end = s.offset; rec.raw == nil || !errors.Is(s.err, io.EOF) {
		return stretch{}, s.err
	}
	return rec, nil
}

// pass goes on by n bytes and counts their lines.
func (a *array) pass(n int) {
	s := a.split
	s.line += int64(bytes.Count(s.buf[s.at:s.at+n], []byte("\n")))
	s.pass(n)
}

// blank counts the white space ahead.
func (a *array) blank() int {
	s := a.split
	for n := 0; ; n++ {
		if s.at+n == len(s.buf) && !s.fill() {
			return n
		}
		switch s.buf[s.at+n] {
		case ' ', '\t', '\r', '\n':
		default:
			return n
		}
	}
}

// element finds the comma or bracket that ends the element ahead, at a distance
// from s.at; of one that does not fit a record everything before is passed. A
// text that its line does not close ends there, so that what follows is read.
func (a *array) element() (length int, fits bool, err error) {
	s, n, depth, text, escaped := a.split, 0, 0, false, false
	for fits = true; ; n++ {
		if n > maxRecord {
			a.pass(n)
			n, fits = 0, false
		}
		if s.at+n == len(s.buf) && !s.fill() {
			if !errors.Is(s.err, io.EOF) {
				return 0, false, s.err
			}
			return n, fits, nil
		}
		switch c := s.buf[s.at+n]; {
		case escaped:
			escaped = false
		case text && c == '\\':
			escaped = true
		case c == '"':
			text = !text
		case text && c == '\n':
			return n, fits, nil // no JSON text holds a line ending: begin anew behind it
		case text:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ']'):
			return n, fits, nil
		case c == '}' || c == ']':
			depth--
		}
	}
}
