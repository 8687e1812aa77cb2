package history

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonRows reads objects, one after the other: one a line, the elements of an array, or
// what stands under "data" in the pages of an interface.
type jsonRows struct {
	s      *stream
	places map[string]place
	nested []byte // what is open around the next record: '[' an array, '{' a page
	name   []byte // of the member at hand
}

// maxName bounds the name of a member that is compared.
const maxName = 128

// next reads a record. What breaks the syntax spoils the record and the rest of its line.
func (j *jsonRows) next(r *row) error {
	for {
		j.s.blank()
		r.begin(j.s)
		b, ok := j.s.peek()
		switch {
		case !ok && len(j.nested) > 0:
			return j.s.torn("inside of an array or a page")
		case !ok:
			return j.s.ended()
		case b == ',':
			j.s.next()
		case b == '[':
			j.s.next()
			j.nested = append(j.nested, '[')
		case b == ']' && j.inside('['):
			j.s.next()
			j.leave()
			if j.inside('{') && !j.rest() {
				return j.spoilt(r)
			}
		case b == '{':
			if page, ok := j.object(r, !j.inPage()); !ok {
				return j.spoilt(r)
			} else if !page {
				return nil
			}
		default:
			return j.spoilt(r)
		}
		if len(j.nested) > 8 {
			return j.spoilt(r)
		}
	}
}

func (j *jsonRows) inside(b byte) bool { return len(j.nested) > 0 && j.nested[len(j.nested)-1] == b }

func (j *jsonRows) leave() { j.nested = j.nested[:len(j.nested)-1] }

// spoilt is a record that cannot be read, with the rest of its line; at the end of the
// file it is one that is torn.
func (j *jsonRows) spoilt(r *row) error {
	if _, ok := j.s.peek(); !ok {
		return j.s.torn("in the middle of a record")
	}
	r.fault = "is not valid JSON, and is passed over up to the end of its line"
	j.s.endLine()
	return nil
}

// object reads one, which is a record unless it may be a page and its data are a list of
// records: then it stays open. Data that are one record are read in its place.
func (j *jsonRows) object(r *row, mayPage bool) (page, ok bool) {
	j.s.next()
	for first := true; ; first = false {
		key, more := j.member(first)
		switch {
		case !more:
			return false, key != nil
		case mayPage && string(key) == "data":
			if page, found := j.data(); found {
				return page, true
			}
			if b, _ := j.s.peek(); b == '{' {
				r.begin(j.s)
				_, ok := j.object(r, false)
				return false, ok && j.members(nil)
			}
		}
		at, known := j.places[fold(string(key))]
		if !known {
			at.slot = -1
		}
		if !j.value(r.cell(at)) {
			return false, false
		}
		r.put(at)
	}
}

// data opens a list of records.
func (j *jsonRows) data() (page, found bool) {
	if b, _ := j.s.peek(); b != '[' {
		return false, false
	}
	j.s.next()
	j.nested = append(j.nested, '{', '[')
	return true, true
}

// inPage says that the object at hand is a record of a page, whose data are its own.
func (j *jsonRows) inPage() bool { return len(j.nested) > 1 && j.inside('[') }

// rest passes what stands behind the records of a page, and closes it.
func (j *jsonRows) rest() bool {
	j.leave()
	return j.members(nil)
}

// members passes the further members of an object, up to its end.
func (j *jsonRows) members(c *cell) bool {
	for {
		key, more := j.member(false)
		if !more {
			return key != nil
		}
		if !j.value(c) {
			return false
		}
	}
}

// member gives the name of the next member, or says that there is no more: then the
// name is nil when the object is broken, and empty at its end.
func (j *jsonRows) member(first bool) (name []byte, more bool) {
	j.s.blank()
	b, _ := j.s.next()
	if !first && b == ',' {
		j.s.blank()
		b, _ = j.s.next()
	} else if b == '}' {
		return []byte{}, false
	} else if !first {
		return nil, false
	}
	if b != '"' {
		return nil, false
	}
	var c cell
	if !j.text(&c) {
		return nil, false
	}
	j.s.blank()
	if b, _ := j.s.next(); b != ':' {
		return nil, false
	}
	j.s.blank()
	if c.long || len(c.text) > maxName {
		c.text = c.text[:0]
	}
	j.name = append(j.name[:0], c.text...)
	return j.name, true
}

// value takes a value of any kind: of a text what it says, of all others how they are
// written. A nil cell passes it over.
func (j *jsonRows) value(c *cell) bool {
	b, ok := j.s.peek()
	switch {
	case !ok:
		return false
	case b == '"':
		j.s.next()
		return j.text(c)
	case b == '{' || b == '[':
		return j.nest(c)
	}
	var word cell
	if !j.s.until(",]} \t\r\n", word.keep) || len(word.text) == 0 {
		return false
	}
	if string(word.text) == "null" {
		c.null()
	} else {
		c.keep(word.text)
	}
	return true
}

// nest takes an object or an array, whose brackets alone are looked at.
func (j *jsonRows) nest(c *cell) bool {
	for depth := 0; ; {
		if !j.s.until(`"[]{}`, c.keep) {
			return false
		}
		b, _ := j.s.next()
		c.keepByte(b)
		switch b {
		case '"':
			if !j.raw(c) {
				return false
			}
		case '[', '{':
			depth++
		default:
			depth--
		}
		if depth == 0 {
			return true
		}
	}
}

// raw takes the rest of a text as it is written.
func (j *jsonRows) raw(c *cell) bool {
	for {
		if !j.s.until(`"\`, c.keep) {
			return false
		}
		b, _ := j.s.next()
		c.keepByte(b)
		if b == '"' {
			return true
		}
		escaped, ok := j.s.next()
		if !ok {
			return false
		}
		c.keepByte(escaped)
	}
}

// text takes the rest of a text and keeps what it says. A text does not go beyond its
// line, so that one whose end is missing spoils no more than that.
func (j *jsonRows) text(c *cell) bool {
	for {
		if !j.s.until("\"\\\n", c.keep) {
			return false
		}
		if b, _ := j.s.peek(); b == '\n' {
			return false
		}
		if b, _ := j.s.next(); b == '"' {
			return true
		}
		if !j.escape(c) {
			return false
		}
	}
}

func (j *jsonRows) escape(c *cell) bool {
	b, ok := j.s.next()
	switch b {
	case '"', '\\', '/':
		c.keepByte(b)
	case 'b', 'f', 'n', 'r', 't':
		c.keepByte(map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}[b])
	case 'u':
		return j.unicode(c)
	default:
		return false
	}
	return ok
}

func (j *jsonRows) unicode(c *cell) bool {
	first, ok := j.hex()
	if !ok {
		return false
	}
	r := rune(first)
	if utf16.IsSurrogate(r) {
		second := rune(utf8.RuneError)
		if b, _ := j.s.peek(); b == '\\' {
			j.s.next()
			if b, _ := j.s.next(); b != 'u' {
				return false
			}
			low, ok := j.hex()
			if !ok {
				return false
			}
			second = rune(low)
		}
		r = utf16.DecodeRune(r, second)
	}
	c.keep(utf8.AppendRune(nil, r))
	return true
}

func (j *jsonRows) hex() (uint64, bool) {
	var digits [4]byte
	for i := range digits {
		digits[i], _ = j.s.next()
	}
	n, err := strconv.ParseUint(string(digits[:]), 16, 16)
	return n, err == nil
}
