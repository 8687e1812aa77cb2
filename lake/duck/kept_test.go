package duck_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
)

// TestAnswersOutliveTheProcess opens a lake again and again: what was remembered before is
// given at once, and is what the engine says when it remembers nothing, also when late lines
// land, when old ones are retired, and when somebody has taken lines from the file.
func TestAnswersOutliveTheProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	g := laketest.NewGenerator(78)
	ledger, events := treed(g.Ledger(900)), g.Events(30)
	for n, kept := range []bool{false, true, true, true, false, false} {
		l, err := duck.Open(dir, duck.Options{Threads: 1, Rolled: 1})
		if err != nil {
			t.Fatal(err)
		}
		switch n {
		case 0:
			err = l.Append(t.Context(), lake.Batch{Charges: ledger[:600], Opens: opened(ledger[:600])})
			if _, errBook := laketest.BookOutcomes(t.Context(), l, laketest.OutcomeDelivery{Events: events, At: laketest.Start()}); err == nil {
				err = errBook
			}
		case 3:
			sameAsForgetful(t, l) // of what is kept, before more lands
			err = l.Append(t.Context(), lake.Batch{Charges: ledger[600:]})
		case 4:
			_, err = l.Retire(t.Context(), "2026-10")
		}
		if err != nil {
			t.Fatal(err)
		}
		if sameAsForgetful(t, l); (l.Recalls() > int64(len(repeated()))) != kept {
			t.Errorf("the lake that was opened as number %d gave %d remembered answers", n, l.Recalls())
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if n == 4 {
			db, err := sql.Open("duckdb", filepath.Join(dir, "lake.duckdb"))
			if err == nil {
				_, err = db.ExecContext(t.Context(), "DELETE FROM charges WHERE rowid % 3 = 0")
			}
			if err != nil || db.Close() != nil {
				t.Fatal(err)
			}
		}
	}
}

func sameAsForgetful(t *testing.T, l *duck.Lake) {
	t.Helper()
	for name, ask := range repeated() {
		answer, err := ask(t.Context(), l)
		anew, errWant := ask(t.Context(), forgetful{l})
		if diff := cmp.Diff(asJSON(t, anew), asJSON(t, answer)); diff != "" || err != nil || errWant != nil {
			t.Errorf("%s (%v, %v) differs (-asked anew +remembered):\n%.2000s", name, err, errWant, diff)
		}
	}
}
