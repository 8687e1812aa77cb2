package protocol

import (
	"encoding/binary"
	"math/bits"
)

// takeFrom begins to keep the text of a wanted value.
func (s *scanner) takeFrom(n *node, c byte, i int) {
	container := c == '{' || c == '['
	if s.taking || n.take != takeRaw && (n.take != takeText || container) {
		return
	}
	s.taking, s.takingAt, s.from, s.limit, s.text = true, s.depth, i, maxText, s.text[:0]
	if c == '"' {
		s.from++
	}
	if n.take == takeRaw {
		s.limit = maxRaw
	}
}

// keep adds bytes to the text of the value being told.
func (s *scanner) keep(p []byte) {
	v := &s.open[s.takingAt]
	if v.long || len(s.text)+len(p) > s.limit {
		v.long, s.text = true, s.text[:0]
		return
	}
	s.text = append(s.text, p...)
}

// finishText completes the text of a value that ends before p[i].
func (s *scanner) finishText(v *value, p []byte, i int) {
	v.text = nil
	if !s.taking || s.takingAt != s.depth {
		return
	}
	if v.kind == '"' {
		i--
	}
	if i > s.from {
		s.keep(p[s.from:i])
	}
	s.taking = false
	v.text = s.text
}

// inside reads a string up to its end, an escape or the end of the bytes.
func (s *scanner) inside(p []byte, i int) int {
	j := i + plain(p[i:])
	if s.keyed {
		s.keyLen += copy(s.key[s.keyLen:], p[i:j])
	}
	if j == len(p) {
		return j
	}
	switch {
	case p[j] == '\\':
		s.state = inEscape
		s.keyByte('\\')
	case p[j] != '"':
		s.state = broken // a control character
	case s.keyed:
		s.state, s.next = wantColon, s.member()
	default:
		s.end(p, j+1)
	}
	return j + 1
}

// keyByte keeps a byte of a key's escape.
func (s *scanner) keyByte(c byte) {
	if !s.keyed {
		return
	}
	s.escaped = true
	if s.keyLen < len(s.key) {
		s.key[s.keyLen] = c
		s.keyLen++
	}
}

// member is what is wanted of the member whose key has been read. A key that
// fills its room is longer than any name that is looked for.
func (s *scanner) member() *node {
	n := s.inner()
	if n == nil || s.keyLen == len(s.key) {
		return nil
	}
	name := s.key[:s.keyLen]
	if s.escaped {
		name = unquoted(name)
	}
	found := n.kid(name)
	if found == nil && s.odd != nil && s.depth == 1 {
		n.tellOdd(name, s.odd)
	}
	return found
}

// plain counts the leading bytes of p that stand for themselves in a string:
// neither a quote nor a backslash nor a control character. It looks at eight
// bytes at a time.
func plain(p []byte) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(p); i += 8 {
		x := binary.LittleEndian.Uint64(p[i:])
		quote, slash := x^(ones*'"'), x^(ones*'\\')
		found := (x-ones*' ')&^x | (quote-ones)&^quote | (slash-ones)&^slash
		if found &= tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(p); i++ {
		if p[i] < ' ' || p[i] == '"' || p[i] == '\\' {
			return i
		}
	}
	return i
}
