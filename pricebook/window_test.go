package pricebook_test

import (
	"testing"

	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func window(t testing.TB, s string) pricebook.Window {
	t.Helper()
	w, err := pricebook.ParseWindow(s)
	if err != nil {
		t.Fatal(err)
	}
	if s != w.String() {
		t.Errorf("%q is written back as %q", s, w)
	}
	return w
}

// Peak hours on weekdays cost twice: DeepSeek since 2026-08-16, and a made-up
// seller whose nights begin on the local clock of New York.
func TestTimeOfDay(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		deepseek v4    in_text 1.32 - - - 2026-08-16T16:00:00Z
		deepseek v4    in_text 0.66 - - - 2026-08-16T16:00:00Z
		acme     night in_text 2    - - - 2025-01-01
		acme     night in_text 1    - - - 2025-01-01
		acme     wrap  in_text 2    - - - 2025-01-01
		acme     wrap  in_text 1    - - - 2025-01-01`)
	peak := "UTC mon-fri 01:00-04:00+06:00-10:00"
	all[0].When.Window = window(t, peak)
	all[1].When.Window = window(t, "not "+peak)
	all[3].When.Window = window(t, "America/New_York 00:00-06:00")
	all[5].When.Window = window(t, "UTC fri 16:30-00:30")
	book := compile(t, all)
	for _, c := range []struct{ seller, model, at, usd string }{
		{"deepseek", "v4", "2026-08-16T15:59:59Z", "unpriced"},
		{"deepseek", "v4", "2026-08-16T16:00:00Z", "0.66"}, // a Sunday
		{"deepseek", "v4", "2026-08-17T00:59:59Z", "0.66"},
		{"deepseek", "v4", "2026-08-17T01:00:00Z", "1.32"},
		{"deepseek", "v4", "2026-08-17T03:59:59Z", "1.32"},
		{"deepseek", "v4", "2026-08-17T04:00:00Z", "0.66"},
		{"deepseek", "v4", "2026-08-17T06:00:00Z", "1.32"},
		{"deepseek", "v4", "2026-08-17T10:00:00Z", "0.66"},
		{"deepseek", "v4", "2026-08-22T02:00:00Z", "0.66"},      // a Saturday
		{"deepseek", "v4", "2026-08-17T05:00:00+02:00", "1.32"}, // the seller's clock counts
		{"acme", "night", "2026-03-07T10:59:59Z", "1"},          // winter: 05:59 in New York
		{"acme", "night", "2026-03-07T11:00:00Z", "2"},
		{"acme", "night", "2026-03-08T09:59:59Z", "1"}, // clocks went forward: 05:59
		{"acme", "night", "2026-03-08T10:00:00Z", "2"},
		{"acme", "night", "2026-11-01T10:59:59Z", "1"}, // and back, a night of seven hours
		{"acme", "night", "2026-11-01T11:00:00Z", "2"},
		{"acme", "wrap", "2026-08-21T16:30:00Z", "1"}, // Friday
		{"acme", "wrap", "2026-08-22T00:29:59Z", "1"}, // still Friday's
		{"acme", "wrap", "2026-08-22T00:30:00Z", "2"},
		{"acme", "wrap", "2026-08-21T00:15:00Z", "2"}, // Thursday's night has none
	} {
		r := rated(book, pricebook.Call{Seller: c.seller, Model: c.model, At: at(c.at), Usage: usage(1_000_000, 0, 0)})
		want(t, r, c.usd, "")
	}
}

func TestWindowText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"UTC 16:30-00:30", "UTC mon-fri 01:00-04:00+06:00-10:00", "not Asia/Shanghai sat-sun 00:00-24:00", "UTC mon+wed+fri-sat 09:00-10:00"} {
		window(t, s)
	}
	for _, s := range []string{"", "UTC", "not UTC", "Nowhere/City 01:00-02:00", "UTC mon-xyz 01:00-02:00", "UTC 1:00-2:00", "UTC 25:00-26:00", "UTC 01:60-02:00", "UTC mon 01:00-02:00 x", "Local 01:00-02:00", "UTC 24:00-01:00"} {
		if w, err := pricebook.ParseWindow(s); err == nil {
			t.Errorf("%q is read as %q", s, w)
		}
	}
}

func TestCeilingAndHold(t *testing.T) {
	t.Parallel()
	all := facts(t, `
		openai a in_text  1  -     - - 2025-01-01 2026-01-01
		openai a in_text  9  batch - - 2026-01-01
		openai b in_text  5  -     - - 2025-06-01 2025-07-01
		openai b out_text 20 -     - - 2025-01-01
		openai b out_reasoning 3 - - - 2025-01-01
		openai b cache_read 0.1  - - - 2025-01-01
		openai b in_text  99 -     - - 2025-01-01 - contract
		groq   c in_text  7  -     - - 2025-03-01
		groq   c request  0.5 -    - - 2025-03-01`)
	euros := facts(t, "euro d in_text 999 - - - 2025-01-01")
	euros[0].Currency = "EUR"
	book := compile(t, append(all, euros...))
	for _, c := range []struct {
		seller string
		meter  spend.Meter
		at     string
		rate   string
		per    int64
		known  bool
	}{
		{"openai", spend.InText, "2024-12-31", "0", 0, false},
		{"openai", spend.InText, "2025-01-01", "1", 1_000_000, true},
		{"openai", spend.InText, "2025-06-15", "5", 1_000_000, true},
		{"openai", spend.InText, "2025-07-01", "1", 1_000_000, true},
		{"openai", spend.InText, "2026-05-01", "9", 1_000_000, true},
		{"openai", spend.CacheRead, "2026-05-01", "0.1", 1_000_000, true},
		{"openai", spend.InAudio, "2026-05-01", "9", 1_000_000, true},
		{"openai", spend.OutReasoning, "2026-05-01", "20", 1_000_000, true},
		{"openai", spend.CacheWriteOther, "2026-05-01", "9", 1_000_000, true},
		{"nobody", spend.InText, "2025-05-01", "7", 1_000_000, false},
		{"groq", spend.OutText, "2025-05-01", "20", 1_000_000, false},
		{"euro", spend.InText, "2025-05-01", "7", 1_000_000, false},
		{"groq", spend.Request, "2025-05-01", "0.5", 1, true},
		{"groq", spend.Page, "2025-05-01", "0", 0, false},
	} {
		rate, per, known := book.Ceiling(c.seller, c.meter, at(c.at))
		if rate.String() != c.rate || per != c.per || known != c.known {
			t.Errorf("%s %s %s: got %s per %d %t, want %s per %d %t", c.seller, c.meter, c.at, rate, per, known, c.rate, c.per, c.known)
		}
	}
	for seller, want := range map[string]string{"openai": "29 ", "nobody": "29 seller_unknown", "groq": "29 seller_unknown"} {
		hold, flags := book.Hold(&pricebook.Call{Seller: seller, Model: "new", At: at("2026-05-01"), Usage: usage(1_000_000, 0, 1_000_000)})
		if seller == "groq" {
			want = "27 seller_unknown"
		}
		if got := hold.String() + " " + flags.String(); got != want {
			t.Errorf("hold at %s: got %s, want %s", seller, got, want)
		}
	}
}
