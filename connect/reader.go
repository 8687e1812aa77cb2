package connect

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"time"
	"unicode/utf8"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Record is one record of a file: an event, or the problems that keep it from
// being one.
type Record struct {
	Event    spend.Event     // of use only without problems
	Open     bool            // the call has begun and is not settled
	Hold     money.Null      // what an open call may cost, in the reporting currency
	Problems []spend.Problem // every mistake of the record at once, without its text
	Line     int64           // the line on which it starts, from 1; the element of an array for events
	End      int64           // bytes of the stream up to and with it
	Hash     spend.ID        // digest of the record as it stands in the file; zero when it is too long to hold
}

// Options say what the mapping leaves to the occasion. The zero value reads a
// whole file by the mapping alone.
type Options struct {
	Source   string    // replaces the mapping's source
	Origin   time.Time // replaces the mapping's origin of relative times
	Revision int64     // of every record of a source that corrects itself, unless a column says it
	From     Position  // where the stream stands, when it is not the beginning

	// MaxDistinct bounds how many different records without key columns are
	// remembered, at about 30 bytes each; 0 means 16,777,216. One more ends the
	// reading with an error.
	MaxDistinct int
}

// Position is a place between two records, from which reading can go on.
type Position struct {
	Offset int64    // bytes before it
	Line   int64    // of the next record, from 1
	Header []string // csv: the names of the columns
}

const maxDistinct = 16 << 20

// Reader hands out the records of one stream in their order. It is for one
// goroutine.
type Reader struct {
	mapping *Mapping
	options Options
	step    func() (Record, error)
	failed  error // the end or the error that every further Next repeats
	split   splitter
	started bool

	row    row
	labels []interner        // by text field of the mapping
	seen   map[uint64]uint32 // how often a content came, by the head of its digest
	header []string          // csv: the names of the columns
	fields [][]byte          // csv: of the record at hand
	column []int             // csv: by slot, the index into fields, −1 for a column that the file lacks
	object object            // jsonl: of the record at hand
}

// Open reads a usage file by a mapping. It reads nothing before the first Next,
// which is also where a wrong header or encoding is reported.
func Open(in io.Reader, m *Mapping, o Options) *Reader {
	if o.Source == "" {
		o.Source = m.Source
	}
	if o.MaxDistinct == 0 {
		o.MaxDistinct = maxDistinct
	}
	if m.time.relative && !o.Origin.IsZero() {
		moved := *m
		moved.time.origin = o.Origin
		m = &moved
	}
	r := &Reader{mapping: m, options: o, seen: map[uint64]uint32{}}
	r.split = splitter{in: in, quotes: m.Format == CSV, delimiter: m.delimiter, offset: o.From.Offset, line: max(o.From.Line, 1)}
	r.row = row{m: m, cells: make([][]byte, len(m.columns))}
	r.labels = make([]interner, len(m.texts))
	for i := range r.labels {
		r.labels[i] = interner{}
	}
	r.step = r.mapped
	return r
}

// Next gives the next record. A record that cannot become an event carries
// Problems and does not end the reading. io.EOF marks the end; any other error
// is final: the stream broke, or its header or encoding is not what the mapping
// describes.
func (r *Reader) Next() (Record, error) {
	if r.failed != nil {
		return Record{}, r.failed
	}
	rec, err := r.step()
	if err != nil {
		r.failed = err
		return Record{}, err
	}
	return rec, nil
}

// Position is the place behind the last record. Options.From takes it to read
// the rest of the same file, when the mapping has key columns.
func (r *Reader) Position() Position {
	return Position{Offset: r.split.offset, Line: r.split.line, Header: r.header}
}

// mapped reads one record of a file with a mapping.
func (r *Reader) mapped() (Record, error) {
	if !r.started {
		if err := r.start(); err != nil {
			return Record{}, err
		}
		r.started = true
	}
	raw, err := r.split.next()
	if err != nil {
		return Record{}, r.broken(err)
	}
	rec := Record{Line: raw.line, End: raw.end}
	r.row = row{m: r.mapping, cells: r.row.cells}
	r.row.event.Source, r.row.event.Rank = r.options.Source, r.mapping.Rank
	if msg := raw.problem(); msg != "" {
		r.row.malformed(msg)
	}
	if len(raw.raw) > 0 {
		rec.Hash = digest(raw.raw)
	}
	r.read(&raw)
	if len(r.row.found) == 0 && !r.mapping.Keyed() {
		if err := r.keyByContent(&rec); err != nil {
			return Record{}, err
		}
	}
	rec.Event, rec.Problems = r.row.event, r.row.found
	return rec, nil
}

// read makes the event of a sound record.
func (r *Reader) read(raw *stretch) {
	if len(r.row.found) > 0 {
		return
	}
	if r.mapping.Format == CSV {
		r.csvCells(raw)
	} else {
		r.jsonCells(raw)
	}
	if len(r.row.found) == 0 {
		r.row.build(&r.options, r.labels)
	}
}

// start checks that the stream is what the mapping describes.
func (r *Reader) start() error {
	from := r.options.From
	if from.Offset > 0 && !r.mapping.Keyed() {
		return spend.Errorf(spend.KindInvalid, "resume import", "the mapping %s has no key columns, so only a whole file tells a repeated row from a new one", r.mapping.Name).
			WithHint("read the file from its start (what is known adds nothing), or name the columns of the key in the mapping")
	}
	if t := r.mapping.time; !t.relative && !r.options.Origin.IsZero() {
		return spend.Errorf(spend.KindInvalid, "read file", "an origin is given, and the mapping %s reads whole dates (%s)", r.mapping.Name, t.layout).
			WithHint("leave the origin out; it is for formats such as relative_s")
	}
	if from.Offset == 0 {
		if err := r.split.decoded(); err != nil {
			return err
		}
	}
	if r.mapping.Format == JSONL {
		r.object.paths = pathsOf(r.mapping.columns)
		return nil
	}
	return r.openCSV()
}

// keyByContent names a record by its content and by how often that came before.
func (r *Reader) keyByContent(rec *Record) error {
	head := binary.LittleEndian.Uint64(rec.Hash[:8])
	n, known := r.seen[head]
	if !known && len(r.seen) >= r.options.MaxDistinct {
		return spend.Errorf(spend.KindExhausted, "read file", "line %d: more than %d different rows, and the mapping %s has no key columns",
			rec.Line, r.options.MaxDistinct, r.mapping.Name).
			WithHint("name the columns that identify a row under key: in the mapping, or split the file")
	}
	r.seen[head] = n + 1
	r.row.event.SourceKey = contentKey(rec.Hash, n+1)
	return nil
}

// broken tells the end of a stream from its failure.
func (r *Reader) broken(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return spend.Errorf(spend.KindUnavailable, "read file", "broke off in line %d, after %d bytes: %w", r.split.line, r.split.offset, err).
		WithHint("records before it stand; read the file again, what is known adds nothing")
}

// malformed adds a problem of the record as a whole.
func (r *row) malformed(msg string) {
	r.found = append(r.found, spend.Problem{Field: "record", Msg: msg})
}

func digest(b []byte) spend.ID {
	sum := sha256.Sum256(b)
	return spend.ID(sum[:16])
}

// problem says what keeps a stretch from being read, "" when nothing does.
func (s *stretch) problem() string {
	switch {
	case s.fault == tooLong:
		return "is longer than 1 MiB"
	case s.fault == unclosed:
		return "opens a quote that is not closed within 1 MiB; double a quote inside a quoted field"
	case s.fault == misquoted:
		return "has text after a closing quote; double a quote inside a quoted field"
	case s.fault == trailing:
		return "stands behind the end of the array; a file holds one array, or one object a line"
	case !utf8.Valid(s.raw):
		return "is not UTF-8, perhaps Latin-1 or Windows-1252; convert the file, for instance with iconv -f WINDOWS-1252 -t UTF-8"
	}
	return ""
}
