package agentlog

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

// Options say what a file's own words do not.
type Options struct {
	Path string   // of the file, relative to its folder, with slashes
	From Position // where the stream stands; only where Program.Resumes
	Plan Plan     // for what the log does not tell
	Era  int64    // how often another plan was said for the same source before, up to MaxEra
}

// Position is a place between two lines.
type Position struct {
	Offset int64 // bytes before it
	Line   int64 // of the next line, from 1
}

// Reader hands out the records of one file in their order. It is for one goroutine.
type Reader struct {
	program *Program
	options Options
	session Session
	lines   lines
	whole   bool
	queue   []connect.Record // made of the line at hand and not handed out
	failed  error
}

// Open reads one file of a program. Nothing is read before the first Next.
func Open(in io.Reader, p *Program, o Options) *Reader {
	r := &Reader{program: p, options: o, session: p.New(o.Path), whole: p.Whole != nil && p.Whole(o.Path)}
	r.lines = lines{in: in, offset: o.From.Offset, line: max(o.From.Line, 1)}
	for _, m := range p.Marks {
		r.lines.marks = append(r.lines.marks, []byte(m))
	}
	return r
}

// Position is the place behind the last complete line that was looked at: all
// records before it were handed out when Next has given io.EOF.
func (r *Reader) Position() Position { return Position{Offset: r.lines.offset, Line: r.lines.line} }

// Next gives the next record. A mistake of a line is a record with Problems and
// does not end the reading. io.EOF marks the end of what is complete: a torn last
// line is left for the next reading. Any other error is final.
func (r *Reader) Next() (connect.Record, error) {
	for len(r.queue) == 0 {
		if r.failed == nil {
			r.failed = r.read()
		}
		if len(r.queue) == 0 && r.failed != nil {
			return connect.Record{}, r.failed
		}
	}
	rec := r.queue[0]
	r.queue = r.queue[1:]
	return rec, nil
}

// read makes records of the next line, or of the whole document.
func (r *Reader) read() error {
	if r.whole {
		return r.document()
	}
	line, err := r.lines.next()
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return spend.Errorf(spend.KindUnavailable, "read log", "broke off in line %d: %w", r.lines.line, err).
			WithHint("records before it stand; read the file again, what is known adds nothing")
	case line.beyond:
		r.reject(&line, "is longer than 16 MiB and holds usage")
	case !line.torn || json.Valid(line.text):
		r.hand(&line)
	}
	return nil
}

// document reads a file that is one JSON document. One that is not complete is left
// for the next reading.
func (r *Reader) document() error {
	text, err := io.ReadAll(io.LimitReader(r.lines.in, maxDocument+1))
	if err != nil {
		return spend.Errorf(spend.KindUnavailable, "read log", "%w", err)
	}
	line := stretch{text: text, line: 1, end: int64(len(text))}
	switch {
	case len(text) > maxDocument:
		r.reject(&line, "is longer than 64 MiB")
	case json.Valid(text):
		r.lines.offset = line.end
		r.hand(&line)
	}
	return io.EOF
}

// hand gives a line to the session and keeps what it makes of it. Only behind the
// last record of a line is the line done.
func (r *Reader) hand(line *stretch) {
	r.queue = r.queue[:0]
	r.session.Read(line.text, func(rec *connect.Record) {
		rec.Line, rec.End, rec.Hash = line.line, line.from, digest(line.text)
		r.complete(&rec.Event)
		if e := &rec.Event; len(rec.Problems) == 0 && (e.Revision < 0 || e.Revision > MaxPreference) {
			rec.Problems = []spend.Problem{{Field: "revision", Msg: "is outside of 0 to 2^50"}}
		}
		rec.Event.Revision = rec.Event.Revision*(MaxEra+1) + min(r.options.Era, MaxEra)
		r.queue = append(r.queue, *rec)
	})
	if n := len(r.queue); n > 0 {
		r.queue[n-1].End = line.end
	}
}

// complete sets what every record of a program says without saying it.
func (r *Reader) complete(e *spend.Event) {
	e.Source, e.Rank = r.program.Name, spend.RankAgentLog
	e.Status = cmp.Or(e.Status, spend.StatusOK)
	e.UsageSource = cmp.Or(e.UsageSource, spend.UsageProvider)
	e.Scope.Agent = cmp.Or(e.Scope.Agent, r.program.Name)
	plan := r.options.Plan
	if p, told := r.session.(Payer); told {
		plan = cmp.Or(p.Paid(), plan)
	}
	if plan == Seat {
		e.Flags |= spend.Notional
	}
}

func (r *Reader) reject(line *stretch, msg string) {
	r.queue = append(r.queue[:0], connect.Record{
		Event: spend.Event{Source: r.program.Name, Rank: spend.RankAgentLog}, Line: line.line, End: line.end, Hash: digest(line.text),
		Problems: []spend.Problem{{Field: "record", Msg: msg}},
	})
}

func digest(b []byte) spend.ID {
	sum := sha256.Sum256(b)
	return spend.ID(sum[:16])
}

// Base is the last element of a path of any system, "" for one that has none or
// names nothing but a person: /home/ada and C:\Users\ada.
func Base(path string) string {
	path = string(bytes.TrimRight([]byte(path), `/\`))
	cut := lastSeparator(path)
	if cut < 0 {
		return path
	}
	above := path[:cut]
	if parent := above[lastSeparator(above)+1:]; slices.Contains([]string{"home", "Users", "users"}, parent) {
		return ""
	}
	return path[cut+1:]
}

func lastSeparator(path string) int { return bytes.LastIndexAny([]byte(path), `/\`) }
