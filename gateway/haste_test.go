package gateway_test

import (
	"math"
	"testing"
)

// TestHasteIsForFastUpstreams begins syncs with attempts once an answer has waited for one,
// until nobody waits any more.
func TestHasteIsForFastUpstreams(t *testing.T) {
	t.Parallel()
	r := enter(t, say(200, "application/json", whole), nil)
	call := func() (hastened int) {
		r.ask("/openai/v1/chat/completions", `{"model":"gpt-5","messages":[]}`)
		r.ledger.mu.Lock()
		defer r.ledger.mu.Unlock()
		return len(r.ledger.hastened)
	}
	if first, second := call(), call(); first != 0 || second != 1 {
		t.Fatalf("%d syncs began early with the first call and %d with the second; the first waited", first, second)
	}
	r.ledger.kept = math.MaxUint64 // from now on the disk is faster
	most := call()
	for range 100 {
		most = call()
	}
	if most < 2 || most > 50 {
		t.Errorf("%d syncs began early, of a hundred calls that would not have waited", most)
	}
}
