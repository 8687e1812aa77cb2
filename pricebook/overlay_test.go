package pricebook_test

import (
	"testing"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
)

// TestAnOverlayEndsWhereAnotherOfItsIDBegins: 0.88 of the second quarter, by what is said
// later.
func TestAnOverlayEndsWhereAnotherOfItsIDBegins(t *testing.T) {
	t.Parallel()
	day := func(month time.Month) time.Time { return time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC) }
	agreed := pricebook.Overlay{ID: "ent", Seller: "openai", SKUGlob: "gpt-5*", Op: pricebook.Multiply, Value: money.Must("0.88"), Valid: pricebook.Span{From: day(4), To: day(7)}}
	for name, c := range map[string]struct {
		id   string
		from time.Time
		want string
	}{
		"another id":  {"new", day(5), "openai gpt-5* multiply 0.88 from 2026-04-01 until 2026-07-01"},
		"within":      {"ent", day(5), "openai gpt-5* multiply 0.88 from 2026-04-01 until 2026-05-01"},
		"later":       {"ent", day(9), "openai gpt-5* multiply 0.88 from 2026-04-01 until 2026-07-01"},
		"of its day":  {"ent", day(4), ""},
		"of all time": {"ent", time.Time{}, ""},
	} {
		held, got := agreed, ""
		if held.EndedBy(&pricebook.Overlay{ID: c.id, Valid: pricebook.Span{From: c.from}}) {
			got = held.String()
		}
		if got != c.want {
			t.Errorf("%s: it is %q, want %q", name, got, c.want)
		}
	}
}
