package notify_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/notify"
)

func noon() time.Time { return time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC) }

func crossing() *budget.Crossing {
	return &budget.Crossing{
		Budget: "support/month", Each: []string{"triage", ""}, By: []string{"workflow", "cost_centre"}, Alert: budget.Alert{Percent: 80}, Of: money.FromInt(500), Limit: money.FromInt(500),
		Spent: money.Must("400.25"), Counts: budget.Effective, Currency: "USD", Owner: "support", At: noon(),
		From: time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC),
	}
}

func TestReached(t *testing.T) {
	t.Parallel()
	c := crossing()
	want := notify.Message{
		ID: c.ID().String(), Kind: "budget.threshold", Title: "Budget support/month has used 80 % of 500 USD: workflow triage, without cost centre", Owner: "support",
		Facts: []notify.Fact{
			{Name: "Used", Value: "400.25 USD"}, {Name: "Limit", Value: "500 USD"}, {Name: "Of", Value: "workflow triage, without cost centre"},
			{Name: "From", Value: "2026-11-01T00:00:00Z"}, {Name: "Until", Value: "2026-12-01T00:00:00Z"},
		},
		Link: "https://bursar.example/budgets", At: noon(),
	}
	if diff := cmp.Diff(want, notify.Reached(c, want.Link)); diff != "" {
		t.Errorf("it differs (-want +got):\n%s", diff)
	}
	c.Alert.Forecast, c.Counts, c.Currency = true, budget.Tokens, ""
	if got := notify.Reached(c, ""); got.Title != "Budget support/month is expected to use 80 % of 500 tokens: workflow triage, without cost centre" || got.ID == want.ID {
		t.Errorf("a forecast says %+v", got)
	}
}

// hostile is a name that would like to be more than one.
const hostile = "<!channel> *x* [y](https://evil.example)\r\nBcc: all\u2028@here & <https://evil.example|z>"

func TestForms(t *testing.T) {
	t.Parallel()
	m := notify.Message{Title: hostile, Facts: []notify.Fact{{Name: "Of", Value: hostile}}, Link: "https://bursar.example/budgets"}
	slack, err := m.Slack()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Text   string
		Blocks []struct {
			Type     string
			Text     struct{ Type, Text string }
			Elements []struct{ URL string }
		}
	}
	if err := json.Unmarshal(slack, &got); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(got.Text, "<>\n") || len(got.Blocks) != 3 || got.Blocks[2].Elements[0].URL != m.Link {
		t.Errorf("Slack gets %s", slack)
	}
	for _, b := range got.Blocks[:2] {
		if b.Text.Type != "plain_text" || !strings.Contains(b.Text.Text, "<!channel> *x*") || strings.ContainsAny(b.Text.Text, "\r\n") {
			t.Errorf("Slack reads %+v", b)
		}
	}
	teams, err := m.Teams()
	if err != nil {
		t.Fatal(err)
	}
	if text := string(teams); strings.Contains(text, `"TextBlock"`) || strings.Count(text, `"TextRun"`) != 2 || !strings.Contains(text, `"url":"https://bursar.example/budgets"`) {
		t.Errorf("Teams gets %s", text)
	}
	subject, text := m.Mail()
	if strings.ContainsAny(subject, "\r\n\u2028") || strings.Count(text, "\n") != 5 {
		t.Errorf("mail is %q with\n%s", subject, text)
	}
}

func FuzzForms(f *testing.F) {
	f.Add(hostile, "Of", hostile)
	f.Add(strings.Repeat("ü", 3000), "\xff", "\x00")
	f.Fuzz(func(t *testing.T, title, name, value string) {
		m := notify.Message{Title: title, Facts: []notify.Fact{{Name: name, Value: value}}}
		for form, write := range map[string]func() ([]byte, error){"Slack": m.Slack, "Teams": m.Teams, "JSON": m.JSON} {
			if text, err := write(); err != nil || !json.Valid(text) {
				t.Fatalf("%s: %s (%v)", form, text, err)
			}
		}
		subject, text := m.Mail()
		if strings.ContainsAny(subject, "\r\n\x00") || !utf8.ValidString(subject) || len(subject) > 200 || strings.Count(text, "\n") != 3 {
			t.Fatalf("mail is %q with %q", subject, text)
		}
	})
}
