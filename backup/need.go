package backup

import "context"

// Ledger is what a backup is made of.
type Ledger interface {
	// Pause runs f between two batches: nothing is booked until it returns.
	Pause(ctx context.Context, f func() error) error
	// CopyLake writes the lake to a new file and tells what it holds.
	CopyLake(ctx context.Context, path string) (LakeCopy, error)
	// CopyState writes the state to a new file.
	CopyState(ctx context.Context, path string) error
	// CopyJournal writes what the journal holds behind a position into a data folder
	// and gives the position at which it ends: everything acknowledged before the
	// call is in it, and so is what else was acknowledged and is not booked.
	CopyJournal(ctx context.Context, from uint64, data string) (uint64, error)
}

// LakeCopy is what a copy of the lake holds.
type LakeCopy struct {
	Figures Figures
	Booked  uint64 // position of the journal
}

// Reader opens the parts of a backup without changing anything in its folder.
type Reader interface {
	// Lake tells what a copy of the lake holds.
	Lake(ctx context.Context, path string) (LakeCopy, error)
	// State checks a copy of the state and tells what it holds.
	State(ctx context.Context, path string) (Figures, error)
	// Tail reads all that the journal of a data folder holds behind a position, up to
	// another one.
	Tail(ctx context.Context, data string, from, to uint64) (Tail, error)
}
