package queue_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bursarhq/bursar/queue"
)

// TestNobodyHoldsMoreThanAShare: who has all that one may have waits, and another who
// comes later takes the place that is free at once.
func TestNobodyHoldsMoreThanAShare(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		places := queue.NewPlaces(2, queue.Line{Most: 1, Share: 1})
		greedy, modest := queue.Who{Caller: "greedy"}, queue.Who{Caller: "modest"}
		if !places.Take(greedy) || places.Take(greedy) {
			t.Fatal("the first place is not taken once")
		}
		entered := make(chan error)
		go func() { entered <- places.Enter(t.Context(), greedy, time.Hour) }()
		synctest.Wait()
		if places.Waiting() != 1 || !places.Take(modest) {
			t.Fatalf("%d wait, and another finds no place", places.Waiting())
		}
		if err := places.Enter(t.Context(), greedy, time.Second); !errors.Is(err, queue.ErrFull) {
			t.Errorf("behind a full line: %v", err)
		}
		places.Leave(modest)
		synctest.Wait()
		if places.Taken() != 1 || places.Waiting() != 1 {
			t.Errorf("%d places are taken and %d wait, want 1 of each", places.Taken(), places.Waiting())
		}
		places.Leave(greedy)
		if err := <-entered; err != nil {
			t.Errorf("when the own place is free: %v", err)
		}
		if err := places.Enter(t.Context(), greedy, time.Second); !errors.Is(err, queue.ErrLate) {
			t.Errorf("when no turn comes: %v", err)
		}
	})
}
