package exchange_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func day(t testing.TB, text string) exchange.Day {
	t.Helper()
	d, err := exchange.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// facts reads lines of "id from to rate day source [seller account month]", and
// learns each a minute after the one before.
func facts(t testing.TB, lines ...string) []exchange.Rate {
	t.Helper()
	var all []exchange.Rate
	for i, line := range lines {
		w := strings.Fields(line)
		all = append(all, exchange.Rate{
			ID: w[0], From: money.Currency(w[1]), To: money.Currency(w[2]), Rate: money.Must(w[3]), Day: day(t, w[4]), Source: w[5],
			Basis: exchange.DayRate, Known: noon().Add(time.Duration(i) * time.Minute),
		})
		if len(w) > 6 { // an account of - is every account
			r := &all[i]
			r.Basis, r.Seller, r.Account, r.Period = exchange.InvoiceRate, w[6], strings.Trim(w[7], "-"), spend.Period(w[8])
		}
	}
	return all
}

func noon() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

func TestWhichFactConverts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		facts string
		want  string // from to day [seller account]
		fact  string
		one   string // what 1 of the currency becomes
	}{
		{"at par", "", "USD USD 2026-11-20", "par", "1"},
		{"as stated", "a EUR USD 1.08 2026-11-20 ecb", "EUR USD 2026-11-20", "a", "1.08"},
		{"the other way", "a EUR USD 1.08 2026-11-20 ecb", "USD EUR 2026-11-20", "inverse:a", "0.925925925926"},
		{"over a weekend", "a EUR USD 1.08 2026-11-20 ecb", "EUR USD 2026-11-22", "a", "1.08"},
		{"a week later", "a EUR USD 1.08 2026-11-20 ecb", "EUR USD 2026-11-27", "a", "1.08"},
		{"too old", "a EUR USD 1.08 2026-11-20 ecb", "EUR USD 2026-11-28", "", ""},
		{"too early", "a EUR USD 1.08 2026-11-20 ecb", "EUR USD 2026-11-19", "", ""},
		{"another pair", "a EUR USD 1.08 2026-11-20 ecb", "EUR GBP 2026-11-20", "", ""},
		{"the last day", "a EUR USD 1.08 2026-11-20 ecb; b EUR USD 1.07 2026-11-19 ecb", "EUR USD 2026-11-21", "a", "1.08"},
		{"learned last", "a EUR USD 1.08 2026-11-20 ecb; b EUR USD 1.09 2026-11-20 bank", "EUR USD 2026-11-20", "b", "1.09"},
		{"stated before inverse", "a EUR USD 1.08 2026-11-20 ecb; b USD EUR 0.9 2026-11-20 ecb", "EUR USD 2026-11-20", "a", "1.08"},
		{"a later day before the way", "a EUR USD 1.08 2026-11-19 ecb; b USD EUR 0.5 2026-11-20 ecb", "EUR USD 2026-11-20", "inverse:b", "2"},
		{
			"across one that is from", "a EUR USD 1.08 2026-11-20 ecb; b EUR GBP 0.54 2026-11-20 ecb", "GBP USD 2026-11-22",
			"cross:a/b", "2",
		},
		{
			"across one that is to", "a USD CHF 0.9 2026-11-20 snb; b GBP CHF 1.8 2026-11-20 snb", "GBP USD 2026-11-22",
			"cross:b/a", "2",
		},
		{"not across two days", "a EUR USD 1.08 2026-11-19 ecb; b EUR GBP 0.54 2026-11-20 ecb", "GBP USD 2026-11-22", "", ""},
		{"not across two sources", "a EUR USD 1.08 2026-11-20 ecb; b EUR GBP 0.54 2026-11-20 bank", "GBP USD 2026-11-20", "", ""},
		{
			"the last day that has both", "a EUR USD 1.08 2026-11-19 ecb; b EUR GBP 0.54 2026-11-19 ecb; c EUR USD 1 2026-11-20 ecb",
			"GBP USD 2026-11-22", "cross:a/b", "2",
		},
		{"a cross too old", "a EUR USD 1.08 2026-11-12 ecb; b EUR GBP 0.54 2026-11-12 ecb", "GBP USD 2026-11-20", "", ""},
		{
			"a cross of a later day", "a EUR USD 1.08 2026-11-20 ecb; b EUR GBP 0.54 2026-11-20 ecb; c GBP USD 3 2026-11-19 ecb",
			"GBP USD 2026-11-20", "cross:a/b", "2",
		},
		{
			"of one day stated before crossed", "a EUR USD 1.08 2026-11-20 ecb; b EUR GBP 0.54 2026-11-20 ecb; c GBP USD 3 2026-11-20 ecb",
			"GBP USD 2026-11-20", "c", "3",
		},
		{
			"the cross that was complete last", "a EUR USD 1 2026-11-20 x; b EUR GBP 1 2026-11-20 x; c EUR USD 1.08 2026-11-20 y; d EUR GBP 0.54 2026-11-20 y",
			"GBP USD 2026-11-20", "cross:c/d", "2",
		},
		{
			"a corrected leg", "a EUR USD 1 2026-11-20 x; b EUR GBP 0.54 2026-11-20 x; c EUR USD 1.08 2026-11-20 x",
			"GBP USD 2026-11-20", "cross:c/b", "2",
		},
		{
			"an invoice before a day", "a EUR USD 1.08 2026-11-20 ecb; b EUR USD 1.1 2026-12-02 bill acme - 2026-11",
			"EUR USD 2026-11-20 acme eu", "b", "1.1",
		},
		{
			"an account's invoice before its seller's", "a EUR USD 1.2 2026-12-02 bill acme eu 2026-11; b EUR USD 1.1 2026-12-02 bill acme - 2026-11",
			"EUR USD 2026-11-20 acme eu", "a", "1.2",
		},
		{"an invoice the other way", "a EUR USD 1.25 2026-12-02 bill acme - 2026-11", "USD EUR 2026-11-30 acme eu", "inverse:a", "0.8"},
		{"an invoice of another month", "a EUR USD 1.1 2026-12-02 bill acme - 2026-11", "EUR USD 2026-12-02 acme eu", "", ""},
		{"an invoice of another seller", "a EUR USD 1.1 2026-12-02 bill acme - 2026-11", "EUR USD 2026-11-30 other eu", "", ""},
		{"an invoice of another account", "a EUR USD 1.1 2026-12-02 bill acme us 2026-11", "EUR USD 2026-11-30 acme eu", "", ""},
		{
			"an invoice corrected", "a EUR USD 1.2 2026-12-03 bill acme - 2026-11; b EUR USD 1.1 2026-12-02 bill acme - 2026-11",
			"EUR USD 2026-11-20 acme eu", "b", "1.1",
		},
	} {
		var all []exchange.Rate
		if c.facts != "" {
			all = facts(t, strings.Split(c.facts, "; ")...)
		}
		slices.Reverse(all)
		quote, found := exchange.New(all, time.Time{}).On(wanted(t, c.want))
		if found != (c.fact != "") || quote.Fact != c.fact {
			t.Errorf("%s: converts by %q (%v), want %q", c.name, quote.Fact, found, c.fact)
			continue
		}
		one, err := quote.Convert(money.FromInt(1))
		if found && (err != nil || one != money.Must(c.one)) {
			t.Errorf("%s: 1 becomes %s (%v), want %s", c.name, one, err, c.one)
		}
		if !found && err == nil {
			t.Errorf("%s: nothing is known, and 1 becomes %s", c.name, one)
		}
	}
}

func wanted(t testing.TB, text string) exchange.Want {
	w := append(strings.Fields(text), "", "")
	return exchange.Want{From: money.Currency(w[0]), To: money.Currency(w[1]), Day: day(t, w[2]), Seller: w[3], Account: w[4]}
}

func TestTheSetDoesNotChangeWithItsFacts(t *testing.T) {
	t.Parallel()
	all := facts(t, "a EUR USD 1.08 2026-11-20 ecb")
	rates := exchange.New(all, time.Time{})
	all[0].Rate, all[0].ID = money.FromInt(9), "z"
	if quote, _ := rates.On(wanted(t, "EUR USD 2026-11-20")); quote.Fact != "a" {
		t.Errorf("converts by %q, want a", quote.Fact)
	}
	if _, found := (*exchange.Rates)(nil).On(wanted(t, "EUR USD 2026-11-20")); found {
		t.Error("no set converts EUR to USD")
	}
}

func TestTheNewestDay(t *testing.T) {
	t.Parallel()
	rates := exchange.New(facts(t, "a EUR USD 1.08 2026-11-20 ecb", "b EUR USD 1.09 2026-11-23 ecb",
		"c EUR USD 1.07 2026-12-03 acme acme - 2026-11"), time.Time{})
	for upTo, want := range map[string]string{
		"2026-10-31": "", "2026-11-19": "2026-12-03", "2026-12-31": "2026-12-03",
	} {
		if got := rates.Newest(day(t, upTo)).String(); got != want {
			t.Errorf("up to %s: %q, want %q", upTo, got, want)
		}
	}
	daily := exchange.New(facts(t, "a EUR USD 1.08 2026-11-20 ecb", "b EUR USD 1.09 2026-11-23 ecb"), time.Time{})
	for upTo, want := range map[string]string{"2026-11-19": "", "2026-11-22": "2026-11-20", "2026-11-23": "2026-11-23"} {
		if got := daily.Newest(day(t, upTo)).String(); got != want {
			t.Errorf("of daily rates, up to %s: %q, want %q", upTo, got, want)
		}
	}
	var none *exchange.Rates
	if got := none.Newest(day(t, "2026-11-19")); got != 0 {
		t.Errorf("without rates: %s", got)
	}
}

func TestFactIDs(t *testing.T) {
	t.Parallel()
	for fact, want := range map[string]string{"": "", "par": "", "a": "a", "inverse:a": "a", "cross:a/b": "a b"} {
		if got := strings.Join(exchange.FactIDs(fact), " "); got != want {
			t.Errorf("%q rests on %q, want %q", fact, got, want)
		}
	}
}

func TestAsKnown(t *testing.T) {
	t.Parallel()
	all := facts(t, "a EUR USD 1.08 2026-11-20 ecb", "b EUR USD 1.09 2026-11-20 ecb", "c EUR USD 1.07 2026-11-19 ecb")
	for known, want := range map[time.Duration]string{-time.Second: "", 0: "a", time.Minute: "b", time.Hour: "b"} {
		quote, _ := exchange.New(all, noon().Add(known)).On(wanted(t, "EUR USD 2026-11-20"))
		if quote.Fact != want {
			t.Errorf("as known after %s: converts by %q, want %q", known, quote.Fact, want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*exchange.Rate)
		fields string
	}{
		{"sound", func(*exchange.Rate) {}, ""},
		{"an invoice", func(r *exchange.Rate) { r.Basis, r.Seller, r.Period = exchange.InvoiceRate, "acme", "2026-11" }, ""},
		{"all wrong", func(r *exchange.Rate) { *r = exchange.Rate{} }, "from to rate day source basis"},
		{"one currency", func(r *exchange.Rate) { r.To = "EUR" }, "to"},
		{"lower case", func(r *exchange.Rate) { r.From = "eur" }, "from"},
		{"negative", func(r *exchange.Rate) { r.Rate = money.Must("-1.08") }, "rate"},
		{"too large", func(r *exchange.Rate) { r.Rate = money.FromInt(1_000_000_000) }, "rate"},
		{"a line break", func(r *exchange.Rate) { r.Source = "ecb\n" }, "source"},
		{"too long", func(r *exchange.Rate) { r.Source = strings.Repeat("e", 81) }, "source"},
		{"a seller of a day", func(r *exchange.Rate) { r.Seller = "acme" }, "basis"},
		{"a bare invoice", func(r *exchange.Rate) { r.Basis = exchange.InvoiceRate }, "seller period"},
		{"no month", func(r *exchange.Rate) { r.Basis, r.Seller, r.Period = exchange.InvoiceRate, "acme", "2026-13" }, "period"},
	} {
		r := facts(t, "a EUR USD 1.08 2026-11-20 ecb")[0]
		c.change(&r)
		var fields []string
		for _, p := range r.Validate() {
			fields = append(fields, p.Field)
		}
		if got := strings.Join(fields, " "); got != c.fields {
			t.Errorf("%s: problems in %q, want %q", c.name, got, c.fields)
		}
	}
}

func TestContentIDTellsFactsApart(t *testing.T) {
	t.Parallel()
	base := facts(t, "a EUR USD 1.08 2026-11-20 ecb")[0]
	ids := map[string]string{base.ContentID(): "itself"}
	for name, change := range map[string]func(*exchange.Rate){
		"from": func(r *exchange.Rate) { r.From = "GBP" }, "to": func(r *exchange.Rate) { r.To = "GBP" },
		"rate": func(r *exchange.Rate) { r.Rate = money.Must("1.09") }, "day": func(r *exchange.Rate) { r.Day++ },
		"basis": func(r *exchange.Rate) { r.Basis = exchange.InvoiceRate }, "seller": func(r *exchange.Rate) { r.Seller = "acme" },
		"account": func(r *exchange.Rate) { r.Account = "acme" }, "period": func(r *exchange.Rate) { r.Period = "2026-11" },
		"source": func(r *exchange.Rate) { r.Source = "bank" }, "known": func(r *exchange.Rate) { r.Known = r.Known.Add(time.Microsecond) },
	} {
		r := base
		change(&r)
		if other, taken := ids[r.ContentID()]; taken {
			t.Errorf("a fact with another %s has the id of %s", name, other)
		}
		ids[r.ContentID()] = name
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	sydney, err := time.LoadLocation("Australia/Sydney")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 25, 13, 30, 0, 0, time.UTC) // 00:30 on the 26th in Sydney
	got := []string{exchange.DayOf(at, time.UTC).String(), exchange.DayOf(at, sydney).String(), string(day(t, "2026-11-30").Period()), exchange.Day(0).String()}
	if diff := cmp.Diff([]string{"2026-11-25", "2026-11-26", "2026-11", ""}, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	for _, bad := range []string{"", "2026-11-31", "26-11-25", "1970-01-01", "1969-12-31", "2026-11-25T00:00:00Z"} {
		if d, err := exchange.ParseDay(bad); err == nil {
			t.Errorf("%q is read as %s", bad, d)
		}
	}
}
