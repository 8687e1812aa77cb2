package connect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// maxDepth bounds how deep a JSON record may nest.
const maxDepth = 64

// paths are the places of a JSON object that a mapping reads. A place has one
// name whether its file nests objects or writes dots into keys: usage.input is
// {"usage": {"input": 1}} and {"usage.input": 1}.
type paths struct {
	slots map[string]int  // by whole path
	inner map[string]bool // the objects on the way
}

func pathsOf(columns []column) *paths {
	p := &paths{slots: map[string]int{}, inner: map[string]bool{}}
	for slot, c := range columns {
		p.slots[c.name] = slot
		for i := range c.name {
			if c.name[i] == '.' {
				p.inner[c.name[:i]] = true
			}
		}
	}
	return p
}

// jsonCells fills the row's cells by slot from one line. Only what the mapping
// names is looked at beyond its syntax; numbers keep their digits.
func (r *Reader) jsonCells(raw *stretch) {
	clear(r.row.cells)
	if why := badJSON(raw.raw); why != "" {
		r.row.malformed(why)
		return
	}
	r.object.begin(raw.raw, &r.row)
	r.object.read(0)
}

// object walks a JSON text that is known to be valid.
type object struct {
	paths *paths
	b     []byte
	at    int
	row   *row
	path  []byte // the name of the place at hand
	taken []bool // by slot
}

func (s *object) begin(b []byte, r *row) {
	s.b, s.at, s.row, s.path = b, 0, r, s.path[:0]
	s.taken = append(s.taken[:0], make([]bool, len(r.cells))...)
	s.space()
}

func (s *object) space() {
	for s.b[s.at] == ' ' || s.b[s.at] == '\t' || s.b[s.at] == '\r' || s.b[s.at] == '\n' {
		s.at++
	}
}

// read takes one object, whose members have names that begin with the first
// bytes of the path.
func (s *object) read(prefix int) {
	s.at++
	for s.space(); s.b[s.at] != '}'; s.space() {
		if s.b[s.at] == ',' {
			s.at++
			continue
		}
		s.path = append(s.path[:prefix], s.str()...)
		s.space()
		s.at++ // the colon
		s.space()
		slot, wanted := s.paths.slots[string(s.path)]
		switch {
		case s.b[s.at] == '{' && s.paths.inner[string(s.path)]:
			s.path = append(s.path, '.')
			s.read(len(s.path))
		case wanted:
			s.take(slot)
		default:
			s.skip()
		}
	}
	s.at++
}

// take puts a plain value into its cell.
func (s *object) take(slot int) {
	if s.taken[slot] {
		s.row.malformed(fmt.Sprintf("has %.60q twice", s.path))
	}
	s.taken[slot] = true
	start := s.at
	switch s.b[s.at] {
	case '"':
		s.row.cells[slot] = s.str()
	case '{', '[':
		s.row.malformed(fmt.Sprintf("has an object or array in %.60q; want a text or number", s.path))
		s.skip()
	case 'n':
		s.skip()
	default:
		s.skip()
		s.row.cells[slot] = s.b[start:s.at]
	}
}

// str takes a string and gives its text.
func (s *object) str() []byte {
	start := s.at
	s.skipString()
	text := s.b[start+1 : s.at-1]
	for _, c := range text {
		if c == '\\' {
			var plain string
			_ = json.Unmarshal(s.b[start:s.at], &plain) // valid, as the whole line is
			return []byte(plain)
		}
	}
	return text
}

func (s *object) skipString() {
	for s.at++; s.b[s.at] != '"'; s.at++ {
		if s.b[s.at] == '\\' {
			s.at++
		}
	}
	s.at++
}

// skip passes one value of any kind.
func (s *object) skip() {
	for depth := 0; ; {
		switch s.b[s.at] {
		case '"':
			s.skipString()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		default:
			s.at++
		}
		if depth == 0 && (s.at >= len(s.b) || strings.IndexByte(",}] \t\r\n", s.b[s.at]) >= 0) {
			return
		}
	}
}

// badJSON says why a text is not one JSON object of reasonable depth, "" when it is.
func badJSON(b []byte) string {
	b = bytes.TrimSpace(b)
	switch {
	case !json.Valid(b):
		return "is not valid JSON; want one object a line"
	case b[0] != '{':
		return "is not a JSON object"
	}
	depth, text := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth > maxDepth {
			return fmt.Sprintf("nests deeper than %d", maxDepth)
		}
	}
	return ""
}
