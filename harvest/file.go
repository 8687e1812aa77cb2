package harvest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
)

// reading is raised when a reader takes other things of a line than before: all files
// are read again then.
const reading = 1

// file reads what is new in one file, as far as it went when it was found.
func (r *run) file(f *found) error {
	in, err := os.Open(f.path)
	if err != nil {
		return unreadable{err}
	}
	defer in.Close() //nolint:errcheck // only read
	from, news, err := r.from(in, f)
	if err != nil {
		return unreadable{err}
	}
	if !news {
		r.looked[f.id] = f.look
		return nil
	}
	if _, err := in.Seek(from.Offset, io.SeekStart); err != nil {
		return unreadable{err}
	}
	r.result.Grown++
	rest := &limited{in: in, left: f.size - from.Offset, tell: r.tell, at: from.Offset}
	reader := agentlog.Open(rest, &r.Program, agentlog.Options{Path: f.name, From: from, Plan: r.result.Plan, Era: r.era})
	if err := r.records(reader, f.base()); err != nil {
		return err
	}
	r.result.Bytes += f.size - from.Offset
	to := reader.Position()
	if !r.Program.Resumes {
		to.Offset = f.size
	}
	sign, err := r.sign(in, to.Offset, f)
	if err != nil {
		return unreadable{err}
	}
	r.looked[f.id] = f.look
	return r.mark(markOf(f.id, to, sign))
}

// from says where reading goes on: behind what was read before, where the file still
// begins with that and its program's lines stand alone; else at the start.
func (r *run) from(in io.ReaderAt, f *found) (agentlog.Position, bool, error) {
	start := agentlog.Position{Line: 1}
	m, known := r.marks[f.id]
	if !known {
		return start, true, nil
	}
	if m.Bytes <= f.size {
		sign, err := r.sign(in, m.Bytes, f)
		switch {
		case err != nil:
			return start, false, err
		case hex.EncodeToString(sign[:]) != m.Sign: // another file of the same path
		case m.Bytes == f.size:
			return start, false, nil
		case r.Program.Resumes:
			return agentlog.Position{Offset: m.Bytes, Line: m.Line}, true, nil
		}
	}
	if r.Program.Resumes {
		r.result.Replaced++
	}
	return start, true, nil
}

// sign tells what a file holds up to a byte from another file of the same path: by its
// first and its last kilobytes before that byte, since lines are only added. Where
// files are written anew, by the time of that too.
func (r *run) sign(in io.ReaderAt, end int64, f *found) (sum [32]byte, err error) {
	const part = 4096
	h := sha256.New()
	h.Write([]byte{reading})
	if !r.Program.Resumes {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(f.modified.UnixNano())))
	}
	for _, from := range []int64{0, max(0, end-part)} {
		if _, err := io.Copy(h, io.NewSectionReader(in, from, min(part, end-from))); err != nil {
			return sum, err
		}
	}
	return [32]byte(h.Sum(nil)), nil
}

// records gathers the records of a file.
func (r *run) records(reader *agentlog.Reader, file string) error {
	for {
		rec, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return unreadable{err}
		}
		if err := r.gather(&rec, file); err != nil {
			return err
		}
	}
}

func (r *run) gather(rec *connect.Record, file string) error {
	rejected := len(rec.Problems) > 0
	if rejected || r.sheaf.isNew(&rec.Event) {
		if err := r.flushFull(); err != nil {
			return err
		}
	}
	if rejected {
		r.sheaf.reject(api.LogRejected{File: file, Line: rec.Line, Digest: rec.Hash.String(), Problems: rec.Problems})
		return nil
	}
	r.sheaf.add(&rec.Event)
	return nil
}

func (r *run) mark(m api.LogMark) error {
	if err := r.flushFull(); err != nil {
		return err
	}
	r.sheaf.order.Marks = append(r.sheaf.order.Marks, m)
	return nil
}

func (r *run) flushFull() error {
	if !r.sheaf.isFull() {
		return nil
	}
	return r.flush()
}

// limited reads up to where a file ended when it was found, and tells how far it is.
type limited struct {
	in       io.Reader
	left, at int64
	tell     func(int64)
}

func (l *limited) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, io.EOF
	}
	n, err := l.in.Read(b[:min(int64(len(b)), l.left)])
	l.left, l.at = l.left-int64(n), l.at+int64(n)
	l.tell(l.at)
	return n, err
}
