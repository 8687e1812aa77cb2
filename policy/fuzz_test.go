package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

// FuzzRead reads any text as a document: it is refused with a reason, or says the same
// whenever it is read, in its limits too.
func FuzzRead(f *testing.F) {
	for _, text := range []string{house, desk, rules, limits, "kind: register\n", days, planned} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := policy.Read(text)
		if err != nil {
			if spend.KindOf(err) != spend.KindInvalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		s, err := policy.Compile([]policy.Document{d})
		if err != nil {
			return // right by itself, and contradicts itself
		}
		if changes := policy.Diff(s, s, policy.Ledger{}); len(changes) > 0 {
			t.Errorf("%q differs from itself: %+v", text, changes)
		}
		l, err := s.Limits(calendar.Calendar{})
		again, errAgain := s.Limits(calendar.Calendar{})
		if (err == nil) != (errAgain == nil) {
			t.Fatalf("%q: %v, %v", text, err, errAgain)
		}
		for i := range l.Budgets {
			if diff := cmp.Diff(l.Budgets[i].String(), again.Budgets[i].String()); diff != "" {
				t.Errorf("%q: %s", text, diff)
			}
		}
	})
}
