package company_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// cents is a price of one cent a token, and of one of whatever else is counted.
func cents(_ *spend.Charge, u *spend.Usage) (all money.Amount) {
	u.Each(func(_ spend.Meter, q spend.Quantity) {
		a, _ := q.MulRatio(1, 100)
		all, _ = all.Add(a)
	})
	return all
}

func TestBill(t *testing.T) {
	t.Parallel()
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	b := company.Bill{Month: time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC), Price: cents, Zone: func(seller string) *time.Location {
		if seller == "google" {
			return pacific
		}
		return time.UTC
	}}
	day := time.Date(2026, time.October, 3, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		seller, model, amount string
		at                    time.Time
		tokens                [spend.ColumnMeters]int64
		category              spend.Category
	}{
		{seller: "openai", model: "gpt-5", amount: "40", at: day, tokens: [spend.ColumnMeters]int64{spend.InText: 1000, spend.CacheRead: 2000, spend.OutText: 1000}},
		{seller: "openai", model: "gpt-5", amount: "10", at: day, tokens: [spend.ColumnMeters]int64{spend.InText: 1000}},
		{seller: "openai", model: "", amount: "25", at: day, category: spend.CategoryPurchase},
		{seller: "azure", model: "gpt-4o", amount: "100", at: day, tokens: [spend.ColumnMeters]int64{spend.OutText: 10_000}},
		{seller: "bedrock", model: "nova", amount: "3", at: day, tokens: [spend.ColumnMeters]int64{spend.InText: 300}},
		{seller: "google", model: "gemini", amount: "7", at: day.Add(7 * time.Hour), tokens: [spend.ColumnMeters]int64{spend.CacheWrite5m: 700}},
		{seller: "xai", model: "grok", amount: "5", at: day, tokens: [spend.ColumnMeters]int64{spend.InText: 500}},
	} {
		line := spend.Charge{Currency: "USD", Contracted: money.Known(money.Must(c.amount))}
		line.Book, line.Seller, line.RequestedModel, line.UsedAt, line.Category = spend.Metered, c.seller, c.model, c.at, c.category
		line.Usage.Tokens, line.Scope.Tags = c.tokens, map[string]string{"product": "Seats"}
		if err := b.Add(&line); err != nil {
			t.Fatal(err)
		}
	}
	text, err := b.FOCUS()
	if err != nil {
		t.Fatal(err)
	}
	const month = ",2026-10-01T00:00:00Z,2026-11-01T00:00:00Z"
	want := []string{
		`93,USD,tarnbrook,,Usage,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z` + month + `,Microsoft,Azure OpenAI Service,gpt-4o,"{""ModelID"":""gpt-4o"",""TokenDirection"":""Output""}",10000,Tokens`,
		`3,USD,tarnbrook,,Usage,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z` + month + `,AWS,Amazon Bedrock,nova,"{""ModelID"":""nova"",""TokenDirection"":""Input""}",300,Tokens`,
		`0.36,USD,tarnbrook,,Tax,2026-10-31T00:00:00Z,2026-11-01T00:00:00Z` + month + `,AWS,Amazon Bedrock,sales-tax,,,`,
		`7,USD,tarnbrook,,Usage,2026-10-03T07:00:00Z,2026-10-04T07:00:00Z,2026-10-01T07:00:00Z,2026-11-01T07:00:00Z,Google,Gemini API,gemini,"{""ModelID"":""gemini"",""TokenCacheAction"":""Write"",""TokenDirection"":""Input""}",700,Tokens`,
		`25,USD,tarnbrook,,Purchase,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z` + month + `,OpenAI,OpenAI API,Seats,,,`,
		`20,USD,tarnbrook,,Usage,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z` + month + `,OpenAI,OpenAI API,gpt-5,"{""ModelID"":""gpt-5"",""TokenDirection"":""Input""}",2000,Tokens`,
		`20,USD,tarnbrook,,Usage,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z` + month + `,OpenAI,OpenAI API,gpt-5,"{""ModelID"":""gpt-5"",""TokenCacheAction"":""Read"",""TokenDirection"":""Input""}",2000,Tokens`,
		`10,USD,tarnbrook,,Usage,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z` + month + `,OpenAI,OpenAI API,gpt-5,"{""ModelID"":""gpt-5"",""TokenDirection"":""Output""}",1000,Tokens`,
		`3.6,USD,tarnbrook,proj_notebooks,Usage,2026-10-03T00:00:00Z,2026-10-04T00:00:00Z` + month + `,OpenAI,OpenAI API,gpt-5-mini,"{""ModelID"":""gpt-5-mini"",""TokenDirection"":""Input""}",360,Tokens`,
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if diff := cmp.Diff(want, lines[1:]); diff != "" {
		t.Errorf("the bill (-want +got)\n%s", diff)
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, until, want string
	}{
		{"2026-05-01T00:00:00Z", "2026-08-01T00:00:00Z", "2026-05 2026-06 2026-07"},
		{"2026-05-01T01:00:00Z", "2026-07-31T23:00:00Z", "2026-06"},
		{"2026-11-27T00:00:00Z", "2027-02-03T00:00:00Z", "2026-12 2027-01"},
		{"2026-05-02T00:00:00Z", "2026-05-31T00:00:00Z", ""},
	} {
		var got []string
		for _, m := range company.New(company.Config{Start: instant(t, c.from), End: instant(t, c.until), Events: -1}).Months() {
			got = append(got, m.Format("2006-01"))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s to %s: months %q, want %q", c.from, c.until, s, c.want)
		}
	}
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
