package duck

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// DropQuarantine removes what was rejected before an instant and gives its number.
func (l *Lake) DropQuarantine(ctx context.Context, before time.Time) (int64, error) {
	old := "rejected_at < " + literal(before.UTC())
	return l.remove(ctx, "SELECT count(*) FROM quarantine WHERE "+old, "DELETE FROM quarantine WHERE "+old)
}

// retired stands in the key table for an attempt whose lines are gone.
const retired = "CAST('00000000-0000-0000-0000-000000000000' AS UUID)"

// aged selects the attempts all of whose lines lie in periods up to one, by origin
// and by posting.
func aged(through spend.Period) string {
	return fmt.Sprintf(`(SELECT attempt_id FROM charges GROUP BY attempt_id
HAVING max(period) <= %[1]s AND max(origin_period) <= %[1]s)`, quote(string(through)))
}

func countAged(through spend.Period) string {
	return "SELECT count(*) FROM charges WHERE attempt_id IN " + aged(through)
}

// Retirable gives the number of lines that Retire would remove.
func (l *Lake) Retirable(ctx context.Context, through spend.Period) (n int64, err error) {
	if err = l.reads.QueryRowContext(ctx, countAged(through)).Scan(&n); err != nil {
		err = failed("count old rows", err)
	}
	return n, err
}

// Retire removes the attempts all of whose lines lie in periods up to one, with
// their sightings, and gives the number of lines. Their keys stay for ever: a file
// of that time imported again adds nothing.
func (l *Lake) Retire(ctx context.Context, through spend.Period) (int64, error) {
	old := aged(through)
	l.memory.retired.Add(1)
	defer l.memory.retired.Add(1)
	const gone = "(SELECT key FROM attempt_keys WHERE attempt = " + retired + ")"
	return l.remove(ctx, countAged(through),
		"INSERT INTO attempt_keys (key, attempt) SELECT key, "+retired+" FROM attempt_keys WHERE attempt IN "+old,
		"INSERT INTO attempt_keys (key, attempt) SELECT attempt_id, "+retired+" FROM charges WHERE attempt_id IN "+old+" GROUP BY attempt_id",
		"DELETE FROM sightings WHERE attempt_id IN "+gone,
		"DELETE FROM answers",
		unmark(lake.DaysTable), "DELETE FROM "+lake.DaysTable, // it is made anew of what is left
		"DELETE FROM charges WHERE attempt_id IN "+gone)
}

// remove counts rows and, when there are any, runs statements in one transaction.
func (l *Lake) remove(ctx context.Context, count string, statements ...string) (n int64, err error) {
	w := l.writer
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return 0, errClosed()
	case w.open:
		return 0, spend.Errorf(spend.KindConflict, "remove old rows", "a transaction waits for the batches that were announced").
			WithHint("append the last of them first")
	}
	err = l.reads.QueryRowContext(ctx, count).Scan(&n)
	if err == nil && n > 0 {
		err = w.all(statements)
	}
	if err != nil {
		return 0, failed("remove old rows", err)
	}
	w.rows += n
	return n, nil
}

// all runs statements in one transaction.
func (w *writer) all(statements []string) error {
	if err := w.begin(); err != nil {
		return err
	}
	for _, text := range statements {
		if err := w.exec(text); err != nil {
			return errors.Join(err, w.end("ROLLBACK"))
		}
	}
	return w.end("COMMIT")
}

// aside writes something that can wait: nothing while batches are announced, which come
// first.
func (w *writer) aside(op string, write func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
		return errClosed()
	case w.open:
		return nil
	}
	if err := write(); err != nil {
		return failed(op, err)
	}
	return nil
}
