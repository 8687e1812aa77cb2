package protocol

import "strings"

// Head is what is known of an answer before its body.
type Head struct {
	Status      int
	ContentType string
	Flavour     string // of its usage, one of wire.Flavours; "" for the operation's own
	UsageAdded  bool   // Edit asked for usage: the client must not see it
	Encoding    string // how the body is compressed, "" for not at all: gzip is unpacked to be read, any other passes unread
}

// Answer reads an answer while it passes. It is made by Request.Answer, is for
// one goroutine, and holds a bounded number of bytes however long the answer is.
type Answer struct {
	operation Operation
	head      Head
	read      bool // the body is looked into
	stream    bool
	later     bool // the vendor goes on with it when nobody listens
	mark      int  // bytes of a byte order mark before a whole answer
	tidy      bool // usage is taken out of the stream

	packed *packed // nil when it is not compressed

	scan  scanner
	frame frame
	facts Facts
	usage usage
	lines lines
	held  held

	status string // of a response as a whole
	failed bool
}

// Answer begins to read the answer to a request. A body that is compressed passes as it is:
// usage is never taken out of it, and nothing is known of most but that it came. Ask the
// upstream for identity.
func (r *Request) Answer(h Head) *Answer { return r.AnswerIn(new(Answer), h) }

// AnswerIn is Answer in the room of one that was closed, of which the facts stay good and
// the rest does not.
func (r *Request) AnswerIn(a *Answer, h Head) *Answer {
	a.empty()
	a.operation, a.head, a.read = r.Operation, h, r.Operation.flavour() != "" && (h.Encoding == "" || h.Encoding == gzipped)
	if h.Flavour == "" {
		a.head.Flavour = r.Operation.flavour()
	}
	a.stream = strings.HasPrefix(strings.ToLower(strings.TrimSpace(h.ContentType)), "text/event-stream")
	a.later = a.stream && r.Background
	a.tidy = a.stream && h.UsageAdded && a.read && h.Encoding == ""
	a.facts.Leftover = h.UsageAdded && h.Encoding != ""
	_, a.scan.root = r.Operation.fields()
	a.scan.tell = a.take
	a.scan.reset()
	a.lines.fresh = true
	if a.read && h.Encoding != "" {
		a.unpack()
	}
	return a
}

// empty forgets everything but the room for bytes, as long as that is small.
func (a *Answer) empty() {
	text, frame, raw, out := a.scan.text, a.frame.usage, a.usage.raw, a.held.out
	*a = Answer{}
	a.scan.text, a.frame.usage, a.usage.raw, a.held.out = small(text), small(frame), small(raw), small(out)
}

// small is the room of bytes that an answer leaves to the next one.
func small(b []byte) []byte {
	if cap(b) > 4<<10 {
		return nil
	}
	return b[:0]
}

// Write reads the next bytes of the body and gives those that the client is to
// get now: the same ones, unless usage has to be taken out of a stream; then a
// frame is held until it has ended. They are good until the next call.
func (a *Answer) Write(p []byte) []byte {
	switch {
	case !a.read || len(p) == 0:
		return p
	case a.packed != nil:
		a.packed.write(p)
		return p
	case !a.tidy:
		a.look(p)
		return p
	}
	a.held.out = a.held.out[:0]
	a.held.from = 0
	a.readLines(p)
	a.hold(p[a.held.from:])
	return a.held.out
}

// look reads bytes of which nothing is taken out.
func (a *Answer) look(p []byte) {
	if a.stream {
		a.readLines(p)
		return
	}
	a.scan.write(a.unmarked(p))
}

// unmarked leaves out a byte order mark before a whole answer, as most readers do. Half of
// one is no JSON.
func (a *Answer) unmarked(p []byte) []byte {
	if a.scan.at > 0 || a.mark == len(bom) {
		return p
	}
	for len(p) > 0 && a.mark < len(bom) && p[0] == bom[a.mark] {
		a.mark, p = a.mark+1, p[1:]
	}
	if len(p) > 0 && a.mark > 0 && a.mark < len(bom) {
		a.scan.write([]byte(bom[:a.mark]))
	}
	return p
}

// Began says that a first piece of the answer itself has been seen: text, a
// thought or a call of a tool.
func (a *Answer) Began() bool { return a.facts.Began }

// Close ends the answer where the upstream ended, and gives what has been held
// back and what is known. It is called once.
func (a *Answer) Close() (rest []byte, facts Facts) {
	a.held.out = a.held.out[:0]
	if a.packed != nil {
		a.read = a.packed.close()
	}
	switch {
	case !a.read:
	case a.stream:
		a.endFrame()
		rest = a.held.out
	default:
		a.facts.Ended = a.scan.finish()
		a.facts.Began = a.facts.Began || a.head.Status < 300 && a.scan.at > 0
		a.apply()
	}
	a.settle()
	return rest, a.facts
}
