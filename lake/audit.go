package lake

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Law is something that must hold for every line of a ledger, as a statement
// whose only cell counts the lines or attempts that break it.
type Law struct {
	Name string // what must hold
	Statement
}

// Laws lists what an audit checks. Their SQL is in the subset that every engine
// speaks.
func Laws() []Law { return laws("true", "true") }

// LawsSince lists what an audit checks of the lines behind a number of booking, and of
// the attempts that these are of. Where everything before them kept the laws, one is
// broken when one of Laws is; the counts are those of Laws only when nothing is.
func LawsSince(booking int64) []Law {
	behind := fmt.Sprintf("%s > %d", BookingColumn, booking)
	return laws(behind, "attempt_id IN (SELECT attempt_id FROM charges WHERE "+behind+")")
}

// laws are about the lines of one condition, and the attempts of another. What they are set
// against is looked up among all lines: no statement keeps those of a whole ledger in memory.
func laws(lines, attempts string) []Law {
	law := func(name, text string) Law { return Law{name, Statement{Text: text}} }
	return []Law{
		law("an attempt has at most one current line in a book",
			`SELECT count(*) FROM (SELECT attempt_id, book FROM charges WHERE `+attempts+` GROUP BY attempt_id, book
HAVING sum(CASE WHEN reverses THEN -1 ELSE 1 END) NOT IN (0, 1)) AS broken`),
		law("a line is booked once",
			`SELECT count(*) - count(DISTINCT id) FROM charges WHERE id IN (SELECT id FROM charges WHERE `+lines+`)`),
		law("a reversal has its line",
			`SELECT count(*) FROM charges WHERE `+lines+` AND reverses AND corrects NOT IN (
SELECT id FROM charges WHERE NOT reverses AND id IN (SELECT corrects FROM charges WHERE `+lines+` AND reverses))`),
		law("an unpriced line has no amount, a priced one has",
			`SELECT count(*) FROM charges WHERE `+lines+` AND (price_state = 'unpriced') <> (list IS NULL)`),
		law("cost components sum to the list price",
			`SELECT count(*) FROM charges WHERE `+lines+` AND list IS NOT NULL
AND cost_in + cost_cache_read + cost_cache_write + cost_out + cost_other <> list`),
		law("a corrected attempt nets to its current line",
			`SELECT count(*) FROM (SELECT attempt_id FROM charges WHERE `+attempts+` GROUP BY attempt_id
HAVING sum(CASE WHEN reverses THEN -1 ELSE 1 END) = 0 AND (sum(calls) <> 0 OR sum(coalesce(list, 0)) <> 0 OR sum(exposure) <> 0)) AS broken`),
		law("a call is open at most once, and a closed one holds nothing",
			`SELECT count(*) FROM (SELECT attempt_id FROM open_calls GROUP BY attempt_id
HAVING sum(calls) NOT IN (0, 1) OR sum(calls) = 0 AND sum(exposure) <> 0) AS broken`),
		law("what is open is not booked",
			`WITH standing AS (SELECT attempt_id FROM open_calls GROUP BY attempt_id HAVING sum(calls) <> 0)
SELECT count(*) FROM standing
WHERE attempt_id IN (SELECT attempt_id FROM charges WHERE attempt_id IN (SELECT attempt_id FROM standing))
	OR attempt_id IN (SELECT key FROM attempt_keys WHERE key IN (SELECT attempt_id FROM standing))`),
	}
}

// AuditMark is the name under which the table of Rolled keeps how far the lines are
// audited and were found to keep the laws.
const AuditMark = "audit"

// Audit says how far a ledger is audited: At is zero when it never was.
type Audit struct {
	Through int64 // number of booking of the last line that was looked at
	At      time.Time
	Newest  int64 // number of the last line that is booked
	Lines   int64 // that are booked
}

// AuditOf reads how far a ledger is audited.
func AuditOf(ctx context.Context, r Reader) (a Audit, err error) {
	err = r.Snapshot(ctx, func(ask Ask) error {
		a, err = auditOf(ctx, r.Dialect(), ask)
		return err
	})
	return a, err
}

func auditOf(ctx context.Context, d Dialect, ask Ask) (a Audit, err error) {
	a.Through = -1
	mark := "SELECT " + d.AsText("booking") + ", " + d.AsText(d.Micros("rolled_at")) + " FROM rolled WHERE name = '" + AuditMark + "'"
	err = ask(ctx, Statement{Text: mark}, func(cells []*string) error {
		micros, err := wholeOf(cells[1])
		a.At = time.UnixMicro(micros).UTC()
		through, errThrough := wholeOf(cells[0])
		a.Through = through
		return errors.Join(err, errThrough)
	})
	if err != nil {
		return a, err
	}
	newest := fmt.Sprintf("SELECT %s FROM charges WHERE booking > %d", d.AsText(fmt.Sprintf("coalesce(max(booking), %d)", a.Through)), a.Through)
	for text, into := range map[string]*int64{newest: &a.Newest, "SELECT " + d.AsText("count(*)") + " FROM charges": &a.Lines} {
		if err := ask(ctx, Statement{Text: text}, func(cells []*string) (err error) { *into, err = wholeOf(cells[0]); return err }); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Broken is how often a law is broken.
type Broken struct {
	Law   Law
	Times int64
}

// AuditAll counts how often each law is broken in one state of a ledger, and says up to
// which line. What an earlier audit looked at is looked at again only when the whole is
// asked for or something is found.
func AuditAll(ctx context.Context, r Reader, whole bool) (found []Broken, a Audit, err error) {
	err = r.Snapshot(ctx, func(ask Ask) error {
		if a, err = auditOf(ctx, r.Dialect(), ask); err != nil {
			return err
		}
		laws := LawsSince(a.Through)
		if whole || a.Through < 0 {
			laws = Laws()
		}
		found, err = countBroken(ctx, ask, laws)
		if err == nil && !Sound(found) {
			found, err = countBroken(ctx, ask, Laws())
		}
		return err
	})
	return found, a, err
}

// Sound says that no law is broken.
func Sound(found []Broken) bool {
	for _, b := range found {
		if b.Times != 0 {
			return false
		}
	}
	return true
}

func countBroken(ctx context.Context, ask Ask, laws []Law) (found []Broken, err error) {
	for _, law := range laws {
		b := Broken{Law: law}
		err := ask(ctx, law.Statement, func(cells []*string) (err error) {
			b.Times, err = wholeOf(cells[0])
			return err
		})
		if err != nil {
			return found, err
		}
		found = append(found, b)
	}
	return found, nil
}
