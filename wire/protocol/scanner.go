package protocol

// maxDepth bounds how deep a document may nest, as encoding/json does.
const maxDepth = 10_000

// watched is how deep a wanted value can lie.
const watched = 10

// state is what the scanner expects next.
type state uint8

const (
	wantValue   state = iota
	wantElement       // a value or the end of a list
	wantMember        // a key or the end of an object
	wantKey
	wantColon
	wantNext // a comma or the end of what is open
	inString
	inEscape
	inUnicode
	inNumber
	inLiteral
	whole  // the document has ended
	broken // what came is not JSON
)

// scanner reads one JSON document from bytes as they come, however they are cut,
// and tells the wanted values. It holds no more of the document than the value
// that is being told. It is as strict as encoding/json, so that what it calls
// whole means the same to every reader.
type scanner struct {
	root *node
	tell func(value) // a copy, so that a scanner can stand where its caller does
	odd  func(*node) // of the outermost object, a wanted member in other letters; nil where nobody asks

	state state
	depth int
	at    int // bytes of the document that were read
	kinds [maxDepth/64 + 1]uint64
	nodes [watched]*node // what is wanted inside each open container

	key     [64]byte
	keyLen  int
	keyed   bool  // the string is a key
	escaped bool  // the key has an escape
	next    *node // what is wanted of the value that comes

	open     [watched]value // the value at each depth that is being read
	text     []byte
	taking   bool // the text of a value is being kept
	takingAt int  // depth of that value
	from     int  // where in the bytes at hand it goes on
	limit    int

	number  numberState
	literal string
	hex     int

	before int
	any    bool // the outermost object has a member
}

// reset begins a new document.
func (s *scanner) reset() {
	s.state, s.depth, s.at, s.next = wantValue, 0, 0, s.root
	s.taking, s.keyed, s.any, s.before = false, false, false, 0
	s.text = s.text[:0]
}

// write reads the next bytes of the document.
func (s *scanner) write(p []byte) {
	s.from = 0
	for i := 0; i < len(p) && s.state != broken; {
		i = s.step(p, i)
	}
	if s.taking {
		s.keep(p[min(s.from, len(p)):])
	}
	s.at += len(p)
}

// finish says that the document ends here, and whether it is whole.
func (s *scanner) finish() bool {
	if s.state == inNumber && s.number.ends() && s.depth == 0 {
		s.end(nil, 0)
	}
	return s.state == whole
}

// step reads from p[i] and gives where to go on.
func (s *scanner) step(p []byte, i int) int {
	switch s.state {
	case inString:
		return s.inside(p, i)
	case inNumber:
		return s.digits(p, i)
	case inEscape, inUnicode:
		s.escape(p[i])
		return i + 1
	case inLiteral:
		s.word(p, i)
		return i + 1
	}
	c := p[i]
	if c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
		return i + 1
	}
	s.mark(p, i)
	return i + 1
}

// mark reads a byte between two values or the first byte of one.
func (s *scanner) mark(p []byte, i int) {
	c := p[i]
	switch {
	case s.state == wantValue, s.state == wantElement && c != ']':
		s.begin(c, i)
	case (s.state == wantMember || s.state == wantKey) && c == '"':
		s.state, s.keyed, s.keyLen, s.escaped = inString, true, 0, false
	case s.state == wantColon && c == ':':
		s.state = wantValue
	case s.state == wantNext && c == ',':
		s.comma()
	case c == '}' && (s.state == wantMember || s.state == wantNext) && s.inObject():
		s.close(p, i)
	case c == ']' && (s.state == wantElement || s.state == wantNext) && !s.inObject():
		s.close(p, i)
	default:
		s.state = broken
	}
}

func (s *scanner) comma() {
	if s.inObject() {
		s.state = wantKey
		return
	}
	s.state, s.next = wantValue, s.inner().elements()
}

func (s *scanner) inObject() bool {
	d := s.depth - 1
	return s.kinds[d/64]&(1<<(d%64)) != 0
}

// inner is what is wanted inside the innermost open container.
func (s *scanner) inner() *node {
	if s.depth == 0 || s.depth > watched {
		return nil
	}
	return s.nodes[s.depth-1]
}

// begin reads the first byte of a value.
func (s *scanner) begin(c byte, i int) {
	if n := s.next; n != nil && n.take != takeNothing && s.depth < watched {
		s.open[s.depth] = value{is: n.is, kind: kindOf(c), depth: s.depth, start: s.at + i, before: s.before, first: !s.any}
		s.takeFrom(n, c, i)
	}
	switch c {
	case '"':
		s.state, s.keyed = inString, false
	case '{', '[':
		s.push(c, i)
	case 't':
		s.state, s.literal = inLiteral, "true"[1:]
	case 'f':
		s.state, s.literal = inLiteral, "false"[1:]
	case 'n':
		s.state, s.literal = inLiteral, "null"[1:]
	default:
		s.state = inNumber
		if s.number = numberStart(c); s.number == notNumber {
			s.state = broken
		}
	}
}

// kindOf is the kind of the value that begins with a byte.
func kindOf(c byte) byte {
	if c == '-' || c >= '0' && c <= '9' {
		return '0'
	}
	return c
}

func (s *scanner) push(c byte, i int) {
	if s.depth == maxDepth {
		s.state = broken
		return
	}
	word, bit := s.depth/64, uint64(1)<<(s.depth%64)
	if s.depth < watched {
		s.nodes[s.depth] = s.next
	}
	s.depth++
	if c == '{' {
		s.kinds[word] |= bit
		s.state = wantMember
	} else {
		s.kinds[word] &^= bit
		s.state, s.next = wantElement, s.inner().elements()
	}
	if s.depth == 1 {
		s.before = s.at + i + 1
	}
}

// close ends the innermost container at p[i].
func (s *scanner) close(p []byte, i int) {
	s.depth--
	s.next = nil
	if s.depth < watched {
		s.next = s.nodes[s.depth]
	}
	s.end(p, i+1)
}

// end tells a value that ends before p[i].
func (s *scanner) end(p []byte, i int) {
	if n := s.next; n != nil && n.take != takeNothing && s.depth < watched {
		v := &s.open[s.depth]
		v.end = s.at + i
		s.finishText(v, p, i)
		s.tell(*v)
	}
	s.state = wantNext
	switch s.depth {
	case 0:
		s.state = whole
	case 1:
		s.before, s.any = s.at+i, true
	}
}
