package history

// maxCell bounds what is kept of one column, in bytes. Metadata is a few thousand.
const maxCell = 1 << 20

// row is one record as it is written, column by column.
type row struct {
	cells []cell // by slot of the product's columns
	loose cell   // of the value at hand
	line  int64  // where it starts, from 1
	fault string // why it cannot be read, "" when it can
}

// cell is what a record says in one column.
type cell struct {
	text  []byte
	given bool // neither absent nor null, nor empty
	rank  int  // of the name under which it was told
	long  bool // longer than what is kept
}

func (r *row) begin(s *stream) {
	for i := range r.cells {
		r.cells[i] = cell{text: r.cells[i].text[:0]}
	}
	r.line, r.fault = s.line, ""
	s.begin()
}

// cell gives the room for a column's value until it is put, nil for a column that is
// passed over and for one that was told under a better name.
func (r *row) cell(at place) *cell {
	r.loose.given = false
	if at.slot < 0 || r.cells[at.slot].given && r.cells[at.slot].rank <= at.rank {
		return nil
	}
	r.loose = cell{text: r.loose.text[:0], given: true, rank: at.rank}
	return &r.loose
}

// put keeps the value that was read last. An empty one says nothing.
func (r *row) put(at place) {
	if r.loose.given && (len(r.loose.text) > 0 || r.loose.long) {
		r.cells[at.slot], r.loose = r.loose, r.cells[at.slot]
	}
	r.loose.given = false
}

// keep adds to a value. A nil cell keeps nothing.
func (c *cell) keep(b []byte) {
	switch {
	case c == nil || c.long:
	case len(c.text)+len(b) > maxCell:
		c.text, c.long = c.text[:0], true
	default:
		c.text = append(c.text, b...)
	}
}

func (c *cell) keepByte(b byte) {
	if c == nil || c.long {
		return
	}
	if c.text = append(c.text, b); len(c.text) > maxCell {
		c.text, c.long = c.text[:0], true
	}
}

func (c *cell) null() {
	if c != nil {
		c.text, c.given = c.text[:0], false
	}
}
