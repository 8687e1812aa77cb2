package protocol

import "bytes"

// maxHeld bounds the part of a frame that is held back. A frame with usage alone
// has some hundred bytes; a longer one than this passes as it is.
const maxHeld = 256 << 10

// held is the frame that waits for its end, in a stream that usage is taken out
// of.
type held struct {
	bytes   []byte // of the frame, up to here
	out     []byte // what the client gets of this call
	from    int    // where in the bytes at hand the frame goes on
	payload int    // where in the frame its data begins
	comment bool   // it has one
	passing bool   // it is too long to hold: what came has been passed on
	gone    bool   // the frame before was dropped
	drop    bool   // the client is not to see this one
	keepTo  int    // bytes up to here are kept, those up to cutTo are cut
	cutTo   int
}

// hold adds bytes to the frame that waits.
func (a *Answer) hold(p []byte) {
	h := &a.held
	if !a.tidy {
		return
	}
	if !h.passing && len(h.bytes)+len(p) > maxHeld {
		h.out = append(h.out, h.bytes...)
		h.bytes, h.passing = h.bytes[:0], true
	}
	if h.passing {
		h.out = append(h.out, p...)
		return
	}
	h.bytes = append(h.bytes, p...)
}

// pass gives the client what came before p[i], where nothing of it waits.
func (a *Answer) pass(p []byte, i int) {
	h := &a.held
	if !a.tidy {
		return
	}
	a.hold(p[h.from:i])
	h.out = append(h.out, h.bytes...)
	h.bytes, h.from, h.passing, h.gone = h.bytes[:0], i, false, false
}

// secondHalf gives the line feed before p[i], which follows a carriage return, to
// the frame that has just ended: it goes when the frame went.
func (a *Answer) secondHalf(i int) {
	h := &a.held
	if !a.tidy || len(h.bytes) > 0 || i != h.from+1 {
		return
	}
	h.from = i
	if !h.gone {
		h.out = append(h.out, '\n')
	}
}

// cut decides what of a frame that tells usage was not there without our asking:
// the whole frame when it holds usage and no choice, else a member usage that is
// null. A frame with choices and usage is the vendor's own way and stays, and so does an
// error beside usage.
func (a *Answer) cut() {
	h, f := &a.held, &a.frame
	if !a.tidy || f.usageKind == 0 {
		return
	}
	switch {
	case h.passing, a.lines.data > 1 && f.usageKind == 'n', f.usageKind == '{' && (f.choices > 0 || f.failed), f.usageKind != 'n' && f.usageKind != '{':
		a.facts.Leftover = true
	case f.usageKind == '{':
		h.drop = true
	default:
		h.keepTo, h.cutTo = h.payload+f.usageAt.start, h.payload+f.usageAt.end
		if f.usageFirst {
			h.cutTo += separator(h.bytes[h.cutTo:])
		}
	}
}

// separator is the length of a comma with the white space around it.
func separator(p []byte) int {
	rest := bytes.TrimLeft(p, " \t")
	if len(rest) == 0 || rest[0] != ',' {
		return 0
	}
	return len(p) - len(bytes.TrimLeft(rest[1:], " \t"))
}

// release gives the client what it is to see of the frame.
func (a *Answer) release() {
	h := &a.held
	if !a.tidy {
		return
	}
	before := len(h.out)
	switch {
	case h.drop && h.comment:
		h.out = append(h.out, comments(h.bytes)...)
	case h.drop:
	case h.cutTo > 0:
		h.out = append(append(h.out, h.bytes[:h.keepTo]...), h.bytes[h.cutTo:]...)
	default:
		h.out = append(h.out, h.bytes...)
	}
	*h = held{bytes: h.bytes[:0], out: h.out, from: h.from, gone: h.drop && len(h.out) == before}
}

// comments are the lines of a frame that are no part of its event.
func comments(frame []byte) (kept []byte) {
	for line := range bytes.Lines(frame) {
		if line[0] == ':' {
			kept = append(kept, line...)
		}
	}
	if len(kept) > 0 {
		last := bytes.TrimRight(frame, "\r\n")
		end := frame[len(last):]
		kept = append(kept, end[len(end)-len(end)/2:]...)
	}
	return kept
}
