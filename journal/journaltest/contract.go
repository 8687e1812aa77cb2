package journaltest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/spend"
)

// several is enough records to fill a few segments.
const several = 200

func want(t *testing.T, j Reader, from journal.Position, numbers []int) {
	t.Helper()
	got, err := replayed(j, from)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(numbers, got); diff != "" {
		t.Fatalf("replayed from %s (-want +got):\n%s", from, diff)
	}
}

func wantKind(t *testing.T, err error, kind spend.Kind) {
	t.Helper()
	if err == nil || spend.KindOf(err) != kind {
		t.Fatalf("got %v, want an error of kind %s", err, kind)
	}
}

func orderIsKept(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	want(t, j, 0, nil)
	for n := 0; n < several; n += 4 {
		if _, err := j.Append(t.Context(), numbered(n), numbered(n+1), numbered(n+2), numbered(n+3)); err != nil {
			t.Fatal(err)
		}
	}
	want(t, j, 0, upTo(0, several))
	closed(t, j)
	j = opened(t, open, dir)
	want(t, j, 0, upTo(0, several))
	filled(t, j, several, several+5)
	want(t, j, 0, upTo(0, several+5))
}

func twiceMeansOnce(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	first := filled(t, j, 0, 3)
	again, err := j.Append(t.Context(), numbered(1))
	if err != nil || again.Position != first[1] || !slices.Equal(again.Duplicates, []int{0}) {
		t.Fatalf("got %+v, %v; want the position of the first, %s", again, err, first[1])
	}
	mixed, err := j.Append(t.Context(), numbered(3), numbered(0), numbered(3))
	if err != nil || !slices.Equal(mixed.Duplicates, []int{1, 2}) || mixed.Conflicts != nil {
		t.Fatalf("got %+v, %v; want duplicates 1 and 2", mixed, err)
	}
	for range 2 { // without a key there is nothing to compare
		if _, err := j.Append(t.Context(), journal.Record{Kind: 9}); err != nil {
			t.Fatal(err)
		}
	}
	keyless := 0
	if err := j.Replay(t.Context(), mixed.Position, func(journal.Position, journal.Record) error { keyless++; return nil }); err != nil || keyless != 2 {
		t.Fatalf("%d records without a key, %v; want 2", keyless, err)
	}
}

func conflictIsTold(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	filled(t, j, 0, 2)
	otherPayload, otherKind := numbered(0), numbered(1)
	otherPayload.Payload = []byte("something else")
	otherKind.Kind++
	r, err := j.Append(t.Context(), otherPayload, numbered(2), otherKind)
	if err != nil || !slices.Equal(r.Conflicts, []int{0, 2}) || r.Duplicates != nil {
		t.Fatalf("got %+v, %v; want conflicts 0 and 2", r, err)
	}
	want(t, j, 0, upTo(0, 3))
}

func keysOutliveRestart(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	before := filled(t, j, 0, several)
	closed(t, j)
	j = opened(t, open, dir)
	for n, p := range before {
		r, err := j.Append(t.Context(), numbered(n))
		if err != nil || r.Position != p || len(r.Duplicates) != 1 {
			t.Fatalf("record %d: got %+v, %v; want its first position, %s", n, r, err, p)
		}
	}
	want(t, j, 0, upTo(0, several))
}

func appendersAtOnce(t *testing.T, open Open) {
	const appenders, each = 64, 20
	dir := t.TempDir()
	j := opened(t, open, dir)
	var all sync.WaitGroup
	for a := range appenders {
		all.Go(func() { appendEach(t, j, a*each, (a+1)*each) })
	}
	all.Wait()
	for range 2 { // before and after a restart
		got, err := replayed(j, 0)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if diff := cmp.Diff(upTo(0, appenders*each), got); diff != "" {
			t.Fatal(diff)
		}
		closed(t, j)
		j = opened(t, open, dir)
	}
}

// appendEach is filled for goroutines, which must not end the test.
func appendEach(t *testing.T, j Writer, first, last int) {
	for n := first; n < last; n++ {
		if _, err := j.Append(t.Context(), numbered(n)); err != nil {
			t.Errorf("append %d: %v", n, err)
			return
		}
	}
}

func replayFromEverywhere(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	positions := filled(t, j, 0, several)
	for n, p := range positions {
		want(t, j, p, upTo(n+1, several))
	}
	last := positions[len(positions)-1]
	wantKind(t, j.Replay(t.Context(), last+1, nil), spend.KindConflict)
	if err := j.Replay(t.Context(), positions[3]+1, func(journal.Position, journal.Record) error { return nil }); err == nil {
		t.Fatal("a position inside a record was accepted")
	}
	stop := errors.New("enough")
	if err := j.Replay(t.Context(), 0, func(journal.Position, journal.Record) error { return stop }); !errors.Is(err, stop) {
		t.Fatalf("got %v, want the error of the callback", err)
	}
}

func onlySyncedIsReplayed(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	for n := range several {
		r, err := j.AppendWritten(numbered(n))
		if err != nil {
			t.Fatal(err)
		}
		got, err := replayed(j, 0)
		if err != nil || len(got) > n+1 || !slices.Equal(got, upTo(0, len(got))) {
			t.Fatalf("after %d records: got %v, %v", n+1, got, err)
		}
		if n%10 != 0 {
			continue
		}
		if err := j.Synced(t.Context(), r.Position); err != nil {
			t.Fatal(err)
		}
		want(t, j, 0, upTo(0, n+1))
	}
	r, err := j.AppendWritten(numbered(several))
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, j.Synced(t.Context(), r.Position+1), spend.KindInvalid)
}

func waitFollows(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	ended := make(chan error, 1)
	var got []int
	go func() { ended <- follow(t.Context(), j, &got) }()
	filled(t, j, 0, several)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(upTo(0, several), got); diff != "" {
		t.Fatal(diff)
	}
	end := journal.Position(0)
	if err := j.Replay(t.Context(), 0, func(p journal.Position, _ journal.Record) error { end = p; return nil }); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- j.Wait(ctx, end) }()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's error", err)
	}
}

// follow reads what writers write until it has seen several.
func follow(ctx context.Context, j Reader, got *[]int) error {
	for from := journal.Position(0); len(*got) < several; {
		if err := j.Wait(ctx, from); err != nil {
			return err
		}
		err := j.Replay(ctx, from, func(p journal.Position, r journal.Record) error {
			n, err := numberOf(r)
			from, *got = p, append(*got, n)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func readersWhileWriting(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() { readUntil(t, j, done) })
	}
	filled(t, j, 0, several)
	close(done)
	readers.Wait()
}

// readUntil replays everything again and again: what was there stays, and more
// comes behind it.
func readUntil(t *testing.T, j Reader, done <-chan struct{}) {
	for seen := 0; ; {
		got, err := replayed(j, 0)
		if err != nil || len(got) < seen || !slices.Equal(got, upTo(0, len(got))) {
			t.Errorf("got %d records after %d, %v", len(got), seen, err)
			return
		}
		seen = len(got)
		select {
		case <-done:
			return
		default:
		}
	}
}

func truncateIsHonest(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	positions := filled(t, j, 0, several)
	middle := positions[several/2]
	for range 2 { // the second time there is nothing left to remove
		if err := j.Truncate(middle); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // before and after a restart
		want(t, j, middle, upTo(several/2+1, several))
		_, err := replayed(j, 0)
		wantKind(t, err, spend.KindNotFound)
		closed(t, j)
		j = opened(t, open, dir)
	}
	wantKind(t, j.Truncate(positions[several-1]+1), spend.KindInvalid)
	filled(t, j, several, 3*several)
	want(t, j, middle, upTo(several/2+1, 3*several))
}

func tooMuchIsRefused(t *testing.T, open Open) {
	j := opened(t, open, t.TempDir())
	largest := journal.Record{Kind: 1, Payload: make([]byte, journal.MaxPayload)}
	tooLarge := journal.Record{Payload: make([]byte, journal.MaxPayload+1)}
	for _, records := range [][]journal.Record{
		nil, {tooLarge}, {numbered(0), tooLarge}, {largest, largest, numbered(0)}, make([]journal.Record, journal.MaxGroup+1),
	} {
		_, err := j.Append(t.Context(), records...)
		wantKind(t, err, spend.KindInvalid)
	}
	want(t, j, 0, nil)
	if _, err := j.Append(t.Context(), largest); err != nil {
		t.Fatal(err)
	}
	err := j.Replay(t.Context(), 0, func(_ journal.Position, r journal.Record) error {
		if len(r.Payload) != journal.MaxPayload {
			t.Errorf("the largest record came back with %d bytes", len(r.Payload))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func closedSaysSo(t *testing.T, open Open) {
	dir := t.TempDir()
	j := opened(t, open, dir)
	if err := j.Ready(); err != nil {
		t.Fatal(err)
	}
	if _, err := j.AppendWritten(numbered(0)); err != nil {
		t.Fatal(err)
	}
	_, err := open(dir, nil)
	wantKind(t, err, spend.KindConflict)
	closed(t, j)
	_, err = j.Append(t.Context(), numbered(1))
	wantKind(t, err, spend.KindUnavailable)
	wantKind(t, j.Ready(), spend.KindUnavailable)
	closed(t, j)
	want(t, opened(t, open, dir), 0, upTo(0, 1))
}
