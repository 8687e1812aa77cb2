package discrepancy_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// shelf is the book that ships with Bursar, asked as a line was.
func shelf(t testing.TB) discrepancy.Prices {
	t.Helper()
	book, err := pricebook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return discrepancy.Prices{
		Book: book,
		Call: func(c *spend.Charge) pricebook.Call {
			return pricebook.Call{Seller: c.Seller, Model: c.Event.Model(), At: c.UsedAt, ServedTier: c.ServedTier, Region: c.Region, Usage: &c.Usage, Aggregated: c.Bucket}
		},
		Changes: func(_, sku string) []time.Time {
			if sku != "o3" {
				return nil
			}
			return []time.Time{time.Date(2025, 4, 16, 0, 0, 0, 0, time.UTC), time.Date(2025, 6, 10, 0, 0, 0, 0, time.UTC)}
		},
	}
}

// line prices a call that "seller/model meter=quantity …" describes, of which another
// product says that it cost theirs; "" says nothing.
func line(t testing.TB, p discrepancy.Prices, call, theirs string) *spend.Charge {
	t.Helper()
	c := &spend.Charge{Calls: 1, Currency: "USD"}
	words := strings.Fields(call)
	c.Seller, c.RequestedModel, _ = strings.Cut(words[0], "/")
	c.Source, c.UsageSource, c.UsedAt = "litellm", spend.UsageProvider, time.Date(2025, 10, 1, 10, 0, 0, 0, time.UTC)
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		switch m, err := spend.ParseMeter(name); {
		case name == "tier":
			c.ServedTier = value
		case name == "none":
			c.UsageSource = spend.UsageNone
		case name == "unobserved":
			c.UsageSource = spend.UsageUnobserved
		case name == "cached":
			c.UsageSource, c.Scope.Tags = spend.UsageNone, map[string]string{discrepancy.CachedTag: "hit"}
		case name == "theirs":
			c.ReportedCurrency = money.Currency(value)
		case err != nil || c.Usage.Set(m, money.Must(value)) != nil:
			t.Fatalf("%s: %v", w, err)
		}
	}
	var r pricebook.Rating
	asked := p.Call(c)
	p.Book.Rate(&asked, &r)
	c.Canonical, c.Context = r.Canonical, r.Context
	if r.State != spend.Unpriced && c.UsageSource != spend.UsageUnobserved {
		c.List = money.Known(r.List)
	}
	if theirs != "" {
		c.Reported = money.Known(money.Must(theirs))
		if c.ReportedCurrency == "" {
			c.ReportedCurrency = "USD"
		}
	}
	return c
}

// TestReasons gives each reason the figure that it stands for, worked out by hand.
func TestReasons(t *testing.T) {
	t.Parallel()
	const gpt, claude = "openai/gpt-5 in_text=600 cache_read=400 out_text=200", "anthropic/claude-sonnet-4-5 in_text=500 cache_read=3000 cache_write_1h=1000 out_text=80 out_reasoning=20"
	p := shelf(t)
	for _, c := range []struct{ call, theirs, want string }{
		{gpt, "0.0028", "same"},
		{gpt, "0.002800000001", "rounding"},
		{"openai/gpt-5 in_text=603 cache_read=400 out_text=200", "0.0028", "rounding"}, // 0.00280375 in four digits
		{gpt, "", "no_figure"},
		{"openai/gpt-5 cached", "0", "cached_response"},
		{"openai/gpt-5 none", "0.0028", "failed_call"},
		{"openai/gpt-5 unobserved", "0.04", "missing_usage"},
		{"openai/no-such-model in_text=5", "0.04", "unpriced_here"},
		{gpt + " theirs=EUR", "0.0028", "currency"},
		{gpt, "0", "priced_at_zero"},
		{gpt, "0.00325", "no_cache_read_rate"},   // 1000 × 1.25 + 200 × 10
		{gpt, "0.00275", "cache_reads_left_out"}, // 600 × 1.25 + 200 × 10
		{gpt, "0.0033", "cache_read_twice"},      // 0.0028 + 400 × 1.25
		{claude, "0.018", "no_cache_read_rate"},  // 3500 × 3 + 1000 × 6 + 100 × 15
		{claude, "0.0069", "no_cache_write_rate"},
		{claude, "0.015", "no_cache_rates"}, // 4500 × 3 + 100 × 15
		{claude, "0.003", "cache_left_out"},
		{claude, "0.0219", "cache_twice"},
		{claude, "0.00765", "hour_cache_as_five_minutes"}, // 0.0099 − 1000 × (6 − 3.75)
		{claude, "0.0096", "reasoning_left_out"},
		{claude, "0.0102", "reasoning_twice"},
		{"openai/gpt-5 in_text=1000 tier=batch", "0.00125", "standard_tier"},
		{"openai/gpt-5 in_text=1000", "0.000625", "other_tier batch"},
		{"anthropic/claude-sonnet-4-5 in_text=300000 out_text=1000", "0.915", "base_context"},
		{"anthropic/claude-sonnet-4-5 in_text=50000 cache_read=250000 out_text=1000", "0.915", "no_cache_read_rate+base_context"},
		{"openai/o3 in_text=1000 out_text=1000", "0.05", "price_of_another_day 2025-04-16"}, // 10 and 40 until June 2025
		{gpt, "0.00412", "unexplained"},
	} {
		f := discrepancy.New(p).Explain(line(t, p, c.call, c.theirs))
		if got := strings.TrimSpace(string(f.Reason) + " " + f.Detail); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.call, c.theirs, got, c.want)
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, r := range append(discrepancy.Reasons(), discrepancy.NoCacheReadRate+"+"+discrepancy.BaseContext) {
		if r.Why() == "" || strings.HasSuffix(r.Why(), "; ") {
			t.Errorf("%s is not explained", r)
		}
	}
}
