package reconcile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
)

// line makes a charge of "book seller day model amount meter=quantity …"; the amount - is
// one that nobody says. A word with a colon is calls:, account:, category:, tier:, source:,
// team:, currency:, key: or sku:.
func line(t testing.TB, text string) *spend.Charge {
	t.Helper()
	words := strings.Fields(text)
	c := &spend.Charge{Currency: "USD"}
	c.Book, c.Seller, c.RequestedModel = spend.Book(words[0]), words[1], strings.TrimPrefix(words[3], "-")
	c.Account, c.Scope.Tags = "acme", map[string]string{}
	at, err := time.Parse(time.DateOnly, words[2])
	if err != nil {
		t.Fatal(err)
	}
	c.UsedAt = at.Add(12 * time.Hour)
	if words[4] != "-" {
		c.Contracted = money.Known(money.Must(words[4]))
		c.Costs[spend.CostIn] = c.Contracted.Amount
	}
	for _, w := range words[5:] {
		if name, value, about := strings.Cut(w, ":"); about {
			set(t, c, name, value)
			continue
		}
		name, value, _ := strings.Cut(w, "=")
		m, err := spend.ParseMeter(name)
		if err == nil {
			err = c.Usage.Set(m, money.Must(value))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func set(t testing.TB, c *spend.Charge, name, value string) {
	t.Helper()
	switch name {
	case "calls":
		n, _ := money.Must(value).Int()
		c.Calls = n
	case "account":
		c.Account = value
	case "category":
		c.Category = spend.Category(value)
		c.Costs = [spend.Components]money.Amount{spend.CostOther: c.Contracted.Amount}
	case "tier":
		c.ServedTier = value
	case "source":
		c.Source = value
	case "team":
		c.Scope.Team = value
	case "currency":
		c.Currency = money.Currency(value)
	case "key":
		c.Scope.Tags["api_key"] = value
	case "sku":
		c.Scope.Tags["sku"] = value
	case "basis":
		c.Scope.Tags["basis"] = value
	default:
		t.Fatalf("%s is no word", name)
	}
}

func answer(t testing.TB, o reconcile.Options, lines ...string) reconcile.Answer {
	t.Helper()
	tally := reconcile.NewTally(o)
	for _, text := range lines {
		if err := tally.Add(line(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	a, err := tally.Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// half is a price list of 100 for a million tokens, and half of it in batches.
func half(asked reconcile.Asked) money.Null {
	rate := money.FromInt(100)
	switch asked.Tier {
	case "batch":
		rate = money.FromInt(50)
	case "", "standard":
	default:
		return money.Null{}
	}
	a, err := rate.MulRatio(asked.Usage.PromptTokens()+asked.Usage.CompletionTokens(), 1_000_000)
	if err != nil {
		return money.Null{}
	}
	return money.Known(a)
}

// told is a row for each difference, in words.
func told(a reconcile.Answer) (all []string) {
	for i := range a.Rows {
		r := &a.Rows[i]
		parts := []string{string(r.Level), r.Day, r.SKU, r.Variance.String()}
		for _, p := range r.Reasons {
			parts = append(parts, fmt.Sprintf("%s %s", p.Reason, p.Amount))
		}
		all = append(all, strings.Join(strings.Fields(strings.Join(parts, " ")), " "))
	}
	return all
}

func TestReasons(t *testing.T) {
	t.Parallel()
	const seen = "metered s 2026-09-01 m 100 in_text=1000000 calls:50"
	for _, c := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"agreed", []string{seen, "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50"}, []string{"day 2026-09-01 m 0"}},
		{"residual is visible and not spread", []string{seen, "invoiced s 2026-09-01 m 112"}, []string{"day 2026-09-01 m 12 unknown 12"}},
		{
			"then a discount explains 9",
			[]string{seen, "invoiced s 2026-09-01 m 112", "invoiced s 2026-09-01 m -9 category:credit"},
			[]string{"day 2026-09-01 m 3 contract_term -9 unknown 12"},
		},
		{
			"the worked example",
			[]string{seen, "invoiced s 2026-09-01 m 121.005 in_text=1200000 calls:60", "invoiced s 2026-09-01 m -9 category:credit"},
			[]string{"day 2026-09-01 m 12.005 coverage_gap 20 contract_term -9 unknown 1.005"},
		},
		{"the same calls, other tokens", []string{seen, "invoiced s 2026-09-01 m 110 in_text=1100000 calls:50"}, []string{"day 2026-09-01 m 10 token_count 10"}},
		{
			"a credit that is metered is no price", []string{seen, "metered s 2026-09-01 m -150 category:credit", "invoiced s 2026-09-01 m 110 in_text=1100000 calls:50"},
			[]string{"day 2026-09-01 m 160 token_count 10 contract_term 150"},
		},
		{"calls without tokens", []string{seen, "invoiced s 2026-09-01 m 120 calls:60"}, []string{"day 2026-09-01 m 20 coverage_gap 20"}},
		{
			"metered twice", []string{seen + " source:gateway", seen + " source:otlp", "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50"},
			[]string{"day 2026-09-01 m -100 duplicate_event -100"},
		},
		{"another tier", []string{seen, "invoiced s 2026-09-01 m 50 in_text=1000000 calls:50 tier:batch"}, []string{"day 2026-09-01 m -50 tier_or_mode -50"}},
		{
			"a corrected price", []string{"metered s 2026-09-01 m 90 in_text=1000000 calls:50", "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50"},
			[]string{"day 2026-09-01 m 10 price_version 10"},
		},
		{"a coin", []string{seen, "invoiced s 2026-09-01 m 100.004 in_text=1000000 calls:50"}, []string{"day 2026-09-01 m 0.004 rounding 0.004"}},
		{"the vendor's error", []string{seen, "invoiced s 2026-09-01 m 1000 in_text=1000000 calls:50"}, []string{"day 2026-09-01 m 900 vendor_error 900"}},
		{
			"tax is a line of its own", []string{seen, "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50", "invoiced s 2026-09-30 - 19 category:tax"},
			[]string{"day 2026-09-01 m 0", "alone 2026-09-30 tax 19 tax 19"},
		},
		{
			"nobody metered it", []string{seen, "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50", "invoiced s 2026-09-01 other 7"},
			[]string{"day 2026-09-01 m 0", "alone 2026-09-01 other 7 coverage_gap 7"},
		},
		{
			"not billed yet", []string{seen, "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50", "metered s 2026-09-02 n 5"},
			[]string{"day 2026-09-01 m 0", "alone 2026-09-02 n -5 timing -5"},
		},
		{"no bill at all", []string{seen}, []string{"alone 2026-09-01 m -100 timing -100"}},
		{
			"around midnight",
			[]string{"metered s 2026-09-01 m 60", "metered s 2026-09-02 m 40", "invoiced s 2026-09-01 m 55", "invoiced s 2026-09-02 m 45"},
			[]string{"day 2026-09-01 m -5 timing -5", "day 2026-09-02 m 5 timing 5"},
		},
		{
			"a bill by the month", []string{"metered s 2026-09-03 m 60", "metered s 2026-09-09 m 40", "invoiced s 2026-09-01 m 100"},
			[]string{"month m 0"},
		},
		{
			"seats, billed at once and metered by the day",
			[]string{
				"metered s 2026-09-01 - 20 category:purchase sku:seats", "metered s 2026-09-02 - 20 category:purchase sku:seats",
				"metered s 2026-09-03 - 20 category:purchase sku:seats", "invoiced s 2026-09-01 - 60 category:purchase sku:seats",
			},
			[]string{"month seats 0"},
		},
		{
			"seats of which a bill has fewer",
			[]string{
				"metered s 2026-09-01 - 20 category:purchase sku:seats", "metered s 2026-09-02 - 20 category:purchase sku:seats",
				"invoiced s 2026-09-01 - 35 category:purchase sku:seats",
			},
			[]string{"month seats -5 contract_term -5"},
		},
		{
			"a bill without models, and tokens in another report",
			[]string{seen, "reported s 2026-09-01 m - in_text=1200000 calls:60", "reported s 2026-09-01 - 120 sku:total"},
			[]string{"vendor 20 coverage_gap 20"},
		},
		{
			"a term that nobody entered",
			[]string{
				"metered s 2026-09-01 m 10", "metered s 2026-09-02 m 20", "metered s 2026-09-03 n 30",
				"invoiced s 2026-09-01 m 9", "invoiced s 2026-09-02 m 18", "invoiced s 2026-09-03 n 27",
			},
			[]string{"day 2026-09-01 m -1 contract_term -1", "day 2026-09-02 m -2 contract_term -2", "day 2026-09-03 n -3 contract_term -3"},
		},
		{
			"nobody noted the account", []string{strings.Replace(seen, "calls", "account:none calls", 1), "invoiced s 2026-09-01 m 100 in_text=1000000 calls:50"},
			[]string{"day 2026-09-01 m 0"},
		},
	} {
		a := answer(t, reconcile.Options{Rate: half}, c.lines...)
		if diff := cmp.Diff(c.want, told(a)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

func TestAnotherCurrency(t *testing.T) {
	t.Parallel()
	convert := func(a money.Amount, from, to money.Currency, _ time.Time) (money.Amount, bool) {
		b, err := a.MulRatio(9, 10)
		return b, err == nil && from == "USD" && to == "EUR"
	}
	a := answer(t, reconcile.Options{Convert: convert},
		"metered s 2026-09-01 m 100 in_text=1000000 calls:50", "invoiced s 2026-09-01 m 91 in_text=1000000 calls:50 currency:EUR")
	if diff := cmp.Diff([]string{"day 2026-09-01 m 1 fx 1"}, told(a)); diff != "" || a.Rows[0].Currency != "EUR" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestDaysOfTheVendor compares a call behind midnight in UTC with the day of a vendor to whom
// it was still the evening before; to another vendor it is of the next day.
func TestDaysOfTheVendor(t *testing.T) {
	t.Parallel()
	west := time.FixedZone("west", -7*3600)
	tally := reconcile.NewTally(reconcile.Options{Zone: func(seller string) *time.Location {
		if seller == "west" {
			return west
		}
		return time.UTC
	}})
	for _, seller := range []string{"west", "east"} {
		call, told := line(t, "metered "+seller+" 2026-09-05 m 2"), line(t, "reported "+seller+" 2026-09-04 m 2")
		call.UsedAt = time.Date(2026, 9, 5, 3, 0, 0, 0, time.UTC)
		told.UsedAt = time.Date(2026, 9, 4, 12, 0, 0, 0, time.UTC)
		for _, c := range []*spend.Charge{call, told} {
			if err := tally.Add(c); err != nil {
				t.Fatal(err)
			}
		}
	}
	a, err := tally.Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range a.Rows {
		got = append(got, fmt.Sprint(r.Seller, " ", r.Level, " ", r.Day, " ", r.Variance))
	}
	want := []string{"east month  0", "west day 2026-09-04 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhatIsMeasured(t *testing.T) {
	t.Parallel()
	a := answer(t, reconcile.Options{},
		"metered s 2026-09-01 m 100 in_text=1000000 calls:50", "invoiced s 2026-09-01 m 124 in_text=1250000 calls:60",
		"reported s 2026-09-01 m 124 in_text=1250000 calls:60 key:k1", "reported s 2026-09-02 m 1 in_text=7 calls:1 key:k1", "reported s 2026-09-03 m - in_text=9 calls:2 key:k1",
		"reported s 2026-09-01 m 3 in_text=7 calls:1 key:k2", "reported s 2026-09-01 m 5 in_text=7 calls:1 key:k3 team:claims")
	b := a.Bills[0]
	if b.Coverage != money.Known(money.Must("0.79999")) || b.Accuracy != money.Known(money.Must("0.991935")) || b.Unknown != money.Known(money.Must("0.008065")) || b.Passes {
		t.Errorf("coverage %v, accuracy %v, unknown %v, passes %v", b.Coverage, b.Accuracy, b.Unknown, b.Passes)
	}
	var shadow []string
	for _, s := range a.Shadow {
		shadow = append(shadow, fmt.Sprintf("%s %s %s %d %s %s", s.Kind, s.Name, s.Amount, s.Calls, s.First, s.Last))
	}
	if diff := cmp.Diff([]string{"api_key k1 125 63 2026-09-01 2026-09-03", "api_key k2 3 1 2026-09-01 2026-09-01"}, shadow); diff != "" {
		t.Errorf("keys that nobody knows (-want +got)\n%s", diff)
	}
}

// TestEverythingSums draws lines of all books: of every row and bill, metered and its
// reasons are what is billed, to the last digit, and nothing is lost or counted twice; a
// line that is taken back leaves nothing.
func TestEverythingSums(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		tally := reconcile.NewTally(reconcile.Options{Rate: half})
		books := map[spend.Book]money.Amount{}
		for range rapid.IntRange(1, 40).Draw(rt, "lines") {
			c := drawn(t, rt)
			if err := tally.Add(c); err != nil {
				rt.Fatal(err)
			}
			if rapid.IntRange(0, 4).Draw(rt, "taken back") == 0 {
				back := c.Reverse(c.BookedAt, "")
				if err := tally.Add(&back); err != nil {
					rt.Fatal(err)
				}
				continue
			}
			books[c.Book], _ = books[c.Book].Add(c.Contracted.Amount)
		}
		a, err := tally.Reconcile()
		if err != nil {
			rt.Fatal(err)
		}
		got := map[spend.Book]money.Amount{}
		for i := range a.Rows {
			r := &a.Rows[i]
			got[spend.Metered], _ = got[spend.Metered].Add(r.Metered.Amount)
			got[spend.Reported], _ = got[spend.Reported].Add(r.Reported.Amount)
			got[spend.Invoiced], _ = got[spend.Invoiced].Add(r.Invoiced.Amount)
		}
		allExplained(rt, &a)
		for _, book := range []spend.Book{spend.Metered, spend.Reported, spend.Invoiced} {
			if got[book] != books[book] {
				rt.Fatalf("%s is %s in the rows, want %s", book, got[book], books[book])
			}
		}
	})
}

func drawn(t *testing.T, rt *rapid.T) *spend.Charge {
	pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, name) }
	book := pick("book", "metered", "metered", "reported", "invoiced")
	amount := money.FromUnits(rapid.Int64Range(0, 1<<50).Draw(rt, "amount")).String()
	text := fmt.Sprintf("%s %s 2026-09-0%d %s %s calls:%d source:%s", book, pick("seller", "s", "t"), rapid.IntRange(1, 3).Draw(rt, "day"), pick("model", "m", "n", "-"),
		amount, rapid.IntRange(0, 9).Draw(rt, "calls"), pick("source", "a", "b"))
	text += fmt.Sprintf(" in_text=%d out_text=%d", rapid.IntRange(0, 1_000_000).Draw(rt, "in"), rapid.IntRange(0, 3).Draw(rt, "out")*1000)
	if category := pick("category", "", "", "", "credit", "tax"); category != "" {
		text = fmt.Sprintf("%s s 2026-09-01 - %s category:%s", book, amount, category)
	}
	return line(t, text)
}

// allExplained wants the reasons of each row, and of each bill, to be the difference.
func allExplained(t *rapid.T, a *reconcile.Answer) {
	t.Helper()
	for i := range a.Rows {
		r := &a.Rows[i]
		billed := r.Reported.Amount
		if r.Basis == spend.Invoiced {
			billed = r.Invoiced.Amount
		}
		explained(t, r.Metered.Amount, billed, r.Reasons)
	}
	for i := range a.Bills {
		b := &a.Bills[i]
		billed := b.Reported
		if b.Basis == spend.Invoiced {
			billed = b.Invoiced
		}
		explained(t, b.Metered, billed, b.Reasons)
	}
}

func explained(rt *rapid.T, metered, billed money.Amount, parts []reconcile.Part) {
	total := metered
	for _, p := range parts {
		total, _ = total.Add(p.Amount)
	}
	if total != billed {
		rt.Fatalf("metered %s with its reasons %v is %s, and billed is %s", metered, parts, total, billed)
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, r := range reconcile.Reasons() {
		if r.Why() == "" {
			t.Errorf("%s is not explained", r)
		}
	}
}
