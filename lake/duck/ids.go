package duck

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/bursarhq/bursar/spend"
)

// rowsAtOnce bounds what the engine holds for the reader of ids.
const rowsAtOnce = 1 << 20

// EachAttempt gives the id of every booked or sighted attempt and every linked key, some
// of them more than once, of one state of the lake. A server that starts reads all of
// them, so they are read where the engine has them: handing over row by row would take
// most of the start.
func (l *Lake) EachAttempt(ctx context.Context, f func(spend.ID)) error {
	r, err := l.writer.beside()
	if err != nil {
		return err
	}
	defer r.close()
	err = r.each("BEGIN", func(*vector, int) {})
	for table, ids := range map[string]string{
		"charges": "attempt_id FROM charges WHERE NOT reverses AND", "sightings": "attempt_id FROM sightings WHERE", "attempt_keys": "key FROM attempt_keys WHERE",
	} {
		last := int64(-1)
		err = errors.Join(err, r.each("SELECT coalesce(max(rowid), -1) FROM "+table, func(v *vector, _ int) { last = *at[int64](v, 0) }))
		for first := int64(0); first <= last && err == nil; first += rowsAtOnce {
			err = errors.Join(context.Cause(ctx), r.ids(fmt.Sprintf("SELECT %s rowid BETWEEN %d AND %d", ids, first, first+rowsAtOnce-1), f))
		}
	}
	if err != nil {
		return failed("read the keys of the ledger", err)
	}
	return nil
}

// ids gives those that a statement selects.
func (r *reader) ids(text string, f func(spend.ID)) error {
	return r.each(text, func(v *vector, rows int) {
		for row := range rows {
			f(idOf(*at[cell16](v, row)))
		}
	})
}

// idOf is the id of a cell that uuidCell made.
func idOf(c cell16) (id spend.ID) {
	binary.BigEndian.PutUint64(id[8:], c[0])
	binary.BigEndian.PutUint64(id[:8], c[1]^1<<63)
	return id
}

// reader is a connection of its own, which reads chunks as the engine has them.
type reader struct{ conn mapping.Connection }

// beside opens a reader beside the writer.
func (w *writer) beside() (*reader, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, errClosed()
	}
	r := &reader{}
	if mapping.Connect(w.db, &r.conn) == mapping.StateError {
		return nil, failed("read lake", errors.New("no connection to the engine"))
	}
	return r, nil
}

func (r *reader) close() { mapping.Disconnect(&r.conn) }

// each gives the first column of what a statement selects, chunk by chunk.
func (r *reader) each(text string, f func(v *vector, rows int)) error {
	var result mapping.Result
	defer mapping.DestroyResult(&result)
	if mapping.Query(r.conn, text, &result) == mapping.StateError {
		return fmt.Errorf("%s: %s", text, mapping.ResultError(&result))
	}
	if mapping.ColumnCount(&result) == 0 {
		return nil
	}
	for {
		chunk := mapping.FetchChunk(result)
		if chunk.Ptr == nil {
			return nil
		}
		if rows := int(mapping.DataChunkGetSize(chunk)); rows > 0 {
			v := vectorOf(mapping.DataChunkGetVector(chunk, 0))
			f(&v, rows)
		}
		mapping.DestroyDataChunk(&chunk)
	}
}
