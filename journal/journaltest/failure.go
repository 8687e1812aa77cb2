package journaltest

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bursarhq/bursar/spend"
)

func onDisk(t *testing.T, open Open, dir string, disk *Disk) Journal {
	t.Helper()
	j, err := open(dir, disk.OpenFile)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// until appends synced records until one fails, and gives its number and error.
func until(t *testing.T, j Journal, first int) (int, error) {
	t.Helper()
	for n := first; n < first+100*several; n++ {
		if _, err := j.Append(t.Context(), numbered(n)); err != nil {
			return n, err
		}
	}
	t.Fatal("the disk never failed")
	return 0, nil
}

// goesOn checks that admission is stopped, that reading is not, and that
// a journal which is opened again has all that was acknowledged and goes on.
func goesOn(t *testing.T, j Journal, failed int, reopen func() Journal) {
	t.Helper()
	if j.Ready() == nil {
		t.Fatal("ready after a failure")
	}
	if _, err := j.AppendWritten(numbered(failed + 1)); err == nil {
		t.Fatal("admission goes on after a failure")
	}
	want(t, j, 0, upTo(0, failed))
	j.Close() //nolint:errcheck // says once more that the disk failed
	again := reopen()
	got, err := replayed(again, 0)
	if err != nil || len(got) < failed || !slices.Equal(got, upTo(0, len(got))) {
		t.Fatalf("%d records were acknowledged; opened again there are %v, %v", failed, got, err)
	}
	filled(t, again, failed, failed+several) // the one that failed is appended again and is there once
	want(t, again, 0, upTo(0, failed+several))
	closed(t, again)
}

func fullDisk(t *testing.T, open Open) {
	for _, room := range []int{0, 1, 39, 41, 100, 4000, 4200, 9000} {
		dir, disk := t.TempDir(), NewDisk()
		j := onDisk(t, open, dir, disk)
		filled(t, j, 0, 3)
		disk.Fill(room)
		failed, err := until(t, j, 3)
		wantKind(t, err, spend.KindExhausted)
		if spend.HintOf(err) == "" {
			t.Error("the error does not say what to do")
		}
		goesOn(t, j, failed, func() Journal { return opened(t, open, dir) })
	}
}

func failedSync(t *testing.T, open Open) {
	dir, disk := t.TempDir(), NewDisk()
	j := onDisk(t, open, dir, disk)
	filled(t, j, 0, 3)
	disk.FailSync(0)
	r, err := j.AppendWritten(numbered(3))
	if err != nil {
		t.Fatal(err)
	}
	wantKind(t, j.Synced(t.Context(), r.Position), spend.KindUnavailable)
	// A later sync would succeed; it must not pass for this one.
	wantKind(t, j.Synced(t.Context(), r.Position), spend.KindUnavailable)
	goesOn(t, j, 3, func() Journal { return opened(t, open, dir) })
}

// failedSyncAnywhere fails one sync after another, those at the end and at the
// beginning of a segment among them.
func failedSyncAnywhere(t *testing.T, open Open) {
	for after := 40; after < 60; after++ {
		dir, disk := t.TempDir(), NewDisk()
		j := onDisk(t, open, dir, disk)
		disk.FailSync(after)
		failed, err := until(t, j, 0)
		wantKind(t, err, spend.KindUnavailable)
		goesOn(t, j, failed, func() Journal { return opened(t, open, dir) })
	}
}

// lostSyncIsMended opens the journal again after a failed sync, acknowledges
// what was read there, and takes the power away: it must have been written anew.
func lostSyncIsMended(t *testing.T, open Open) {
	for after := 3; after < 12; after++ {
		dir, disk := t.TempDir(), NewDisk()
		j := onDisk(t, open, dir, disk)
		disk.FailSync(after)
		failed, err := until(t, j, 0)
		wantKind(t, err, spend.KindUnavailable)
		j.Close() //nolint:errcheck // says once more that the disk failed
		j = onDisk(t, open, dir, disk)
		filled(t, j, failed, failed+1)
		if err := disk.Cut(rand.New(rand.NewPCG(uint64(after), 2))); err != nil {
			t.Fatal(err)
		}
		j.Close() //nolint:errcheck // the disk is dead
		want(t, opened(t, open, dir), 0, upTo(0, failed+1))
	}
}

// powerLoss writes at random, takes the power away and looks at what is left: a
// beginning of what was written, with everything that was acknowledged.
func powerLoss(t *testing.T, open Open) {
	for seed := range uint64(60) {
		random := rand.New(rand.NewPCG(seed, 1))
		dir, disk := t.TempDir(), NewDisk()
		j := onDisk(t, open, dir, disk)
		acknowledged, total := 0, 20+random.IntN(150)
		for n := range total {
			r, err := j.AppendWritten(numbered(n))
			if err != nil {
				t.Fatal(err)
			}
			if random.IntN(12) > 0 {
				continue
			}
			if err := j.Synced(t.Context(), r.Position); err != nil {
				t.Fatal(err)
			}
			acknowledged = n + 1
		}
		if err := disk.Cut(random); err != nil {
			t.Fatal(err)
		}
		j.Close() //nolint:errcheck // the disk is dead
		again := opened(t, open, dir)
		got, err := replayed(again, 0)
		if err != nil || len(got) < acknowledged || !slices.Equal(got, upTo(0, len(got))) {
			t.Fatalf("seed %d: %d of %d records were acknowledged; afterwards there are %v, %v", seed, acknowledged, total, got, err)
		}
		filled(t, again, len(got), len(got)+5)
		want(t, again, 0, upTo(0, len(got)+5))
		closed(t, again)
	}
}
