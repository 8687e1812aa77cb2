package duck

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/lake"
)

const (
	mostKeptCells = 20_000  // of an answer that outlives the process
	allKeptCells  = 500_000 // of all of them together
)

// answersDDL makes the table of what is remembered from one process to the next. It lies
// beside the lines, so that it goes where they go, into a backup and back.
const answersDDL = `CREATE TABLE IF NOT EXISTS answers (
	name VARCHAR, booking BIGINT, outcomes BIGINT, links BIGINT, opens BIGINT, cells VARCHAR,
	through BIGINT, lines BIGINT -- of the ledger then: answers of another one are none
)`

// KeepAnswers writes down what is remembered, the newest first as far as there is room.
func (l *Lake) KeepAnswers(ctx context.Context) error {
	return l.writer.aside("keep answers", func() error { return l.keepAnswers(ctx) })
}

func (l *Lake) keepAnswers(ctx context.Context) error {
	var through, lines int64
	err := l.reads.QueryRowContext(ctx, fmt.Sprintf("SELECT coalesce(max(%s), -1), count(*) FROM charges", lake.BookingColumn)).Scan(&through, &lines)
	if err != nil {
		return err
	}
	kept := l.memory.newest()
	if len(kept) == 0 {
		return nil
	}
	if err := l.writer.begin(); err != nil {
		return err
	}
	err = l.writer.exec("DELETE FROM answers")
	for name, held := range kept {
		cells, errJSON := json.Marshal(append([][]*string{}, held.rows...)) // no row is an answer too
		if err = errors.Join(err, errJSON); err != nil {
			break
		}
		err = l.writer.exec(fmt.Sprintf("INSERT INTO answers VALUES (%s, %d, %d, %d, %d, ?, %d, %d)",
			quote(name), held.booking.Load(), held.counts[0], held.counts[1], held.counts[2], through, lines), string(cells))
	}
	if err != nil {
		return errors.Join(err, l.writer.end("ROLLBACK"))
	}
	l.writer.rows++ // the log has something to fold in
	return l.writer.end("COMMIT")
}

// newest gives what is known to hold and worth keeping.
func (m *memory) newest() map[string]*remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, cells := map[string]*remembered{}, 0
	for _, name := range slices.Backward(m.order) {
		held := m.answers[name]
		if held.rolled || held.retired != m.retired.Load() || held.cells > mostKeptCells || cells+held.cells > allKeptCells {
			continue
		}
		kept[name], cells = held, cells+held.cells
	}
	return kept
}

// recallKept remembers what an earlier process did. Where lines were removed since, or the
// ledger is another one, nothing is.
func (l *Lake) recallKept(ctx context.Context) error {
	var through, lines, present int64
	err := l.reads.QueryRowContext(ctx, "SELECT coalesce(max(through), -1), coalesce(max(lines), 0) FROM answers").Scan(&through, &lines)
	if err != nil || lines == 0 {
		return err
	}
	err = l.reads.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM charges WHERE %s <= %d", lake.BookingColumn, through)).Scan(&present)
	if err != nil || present != lines {
		return err
	}
	rows, err := l.reads.QueryContext(ctx, "SELECT name, booking, outcomes, links, opens, cells FROM answers")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, cells string
		var booking int64
		held := &remembered{}
		if err := rows.Scan(&name, &booking, &held.counts[0], &held.counts[1], &held.counts[2], &cells); err != nil {
			return err
		}
		if json.Unmarshal([]byte(cells), &held.rows) != nil || held.rows == nil {
			continue // it is asked again
		}
		for _, row := range held.rows {
			held.cells += len(row) + 1
		}
		held.booking.Store(booking)
		l.memory.put(name, held)
	}
	return rows.Err()
}

// KeepNote writes a text down under a name, in the place of an earlier one. It lies beside
// the lines, so that it goes where they go.
func (l *Lake) KeepNote(_ context.Context, name, text string) error {
	return l.writer.aside("keep a note", func() error {
		l.writer.rows++ // the log has something to fold in
		return l.writer.all([]string{
			"DELETE FROM meta WHERE name = " + quote(notePrefix+name),
			"INSERT INTO meta VALUES (" + quote(notePrefix+name) + ", " + quote(text) + ")",
		})
	})
}

const notePrefix = "note/" // what else lies in the table has other names

// Note gives a text that was written down, "" when there is none.
func (l *Lake) Note(ctx context.Context, name string) (text string, err error) {
	err = l.reads.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = ?", notePrefix+name).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", failed("read a note", err)
	}
	return text, nil
}
