package protocol

import "encoding/json"

// escape reads a byte after a backslash.
func (s *scanner) escape(c byte) {
	s.keyByte(c)
	switch {
	case s.state == inUnicode && isHex(c):
		if s.hex--; s.hex == 0 {
			s.state = inString
		}
	case s.state == inEscape && c == 'u':
		s.state, s.hex = inUnicode, 4
	case s.state == inEscape && simple(c):
		s.state = inString
	default:
		s.state = broken
	}
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func simple(c byte) bool {
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return true
	}
	return false
}

// word reads the next byte of true, false or null.
func (s *scanner) word(p []byte, i int) {
	if p[i] != s.literal[0] {
		s.state = broken
		return
	}
	if s.literal = s.literal[1:]; s.literal == "" {
		s.end(p, i+1)
	}
}

// numberState is how far a number has been read.
type numberState uint8

const (
	notNumber numberState = iota
	numberMinus
	numberZero
	numberInt
	numberPoint
	numberFraction
	numberE
	numberSign
	numberExponent
)

// ends says that a number may end here.
func (n numberState) ends() bool {
	return n == numberZero || n == numberInt || n == numberFraction || n == numberExponent
}

// goesOn says that another digit changes nothing.
func (n numberState) goesOn() bool {
	return n == numberFraction || n == numberInt || n == numberExponent
}

func numberStart(c byte) numberState {
	switch {
	case c == '-':
		return numberMinus
	case c == '0':
		return numberZero
	case c >= '1' && c <= '9':
		return numberInt
	}
	return notNumber
}

// then is the state after one more byte, notNumber when the byte is no part of it.
func (n numberState) then(c byte) numberState {
	digit := c >= '0' && c <= '9'
	switch {
	case n == numberMinus:
		if c == '-' {
			return notNumber
		}
		return numberStart(c)
	case digit && n.goesOn():
		return n
	case digit && n == numberPoint:
		return numberFraction
	case digit && (n == numberE || n == numberSign):
		return numberExponent
	case c == '.' && (n == numberZero || n == numberInt):
		return numberPoint
	case (c == 'e' || c == 'E') && (n == numberZero || n == numberInt || n == numberFraction):
		return numberE
	case (c == '+' || c == '-') && n == numberE:
		return numberSign
	}
	return notNumber
}

// digits reads a number up to the byte after it, which it leaves.
func (s *scanner) digits(p []byte, i int) int {
	for ; i < len(p); i++ {
		if p[i]-'0' <= 9 && s.number.goesOn() { // most of a vector is this
			continue
		}
		next := s.number.then(p[i])
		if next != notNumber {
			s.number = next
			continue
		}
		if !s.number.ends() {
			s.state = broken
			return i + 1
		}
		s.end(p, i)
		return i
	}
	return i
}

// unquoted resolves the escapes of a string's contents, nil when it has none to
// resolve well.
func unquoted(contents []byte) []byte {
	var s string
	quoted := append(append([]byte{'"'}, contents...), '"')
	if json.Unmarshal(quoted, &s) != nil {
		return nil
	}
	return []byte(s)
}

// label makes a name for the books of a string's contents: at most 128 visible
// characters of ASCII, else nothing. A name that a vendor gives is never longer,
// and whatever else stands there is not repeated.
func label(contents []byte) string {
	for _, c := range contents {
		if c == '\\' {
			contents = unquoted(contents)
			break
		}
	}
	if len(contents) > 128 {
		return ""
	}
	for _, c := range contents {
		if c <= ' ' || c > '~' {
			return ""
		}
	}
	return string(contents)
}
