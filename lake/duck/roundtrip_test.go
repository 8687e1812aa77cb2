package duck_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
	"github.com/bursarhq/bursar/spend"
)

func open(t testing.TB) *duck.Lake {
	t.Helper()
	return openAt(t, t.TempDir())
}

func openAt(t testing.TB, dir string) *duck.Lake {
	t.Helper()
	l, err := duck.Open(dir, duck.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestLinesGivesBackWhatWasAppended(t *testing.T) {
	t.Parallel()
	l := open(t)
	want := laketest.NewGenerator(1).Charges(5000)
	if err := l.Append(t.Context(), lake.Batch{Charges: want}); err != nil {
		t.Fatal(err)
	}
	ids := make([]spend.ID, len(want))
	for i, c := range want {
		ids[i] = c.AttemptID
	}
	got, err := l.Lines(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want, func(a, b spend.Charge) int { return bytes.Compare(a.AttemptID[:], b.AttemptID[:]) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines differ (-appended +read):\n%.4000s", diff)
	}
}
