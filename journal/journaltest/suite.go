package journaltest

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/bursarhq/bursar/journal"
)

// Writer is how records get in.
type Writer interface {
	Append(ctx context.Context, records ...journal.Record) (journal.Receipt, error)
	AppendWritten(records ...journal.Record) (journal.Receipt, error)
	Synced(ctx context.Context, p journal.Position) error
}

// Reader is how records come out.
type Reader interface {
	Replay(ctx context.Context, from journal.Position, f func(journal.Position, journal.Record) error) error
	Wait(ctx context.Context, after journal.Position) error
}

// Journal is what the laws are checked on.
type Journal interface {
	Writer
	Reader
	Truncate(before journal.Position) error
	Ready() error
	Close() error
}

// Files opens or creates a file; nil is the real disk.
type Files func(path string) (journal.File, error)

// Open opens the journal in a folder, with segments of a few kilobytes so that
// the laws cross several. A journal that is not kept in files ignores the last
// argument.
type Open func(dir string, files Files) (Journal, error)

// Run checks the laws that hold for every journal.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, law := range []struct {
		name  string
		check func(t *testing.T, open Open)
	}{
		{"records come back in order", orderIsKept},
		{"twice means once", twiceMeansOnce},
		{"another payload under a key is a conflict", conflictIsTold},
		{"keys outlive a restart", keysOutliveRestart},
		{"64 appenders at once lose nothing", appendersAtOnce},
		{"replay goes on from every position", replayFromEverywhere},
		{"only what is synced is replayed", onlySyncedIsReplayed},
		{"who waits for more follows writers", waitFollows},
		{"readers and writers do not disturb each other", readersWhileWriting},
		{"what was removed is not passed over", truncateIsHonest},
		{"too much is refused", tooMuchIsRefused},
		{"a closed journal says so", closedSaysSo},
	} {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			law.check(t, open)
		})
	}
}

// RunDisk checks the laws about disks: torn and damaged files, full disks,
// failed syncs and loss of power. The newest file named *.seg under the folder
// is the one that is written.
func RunDisk(t *testing.T, open Open) {
	t.Helper()
	for _, law := range []struct {
		name  string
		check func(t *testing.T, open Open)
	}{
		{"a tail torn at any byte is cut off", tornTailIsCut},
		{"what was cut off never comes back", cutOffStaysAway},
		{"damage in the middle is never skipped", damageIsTold},
		{"damage in an old segment is never skipped", oldDamageIsTold},
		{"a full disk stops admission and nothing else", fullDisk},
		{"a failed sync acknowledges nothing", failedSync},
		{"a failed sync at a change of segment acknowledges nothing", failedSyncAnywhere},
		{"what a failed sync lost is written anew", lostSyncIsMended},
		{"loss of power keeps what was synced", powerLoss},
	} {
		t.Run(law.name, func(t *testing.T) {
			t.Parallel()
			law.check(t, open)
		})
	}
}

// numbered makes the record of a number: its own key, and a payload whose
// length varies and which says the number.
func numbered(n int) journal.Record {
	r := journal.Record{Kind: uint8(n%5 + 1), Payload: fmt.Appendf(nil, "record %0*d", 1+n*7%60, n)}
	binary.BigEndian.PutUint64(r.Key[:], uint64(n)+1)
	return r
}

// numberOf reads a record's number and checks that nothing else is in it.
func numberOf(r journal.Record) (int, error) {
	n := int(binary.BigEndian.Uint64(r.Key[:])) - 1
	want := numbered(n)
	if r.Kind != want.Kind || r.Key != want.Key || string(r.Payload) != string(want.Payload) {
		return 0, fmt.Errorf("record %d came back as kind %d, %q", n, r.Kind, r.Payload)
	}
	return n, nil
}

func opened(t *testing.T, open Open, dir string) Journal {
	t.Helper()
	j, err := open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() }) //nolint:errcheck // most laws have closed it and looked
	return j
}

func closed(t *testing.T, j Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// filled appends the records first to last−1, each synced, and gives their
// positions.
func filled(t *testing.T, j Writer, first, last int) []journal.Position {
	t.Helper()
	var positions []journal.Position
	for n := first; n < last; n++ {
		r, err := j.Append(t.Context(), numbered(n))
		if err != nil {
			t.Fatalf("append %d: %v", n, err)
		}
		positions = append(positions, r.Position)
	}
	return positions
}

// replayed gives the numbers of all records after a position, and the first
// error.
func replayed(j Reader, from journal.Position) ([]int, error) {
	var numbers []int
	last := from
	err := j.Replay(context.Background(), from, func(p journal.Position, r journal.Record) error {
		n, err := numberOf(r)
		if err == nil && p <= last {
			err = fmt.Errorf("record %d at %s comes after %s", n, p, last)
		}
		numbers, last = append(numbers, n), p
		return err
	})
	return numbers, err
}

// upTo is the numbers from first to last−1.
func upTo(first, last int) []int {
	var all []int
	for n := first; n < last; n++ {
		all = append(all, n)
	}
	return all
}
