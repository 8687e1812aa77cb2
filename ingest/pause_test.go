package ingest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/ingest/ingesttest"
)

// TestPauseStopsBookingAndNotAccepting accepts while nothing is booked.
func TestPauseStopsBookingAndNotAccepting(t *testing.T) {
	t.Parallel()
	ledger, log := ingesttest.NewMemory(), newLog()
	s := &ingest.Service{Log: log, Pipeline: ingesttest.Pipeline(t, ledger), Batch: 1}
	booked := make(chan ingest.Result, 8)
	s.Booked = func(so ingest.Result) { booked <- so }
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	lines := func() int {
		all, err := ledger.Charges(t.Context())
		if err != nil {
			t.Error(err)
		}
		return len(all)
	}
	if err := s.Accept(t.Context(), []ingest.Record{record("1")}); err != nil {
		t.Fatal(err)
	}
	<-booked
	err := s.Pipeline.Pause(t.Context(), func() error {
		before := lines()
		if err := s.Accept(t.Context(), []ingest.Record{record("2"), record("3")}); err != nil {
			return err
		}
		if after := lines(); before != 1 || after != 1 {
			t.Errorf("%d lines at the start of a pause and %d at its end, want 1", before, after)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for read := int64(0); read < 2; {
		read += (<-booked).Read
	}
	if n := lines(); n != 3 {
		t.Errorf("%d lines after the pause, want 3", n)
	}
	no := errors.New("no")
	if err := s.Pipeline.Pause(t.Context(), func() error { return no }); !errors.Is(err, no) {
		t.Errorf("the pause gave %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
