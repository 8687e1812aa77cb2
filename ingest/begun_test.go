package ingest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// opening is a ledger that counts the lines of open calls.
type opening struct {
	*ingesttest.Memory
	lines int
}

func (l *opening) Append(ctx context.Context, b lake.Batch) error {
	l.lines += len(b.Opens)
	return l.Memory.Append(ctx, b)
}

// attempt is a call by its name, or its beginning.
func attempt(name string, begins bool) ingest.Record {
	r := record(name)
	r.Event.Attempt = name
	if begins {
		r.Open, r.Event.SourceKey = true, name+"/begins"
		r.Event.Status, r.Event.UsageSource = spend.StatusInterrupted, spend.UsageUnobserved
	}
	return r
}

func taken(t *testing.T, s *ingest.Service, records ...ingest.Record) {
	t.Helper()
	if err := s.Accept(t.Context(), records); err != nil {
		t.Error(err)
	}
}

func standing(t *testing.T, l *ingesttest.Memory, name string) int {
	t.Helper()
	lines, err := l.Opened(t.Context(), []spend.ID{spend.Digest("attempt", name)})
	if err != nil {
		t.Error(err)
	}
	return len(lines)
}

// TestACallThatEndsSoonIsNeverBookedAsOpen goes by a clock of its own; a batch is booked
// 100 ms after something came.
func TestACallThatEndsSoonIsNeverBookedAsOpen(t *testing.T) {
	t.Parallel()
	for takes, want := range map[time.Duration]int{50 * time.Millisecond: 0, 150 * time.Millisecond: 0, 2 * time.Second: 2} {
		synctest.Test(t, func(t *testing.T) {
			ledger := &opening{Memory: ingesttest.NewMemory()}
			p := ingesttest.Pipeline(t, ledger.Memory)
			p.Ledger = ledger
			s := &ingest.Service{Log: newLog(), Pipeline: p}
			stop := running(t, s)
			taken(t, s, attempt("1", true))
			<-time.After(takes)
			if n := standing(t, ledger.Memory, "1"); n != want/2 || s.Waiting() != int64(1-want/2) {
				t.Errorf("after %v %d calls are open and %d records wait", takes, n, s.Waiting())
			}
			taken(t, s, attempt("1", false))
			<-time.After(2 * time.Second)
			stop()
			lines, _ := ledger.Charges(t.Context())
			if ledger.lines != want || len(lines) != 1 || s.Waiting() != 0 || ledger.Offset().Bytes != 2 {
				t.Errorf("a call of %v: %d lines of an open call, want %d; %d of calls, %d records wait, booked up to %d",
					takes, ledger.lines, want, len(lines), s.Waiting(), ledger.Offset().Bytes)
			}
		})
	}
}

// TestACallWaitsForItsEndBehindTheOffset kills a service, by leaving it, while a call waits
// between two that are booked.
func TestACallWaitsForItsEndBehindTheOffset(t *testing.T) {
	t.Parallel()
	for stopped, wantOffset := range map[bool]int64{false: 1, true: 3} {
		synctest.Test(t, func(t *testing.T) {
			ledger, log := ingesttest.NewMemory(), newLog()
			s := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger)}
			taken(t, s, attempt("1", false), attempt("2", true), attempt("3", false))
			stop := running(t, s)
			<-time.After(150 * time.Millisecond)
			if stopped {
				stop()
			}
			if got := ledger.Offset().Bytes; got != wantOffset || standing(t, ledger, "2") != int(wantOffset)/3 {
				t.Errorf("stopped %v: booked up to %d, want %d; %d calls open", stopped, got, wantOffset, standing(t, ledger, "2"))
			}
			next := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger), From: uint64(ledger.Offset().Bytes)}
			if err := next.CatchUp(t.Context()); err != nil {
				t.Error(err)
			}
			lines, _ := ledger.Charges(t.Context())
			if len(lines) != 2 || standing(t, ledger, "2") != 1 || ledger.Offset().Bytes != 3 {
				t.Errorf("stopped %v: the next one has %d lines, want 2, and %d calls open, want 1", stopped, len(lines), standing(t, ledger, "2"))
			}
			stop()
		})
	}
}
