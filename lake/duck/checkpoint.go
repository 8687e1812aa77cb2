package duck

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Checkpoint folds the write-ahead log into the file. It waits for the append
// in flight and holds the next one up, some seconds after millions of lines.
func (l *Lake) Checkpoint(context.Context) error {
	l.writer.mu.Lock()
	defer l.writer.mu.Unlock()
	return l.checkpoint()
}

// checkpoint is Checkpoint for whoever holds the lock.
func (l *Lake) checkpoint() error {
	if l.writer.closed {
		return errClosed()
	}
	if l.writer.open {
		return spend.Errorf(spend.KindConflict, "checkpoint", "a transaction waits for the batches that were announced").
			WithHint("append the last of them first")
	}
	var err error
	began := time.Now()
	l.humble.do(func() {
		if err = l.writer.exec("CHECKPOINT"); err == nil {
			err = l.shed()
		}
	})
	if err != nil {
		return failed("checkpoint", err)
	}
	ended := time.Now()
	l.writer.rows, l.writer.rested = 0, ended.Add(rests*ended.Sub(began))
	return nil
}

// shed gives up the blocks of the file that are in memory and not in use. A checkpoint leaves
// there what it has written, up to the whole of the limit, for questions that may never come;
// those that do read it again from the system's cache. The engine refuses a limit below what
// is in use, but it makes all the room it can before it does, so that none is ever short.
func (l *Lake) shed() error {
	_ = l.writer.exec("SET GLOBAL memory_limit = '1KB'") // refused, as it must be
	return l.writer.exec(l.opts.limit())
}

// rests is how many times as long as a checkpoint took the next one stays away, however
// many lines come: what it costs beside those lines, the last row group once more, is then
// a twentieth of the time at most.
const rests = 20

// MaybeCheckpoint checkpoints when the policy in the options says so: after
// many appended lines, unless the last one was just now, or when nothing was appended
// for a while. It says whether it did.
func (l *Lake) MaybeCheckpoint(_ context.Context, now time.Time) (bool, error) {
	l.writer.mu.Lock()
	defer l.writer.mu.Unlock()
	if !l.due(now) {
		return false, nil
	}
	return true, l.checkpoint()
}

// due says whether the policy wants a checkpoint now, for whoever holds the lock.
func (l *Lake) due(now time.Time) bool {
	if l.writer.open {
		return false // the batches that were announced come first
	}
	policy := l.opts.Checkpoint
	return l.writer.rows >= policy.rows() && !now.Before(l.writer.rested) || l.writer.rows > 0 && now.Sub(l.writer.last) >= policy.idle()
}
