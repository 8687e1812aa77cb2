package duck

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// wanted is a subquery over one argument: ids joined by commas.
const wanted = "(SELECT CAST(unnest(string_split(?, ',')) AS UUID))"

// ofAttempts finds the lines of wanted attempts by one column first: the others
// are then read only where there is something to read.
const ofAttempts = "rowid IN (SELECT rowid FROM charges WHERE attempt_id IN " + wanted + ")"

func joined(ids []spend.ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}

// Attempts says which of the keys belong to a known attempt, and to which: a
// linked key to the attempt it is linked to, the id of a booked attempt to
// itself. Unknown keys are absent.
func (l *Lake) Attempts(ctx context.Context, keys []spend.ID) (map[spend.ID]spend.ID, error) {
	found := map[spend.ID]spend.ID{}
	if len(keys) == 0 {
		return found, nil
	}
	text := fmt.Sprintf(`SELECT DISTINCT attempt_id, attempt_id FROM charges WHERE attempt_id IN %s
UNION ALL SELECT DISTINCT attempt_id, attempt_id FROM sightings WHERE attempt_id IN %s`, wanted, wanted)
	arg := joined(keys)
	if err := l.pairs(ctx, text, []any{arg, arg}, func(key, attempt spend.ID) { found[key] = attempt }); err != nil {
		return nil, err
	}
	// The smallest attempt last: it wins where a key was linked more than once.
	text = fmt.Sprintf("SELECT key, attempt FROM attempt_keys WHERE key IN %s ORDER BY key, attempt DESC", wanted)
	err := l.pairs(ctx, text, []any{arg}, func(key, attempt spend.ID) { found[key] = attempt })
	return found, err
}

func (l *Lake) pairs(ctx context.Context, text string, args []any, f func(a, b spend.ID)) error {
	return l.rows(ctx, text, args, func(rows *sql.Rows) error {
		var a, b sql.RawBytes
		for rows.Next() {
			if err := rows.Scan(&a, &b); err != nil {
				return err
			}
			f(spend.ID(a), spend.ID(b))
		}
		return nil
	})
}

// Lines gives the current lines of attempts in full: what was booked and not
// taken back, ordered by attempt, booking time and id. An attempt may have
// current lines in several books.
func (l *Lake) Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error) {
	if len(attempts) == 0 {
		return nil, nil
	}
	lines, err := all(ctx, l, lake.Charges(), ofAttempts, joined(attempts))
	if err != nil {
		return nil, err
	}
	return current(lines), nil
}

// History gives every line of one attempt, reversals included, oldest first.
func (l *Lake) History(ctx context.Context, attempt spend.ID) ([]spend.Charge, error) {
	lines, err := all(ctx, l, lake.Charges(), ofAttempts, attempt.String())
	slices.SortFunc(lines, byAttempt)
	return lines, err
}

// Unconverted gives current lines with the flag unconverted in the order of
// their ids, behind an id, at most limit: what waits for an exchange rate. A
// reversal has the flags of its line, so the condition selects both or neither.
func (l *Lake) Unconverted(ctx context.Context, after spend.ID, limit int) ([]spend.Charge, error) {
	const waits = "contains(flags, 'unconverted')"
	where := fmt.Sprintf(`rowid IN (SELECT rowid FROM charges WHERE %[1]s AND NOT reverses AND id > CAST(? AS UUID)
	AND id NOT IN (SELECT corrects FROM charges WHERE %[1]s AND reverses) ORDER BY id LIMIT %[2]d)`, waits, limit)
	lines, err := all(ctx, l, lake.Charges(), where, after.String())
	slices.SortFunc(lines, func(a, b spend.Charge) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return lines, err
}

// current drops reversals and what they reverse.
func current(lines []spend.Charge) []spend.Charge {
	gone := map[spend.ID]bool{}
	for i := range lines {
		if lake.Reverses(&lines[i]) {
			gone[lines[i].ID], gone[lines[i].Corrects] = true, true
		}
	}
	lines = slices.DeleteFunc(lines, func(c spend.Charge) bool { return gone[c.ID] })
	slices.SortFunc(lines, byAttempt)
	return lines
}

func byAttempt(a, b spend.Charge) int {
	if c := bytes.Compare(a.AttemptID[:], b.AttemptID[:]); c != 0 {
		return c
	}
	if c := a.BookedAt.Compare(b.BookedAt); c != 0 {
		return c
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

// Heads gives the current lines of attempts in their narrow form, in no order.
func (l *Lake) Heads(ctx context.Context, attempts []spend.ID) ([]lake.Head, error) {
	return l.HeadsWithin(ctx, attempts, lake.Window{})
}

// HeadsWithin is Heads for lines whose time of use lies in a window: on a large
// lake it reads only the part that can match.
func (l *Lake) HeadsWithin(ctx context.Context, attempts []spend.ID, within lake.Window) (heads []lake.Head, err error) {
	if len(attempts) == 0 {
		return nil, nil
	}
	where, args := ofAttempts, []any{joined(attempts)}
	if within != (lake.Window{}) {
		where = "attempt_id IN " + wanted // the window alone leaves little to read
	}
	if !within.From.IsZero() {
		where, args = where+" AND used_at >= ?", append(args, within.From.UTC())
	}
	if !within.To.IsZero() {
		where, args = where+" AND used_at < ?", append(args, within.To.UTC())
	}
	err = l.heads(ctx, where, args, func(h lake.Head) error { heads = append(heads, h); return nil })
	return heads, err
}

// Partition streams the heads of the current lines of one partition of a
// source; an error of f ends it.
func (l *Lake) Partition(ctx context.Context, source, partition string, f func(lake.Head) error) error {
	return l.heads(ctx, "source = ? AND partition_key = ?", []any{source, partition}, f)
}

// heads relies on a reversal having the dimensions of its line: a condition on
// dimensions selects both or neither.
func (l *Lake) heads(ctx context.Context, where string, args []any, f func(lake.Head) error) error {
	text := `WITH found AS MATERIALIZED (
	SELECT attempt_id, id, content_id, source, source_key, rank, revision, corrects, reverses
	FROM charges WHERE ` + where + `
)
SELECT attempt_id, id, content_id, source, source_key, rank, revision FROM found
WHERE NOT reverses AND id NOT IN (SELECT corrects FROM found WHERE reverses)`
	return l.rows(ctx, text, args, func(rows *sql.Rows) error {
		for rows.Next() {
			h, err := scanHead(rows)
			if err != nil {
				return err
			}
			if err := f(h); err != nil {
				return err
			}
		}
		return nil
	})
}

func scanHead(rows *sql.Rows) (h lake.Head, err error) {
	var attempt, id, content sql.RawBytes
	if err := rows.Scan(&attempt, &id, &content, &h.Source, &h.SourceKey, &h.Rank, &h.Revision); err != nil {
		return h, err
	}
	h.Attempt, h.ID, h.ContentID = spend.ID(attempt), spend.ID(id), spend.ID(content)
	return h, nil
}

// Sightings gives what every source said about attempts, in no order.
func (l *Lake) Sightings(ctx context.Context, attempts []spend.ID) ([]lake.Sighting, error) {
	if len(attempts) == 0 {
		return nil, nil
	}
	return all(ctx, l, lake.Sightings(), "attempt_id IN "+wanted, joined(attempts))
}

// Offset says how far a source has been read: its most recent offset of any
// file, false when it has none.
func (l *Lake) Offset(ctx context.Context, source string) (lake.Offset, bool, error) {
	return first(all(ctx, l, lake.Offsets(), "source = ? ORDER BY updated_at DESC NULLS LAST, file LIMIT 1", source))
}

// FileOffset says how far one file of a source has been read, false when it is new.
func (l *Lake) FileOffset(ctx context.Context, source, file string) (lake.Offset, bool, error) {
	return first(all(ctx, l, lake.Offsets(), "source = ? AND file = ?", source, file))
}

// Marks says how far each file of a source has been read.
func (l *Lake) Marks(ctx context.Context, source string) ([]lake.Offset, error) {
	return all(ctx, l, lake.Offsets(), "source = ?", source)
}

func first[T any](found []T, err error) (T, bool, error) {
	if err != nil || len(found) == 0 {
		var none T
		return none, false, err
	}
	return found[0], true, nil
}
