package agentlog

import (
	"bytes"
	"encoding/json"
)

// cursor walks a JSON text and looks only at what it is asked for: the content of a
// message, which is nearly all of a line, is passed over byte by byte. What breaks
// the syntax where it looks makes it fail, and from then on it finds nothing.
type cursor struct {
	b      []byte
	at     int
	failed bool
}

func (c *cursor) fail() { c.failed, c.at = true, len(c.b) }

// head gives the first byte of the next token, 0 at the end.
func (c *cursor) head() byte {
	for ; c.at < len(c.b); c.at++ {
		switch b := c.b[c.at]; b {
		case ' ', '\t', '\r', '\n':
		default:
			return b
		}
	}
	return 0
}

func (c *cursor) take(b byte) {
	if c.head() != b {
		c.fail()
		return
	}
	c.at++
}

// members calls f for every member of an object; f reads its value, or skips it. A
// value that is no object is skipped, and has none.
func (c *cursor) members(f func(key []byte)) {
	if c.head() != '{' {
		c.skip()
		return
	}
	c.at++
	for first := true; !c.failed; first = false {
		if c.head() == '}' {
			c.at++
			return
		}
		if !first {
			c.take(',')
			c.head()
		}
		key := c.raw()
		c.take(':')
		if !c.failed {
			f(key)
		}
	}
}

// elements calls f for every element of an array; a value that is no array has none.
func (c *cursor) elements(f func()) {
	if c.head() != '[' {
		c.skip()
		return
	}
	c.at++
	for first := true; !c.failed; first = false {
		if c.head() == ']' {
			c.at++
			return
		}
		if !first {
			c.take(',')
		}
		if !c.failed {
			f()
		}
	}
}

// raw takes a string and gives what stands between its quotes.
func (c *cursor) raw() []byte {
	if c.head() != '"' {
		c.fail()
		return nil
	}
	start := c.at + 1
	if c.string(); c.failed {
		return nil
	}
	return c.b[start : c.at-1]
}

// string passes a string. Nearly all bytes of a log are passed here.
func (c *cursor) string() {
	from := c.at + 1
	for {
		i := bytes.IndexByte(c.b[from:], '"')
		if i < 0 {
			c.fail()
			return
		}
		end := from + i
		back := end
		for back > from && c.b[back-1] == '\\' {
			back--
		}
		if from = end + 1; (end-back)%2 == 0 {
			c.at = from
			return
		}
	}
}

// text takes a string; anything else, null among it, is passed and is "".
func (c *cursor) text() string {
	if c.head() != '"' {
		c.skip()
		return ""
	}
	start := c.at
	raw := c.raw()
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	var plain string
	if json.Unmarshal(c.b[start:c.at], &plain) != nil {
		c.fail()
	}
	return plain
}

// plain takes a number or a word such as true, as it stands; "" for anything else.
func (c *cursor) plain() string {
	switch c.head() {
	case '"', '{', '[':
		c.skip()
		return ""
	}
	start := c.at
	c.skip()
	return string(c.b[start:c.at])
}

// skip passes one value of any kind.
func (c *cursor) skip() {
	for depth := 0; ; {
		switch c.head() {
		case 0:
			c.fail()
			return
		case '"':
			c.string()
		case '{', '[':
			depth++
			c.at++
		case '}', ']':
			depth--
			c.at++
		case ',', ':':
			c.at++
		default:
			c.word()
		}
		if c.failed || depth < 0 {
			c.fail()
			return
		}
		if depth == 0 {
			return
		}
	}
}

// word passes a number or a word.
func (c *cursor) word() {
	for ; c.at < len(c.b); c.at++ {
		switch c.b[c.at] {
		case ',', ':', '}', ']', '{', '[', '"', ' ', '\t', '\r', '\n':
			return
		}
	}
}
