package protocol

import "bytes"

// lineState is where in a line of an event stream the reader stands.
type lineState uint8

const (
	lineName lineState = iota // in the name of the field
	lineData                  // in the value of data
	lineSkip                  // in any other line
)

// lines reads an event stream line by line, of any length and with any of the
// three ends of line, and hands on what is data.
type lines struct {
	state lineState
	fresh bool // nothing of the stream was read: a byte order mark may come
	cr    bool // the last byte was a carriage return that ended a line
	space bool // a space that comes now is no part of the data
	size  int  // bytes of the line so far

	comment bool    // the line is one
	fields  int     // lines of this frame that are none
	data    int     // data lines of this frame
	payload int     // bytes of their values
	opening [8]byte // of the first value
}

const dataField = "data"

// readLines reads the next bytes of the stream.
func (a *Answer) readLines(p []byte) {
	l := &a.lines
	for i := 0; i < len(p); {
		c := p[i]
		if l.cr && c == '\n' { // the second half of an end of line
			l.cr = false
			i++
			a.secondHalf(i)
			continue
		}
		l.cr = false
		switch {
		case c == '\n' || c == '\r':
			l.cr = c == '\r'
			i++
			a.endLine(p, i)
		case l.state == lineName:
			a.nameByte(c)
			i++
		default:
			i = a.restOfLine(p, i)
		}
	}
}

// nameByte reads a byte of a field's name. Only data matters: every API repeats
// the event's name in it.
func (a *Answer) nameByte(c byte) {
	l := &a.lines
	if l.fresh && c == bom[l.size] {
		if l.size++; l.size == len(bom) {
			l.size, l.fresh = 0, false
		}
		return
	}
	switch {
	case l.fresh && l.size > 0: // half a mark
		l.state, l.comment = lineSkip, false
	case l.size < len(dataField) && c == dataField[l.size]:
		l.size++
	case l.size == len(dataField) && c == ':':
		a.beginData()
	default:
		l.comment = l.size == 0 && c == ':'
		l.size++
		l.state = lineSkip
	}
	l.fresh = false
}

// beginData begins the value of a data line; a further one goes on after a line
// feed.
func (a *Answer) beginData() {
	l := &a.lines
	l.state, l.space = lineData, true
	if l.data++; l.data > 1 {
		a.payload([]byte{'\n'})
	}
}

// restOfLine reads up to the end of the line and gives where that is.
func (a *Answer) restOfLine(p []byte, i int) int {
	l := &a.lines
	end := bytes.IndexByte(p[i:], '\n')
	if end < 0 {
		end = len(p) - i
	}
	if cr := bytes.IndexByte(p[i:i+end], '\r'); cr >= 0 {
		end = cr
	}
	value := p[i : i+end]
	l.size += end
	if l.state == lineData {
		if l.space && value[0] == ' ' {
			value, i, end = value[1:], i+1, end-1
		}
		if l.space && a.tidy && l.data == 1 {
			a.held.payload = len(a.held.bytes) + i - a.held.from
		}
		l.space = false
		a.payload(value)
	}
	return i + end
}

// payload reads the next bytes of the frame's data.
func (a *Answer) payload(value []byte) {
	l := &a.lines
	if l.payload < len(l.opening) {
		copy(l.opening[l.payload:], value)
	}
	l.payload += len(value)
	a.scan.write(value)
}

// endLine ends a line whose end was read up to p[i]; an empty line ends the frame.
func (a *Answer) endLine(p []byte, i int) {
	l := &a.lines
	blank := l.state == lineName && l.size == 0
	if l.state == lineName && l.size == len(dataField) {
		l.data++ // "data" alone is an empty value
	}
	comment := l.state == lineSkip && l.comment
	l.state, l.size, l.fresh = lineName, 0, false
	if !blank {
		a.endField(p, i, comment)
		return
	}
	if a.tidy {
		a.hold(p[a.held.from:i])
		a.held.from = i
	}
	a.endFrame()
}

// endField ends a line of a frame. A comment in front of the frame is passed on
// at once: it keeps the connection alive.
func (a *Answer) endField(p []byte, i int, comment bool) {
	switch {
	case !comment:
		a.lines.fields++
	case a.lines.fields == 0:
		a.pass(p, i)
	default:
		a.held.comment = true
	}
}

const done = "[DONE]"

// endFrame reads what the frame told and makes room for the next.
func (a *Answer) endFrame() {
	l := &a.lines
	if l.data > 0 {
		switch {
		case string(bytes.TrimRight(l.opening[:min(l.payload, len(l.opening))], " \x00")) == done:
			a.facts.Ended = true
		case a.scan.finish():
			a.facts.Frames++
			a.cut()
			a.apply()
		case l.payload > 0:
			a.facts.Broken++
		}
	}
	a.release()
	a.frame = frame{items: a.frame.items[:0], usage: a.frame.usage[:0]}
	a.scan.reset()
	l.fields, l.data, l.payload, l.opening = 0, 0, 0, [8]byte{}
}
