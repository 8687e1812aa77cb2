package duck

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

const (
	mostAnswers = 2048    // that are remembered
	mostCells   = 100_000 // of one of them
	allCells    = 4 << 20 // of all of them together
)

// memory keeps answers with the number of the booking up to which each is known to hold.
// An answer is given again only in a snapshot in which none of the rows that it depends on
// was booked since: what lies in days gone by is asked once, while calls of today land.
type memory struct {
	seen    atomic.Int64 // a number of booking that some snapshot had
	retired atomic.Int64 // odd while old lines are removed, which takes answers with them
	recalls atomic.Int64

	mu      sync.Mutex
	asking  map[string]chan struct{} // closed when the first who asks it is done
	cells   int
	answers map[string]*remembered
	order   []string // the oldest first
}

// remembered is an answer. Its rows are never changed.
type remembered struct {
	rows    [][]*string
	cells   int
	booking atomic.Int64 // up to which it holds
	counts  [3]int64     // of outcomes, all or those of its window, or of sightings; of links, and open calls of its window
	retired int64
	rolled  bool // not worth keeping beyond the process
}

// Recalls counts the statements that were answered from memory.
func (l *Lake) Recalls() int64 { return l.memory.recalls.Load() }

// view is one snapshot, with what it needs to know of itself to use the memory.
type view struct {
	memory  *memory
	retired int64
	tx      *sql.Tx
	known   bool
	booking int64 // the last number in it, −1 when it is older than what others have seen
}

// recall answers from memory where that holds in this snapshot, and else remembers.
func (v *view) recall(ctx context.Context, s lake.Statement, row func([]*string) error) error {
	key, err := nameOf(s)
	if err == nil {
		err = v.look(ctx)
	}
	if err != nil || v.booking < 0 || v.retired%2 != 0 {
		return run(ctx, v.tx, s, row)
	}
	counts, err := v.counts(ctx, s.Reads)
	if err != nil {
		return failed("query lake", err)
	}
	held, err := v.holds(ctx, s.Reads, v.memory.get(key), counts)
	if err == nil && held == nil {
		leave, waited := v.memory.enter(ctx, key)
		defer leave()
		if waited {
			held, err = v.holds(ctx, s.Reads, v.memory.get(key), counts)
		}
	}
	if err != nil {
		return failed("query lake", err)
	}
	if held == nil {
		held = &remembered{counts: counts, retired: v.retired, rolled: s.Reads.Rolled}
		held.booking.Store(v.booking)
		return v.remember(ctx, s, key, held, row)
	}
	v.memory.recalls.Add(1)
	for _, cells := range held.rows {
		if err := row(slices.Clone(cells)); err != nil {
			return failed("query lake", err)
		}
	}
	return nil
}

func nameOf(s lake.Statement) (string, error) {
	args, err := json.Marshal(s.Args)
	return spend.Digest("statement", s.Text, string(args)).String(), err
}

// look finds the last booking that the snapshot has.
func (v *view) look(ctx context.Context) error {
	if v.known {
		return nil
	}
	seen := v.memory.seen.Load()
	var last sql.NullInt64
	text := fmt.Sprintf("SELECT max(%[1]s) FROM charges WHERE %[1]s >= %[2]d", lake.BookingColumn, seen)
	if err := v.tx.QueryRowContext(ctx, text).Scan(&last); err != nil {
		return err
	}
	if v.known, v.booking = true, -1; last.Valid {
		v.booking = last.Int64
		for seen < last.Int64 && !v.memory.seen.CompareAndSwap(seen, last.Int64) {
			seen = v.memory.seen.Load()
		}
	}
	return nil
}

// counts tells versions of the tables whose rows have no number of booking apart: rows
// are only ever added to them.
func (v *view) counts(ctx context.Context, r *lake.Reads) (n [3]int64, err error) {
	if r.Outcomes {
		err = v.tx.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM outcomes), (SELECT count(*) FROM outcome_links)").Scan(&n[0], &n[1])
	}
	if r.Results {
		err = v.tx.QueryRowContext(ctx, "SELECT count(*) FROM outcomes WHERE "+within("happened_at", r.Window)).Scan(&n[0])
	}
	if r.Sightings {
		err = v.tx.QueryRowContext(ctx, "SELECT count(*) FROM sightings").Scan(&n[0])
	}
	if err == nil && r.Opens {
		err = v.tx.QueryRowContext(ctx, "SELECT count(*) FROM open_calls WHERE "+used(r.Window)).Scan(&n[2])
	}
	return n, err
}

// holds gives what is remembered when it is the answer of this snapshot too, nil else.
func (v *view) holds(ctx context.Context, r *lake.Reads, held *remembered, counts [3]int64) (*remembered, error) {
	if held == nil || held.counts != counts || held.retired != v.retired || held.booking.Load() > v.booking {
		return nil, nil //nolint:nilnil // nothing that holds is an answer
	}
	through := held.booking.Load()
	if through >= v.booking || r.Results || r.Sightings {
		return held, nil
	}
	since := fmt.Sprintf("%s > %d", lake.BookingColumn, through)
	if err := v.none(ctx, since+" AND ("+used(r.Window)+")", &held); err != nil || held == nil || !r.Outcomes {
		return v.extended(held), err
	}
	// A run that somebody began may bring the runs below it to an outcome, in the window too.
	begun := since + " AND run <> '' AND parent_run <> ''"
	some := held
	if err := v.none(ctx, begun, &some); err != nil || some != nil {
		return v.extended(held), err
	}
	runs := "(SELECT run FROM charges WHERE " + begun + ")"
	for _, below := range []string{"run IN " + runs + " AND (" + used(r.Window) + ")", "parent_run IN " + runs} {
		if err := v.none(ctx, below, &held); err != nil || held == nil {
			return nil, err
		}
	}
	return v.extended(held), nil
}

// none forgets what is held when there is a line of a condition.
func (v *view) none(ctx context.Context, condition string, held **remembered) error {
	n := 0
	text := "SELECT count(*) FROM (SELECT 1 FROM charges WHERE " + condition + " LIMIT 1) AS lines"
	err := v.tx.QueryRowContext(ctx, text).Scan(&n)
	if n != 0 || err != nil {
		*held = nil
	}
	return err
}

// extended notes that what is held does so up to this snapshot.
func (v *view) extended(held *remembered) *remembered {
	if held == nil {
		return nil
	}
	for through := held.booking.Load(); through < v.booking && !held.booking.CompareAndSwap(through, v.booking); {
		through = held.booking.Load()
	}
	return held
}

func used(w lake.Window) string { return within("used_at", w) }

func within(column string, w lake.Window) string {
	text := "true"
	if !w.From.IsZero() {
		text = column + " >= " + literal(w.From.UTC())
	}
	if !w.To.IsZero() {
		text += " AND " + column + " < " + literal(w.To.UTC())
	}
	return text
}

// remember asks the engine and keeps what it answers, unless that is large.
func (v *view) remember(ctx context.Context, s lake.Statement, key string, fresh *remembered, row func([]*string) error) error {
	err := run(ctx, v.tx, s, func(cells []*string) error {
		if fresh.cells += len(cells) + 1; fresh.cells <= mostCells {
			fresh.rows = append(fresh.rows, slices.Clone(cells))
		}
		return row(cells)
	})
	if err == nil && fresh.cells <= mostCells {
		v.memory.put(key, fresh)
	}
	return err
}

// enter lets the first of those who ask the same at once go on. The others wait until it is
// done, as a page's questions do: what it found is remembered then.
func (m *memory) enter(ctx context.Context, key string) (leave func(), waited bool) {
	m.mu.Lock()
	first, done := m.asking[key], make(chan struct{})
	if first == nil {
		if m.asking == nil {
			m.asking = map[string]chan struct{}{}
		}
		m.asking[key] = done
	}
	m.mu.Unlock()
	if first == nil {
		return func() { m.left(key, done) }, false
	}
	select {
	case <-first:
	case <-ctx.Done():
	}
	return func() {}, true
}

func (m *memory) left(key string, done chan struct{}) {
	m.mu.Lock()
	delete(m.asking, key)
	m.mu.Unlock()
	close(done)
}

func (m *memory) get(key string) *remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answers[key]
}

// put keeps an answer in the place of an older one, and drops the oldest of all.
func (m *memory) put(key string, fresh *remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers == nil {
		m.answers = map[string]*remembered{}
	}
	old := m.answers[key]
	if old != nil && old.booking.Load() > fresh.booking.Load() && old.retired == fresh.retired {
		return
	}
	if old != nil {
		m.drop(key)
	}
	m.answers[key], m.order, m.cells = fresh, append(m.order, key), m.cells+fresh.cells
	for len(m.order) > mostAnswers || m.cells > allCells {
		m.drop(m.order[0])
	}
}

func (m *memory) drop(key string) {
	m.cells -= m.answers[key].cells
	delete(m.answers, key)
	m.order = slices.DeleteFunc(m.order, func(k string) bool { return k == key })
}
