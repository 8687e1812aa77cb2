package duck

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	duckdb "github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Append commits a batch with its offset in one transaction, together with the
// batches before it that announced more. On an error nothing of them is kept.
// Batches of 1,000 to 10,000 lines are best: a commit costs some milliseconds,
// whatever it holds; a transaction of many lines is written to the file at once, in
// whole row groups, instead of to the log first.
func (l *Lake) Append(ctx context.Context, b lake.Batch) error {
	if err := ctx.Err(); err != nil {
		return failed("append to lake", err)
	}
	l.writer.mu.Lock()
	defer l.writer.mu.Unlock()
	var err error
	l.humble.do(func() { err = l.writer.commit(&b) })
	if err != nil {
		return failed("append to lake", err)
	}
	return nil
}

// writer owns the one connection that writes.
type writer struct {
	mu        sync.Mutex // taken before a thread that is humble, never by it
	closed    bool
	open      bool // a transaction waits for the batches that were announced
	db        mapping.Database
	conn      mapping.Connection
	charges   inserter[spend.Charge]
	sightings inserter[lake.Sighting]
	keys      inserter[lake.KeyLink]
	rejected  inserter[lake.Rejected]
	offsets   inserter[lake.Offset]
	outcomes  inserter[outcome.Line]
	links     inserter[lake.OutcomeLink]
	opens     inserter[spend.Charge]
	resolved  inserter[lake.Resolution]
	rows      int64     // appended since the last checkpoint
	booked    int64     // number of the last line, see lake.BookingColumn
	folded    int64     // rows of the roll-up by days when it was summed as a whole
	last      time.Time // of the last append
	rested    time.Time // when the next checkpoint may be, whatever came meanwhile
}

// openWriter opens the file through the driver's own cache of instances, so
// that this connection and those of database/sql share one engine.
func openWriter(path string) (*writer, error) {
	w := &writer{last: time.Now()}
	var config mapping.Config
	if mapping.CreateConfig(&config) == mapping.StateError {
		return nil, failed("open lake", errors.New("no configuration"))
	}
	defer mapping.DestroyConfig(&config)
	// The driver marks its own connections so, and one instance has one configuration.
	mapping.SetConfig(config, "duckdb_api", "go")
	for name, values := range toOpen() {
		mapping.SetConfig(config, name, values[0])
	}
	var problem string
	if mapping.GetOrCreateFromCache(duckdb.GetInstanceCache(), path, &w.db, config, &problem) == mapping.StateError {
		return nil, failed("open lake", errors.New(problem))
	}
	if mapping.Connect(w.db, &w.conn) == mapping.StateError {
		mapping.Close(&w.db)
		return nil, failed("open lake", errors.New("no connection to the engine"))
	}
	if err := w.regroup(path); err != nil {
		w.close()
		return nil, failed("open lake", err)
	}
	return w, nil
}

// regroup opens the file anew, under its name, with row groups of our size, which the
// engine takes from who attaches a file and never from the file.
func (w *writer) regroup(path string) error {
	for _, text := range []string{
		"ATTACH ':memory:' AS meanwhile", "USE meanwhile", "DETACH lake",
		"ATTACH " + quote(path) + " AS lake (ROW_GROUP_SIZE " + rowGroup + ")", "USE lake", "DETACH meanwhile",
	} {
		if err := w.exec(text); err != nil {
			return err
		}
	}
	return nil
}

// prepare learns the order of the columns in the file.
func (w *writer) prepare(db *sql.DB) error {
	err := errors.Join(
		w.charges.init(db, w.numbered()), w.sightings.init(db, lake.Sightings()), w.keys.init(db, lake.Keys()),
		w.rejected.init(db, lake.Rejections()), w.offsets.init(db, lake.Offsets()),
		w.outcomes.init(db, lake.OutcomeLines()), w.links.init(db, lake.OutcomeLinks()),
		w.opens.init(db, lake.OpenCalls()), w.resolved.init(db, lake.Resolutions()))
	if err == nil {
		err = db.QueryRowContext(context.Background(), "SELECT coalesce(max("+lake.BookingColumn+"), 0) FROM charges").Scan(&w.booked)
	}
	if err != nil {
		return failed("open lake", err)
	}
	return nil
}

// numbered is the table of charges as it is written: each line gets the next number.
func (w *writer) numbered() lake.Table[spend.Charge] {
	t := lake.Charges()
	for i := range t.Columns {
		if t.Columns[i].Name == lake.BookingColumn {
			t.Columns[i].Get = func(_ *spend.Charge, v *lake.Value) error {
				w.booked++
				v.Int = w.booked
				return nil
			}
		}
	}
	return t
}

func (w *writer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.closed = true
	w.charges.close()
	w.sightings.close()
	w.keys.close()
	w.rejected.close()
	w.offsets.close()
	w.outcomes.close()
	w.links.close()
	w.opens.close()
	w.resolved.close()
	mapping.Disconnect(&w.conn)
	mapping.Close(&w.db)
}

// commit is Append for whoever holds the lock.
func (w *writer) commit(b *lake.Batch) error {
	if w.closed {
		return errClosed()
	}
	if b.Empty() && !w.open {
		return nil
	}
	if err := w.begin(); err != nil {
		return err
	}
	if err := w.fill(b); err != nil {
		return errors.Join(err, w.end("ROLLBACK"))
	}
	w.rows += int64(len(b.Charges) + len(b.Opens))
	w.last = time.Now()
	if b.More {
		return nil
	}
	return w.end("COMMIT")
}

func (w *writer) begin() error {
	if w.open {
		return nil
	}
	err := w.exec("BEGIN")
	w.open = err == nil
	return err
}

func (w *writer) end(how string) error {
	w.open = false
	return w.exec(how)
}

func errClosed() error {
	return spend.Errorf(spend.KindUnavailable, "use lake", "the lake is closed").WithHint("open it again")
}

func (w *writer) fill(b *lake.Batch) error {
	if err := w.charges.insert(w.conn, b.Charges); err != nil {
		return err
	}
	if err := w.sightings.insert(w.conn, b.Sightings); err != nil {
		return err
	}
	if err := w.keys.insert(w.conn, b.Keys); err != nil {
		return err
	}
	if err := w.rejected.insert(w.conn, b.Quarantine); err != nil {
		return err
	}
	if err := w.outcomes.insert(w.conn, b.Outcomes); err != nil {
		return err
	}
	if err := w.links.insert(w.conn, lake.LinksOf(b.Outcomes)); err != nil {
		return err
	}
	if err := w.opens.insert(w.conn, b.Opens); err != nil {
		return err
	}
	if err := w.resolved.insert(w.conn, b.Resolved); err != nil {
		return err
	}
	marks := b.Marks
	if b.Offset != nil {
		marks = append(slices.Clone(marks), *b.Offset)
	}
	for some := range slices.Chunk(marks, 500) {
		if err := w.forget(some); err != nil {
			return err
		}
	}
	return w.offsets.insert(w.conn, marks)
}

// forget removes the offsets that others take the place of.
func (w *writer) forget(marks []lake.Offset) error {
	pairs := make([]string, 0, 2*len(marks))
	for i := range marks {
		pairs = append(pairs, marks[i].Source, marks[i].File)
	}
	return w.exec("DELETE FROM offsets WHERE (source, file) IN ((?, ?)"+strings.Repeat(", (?, ?)", len(marks)-1)+")", pairs...)
}
