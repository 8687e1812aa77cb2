package app_test

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the table of docs/metrics.md, and what the ledger says in scenarios of telemetry")

const metricsPage = "../docs/metrics.md"

// TestThePageOfFiguresIsWhatIsTold lets every figure come about, and compares what is
// told with the table of the page.
func TestThePageOfFiguresIsWhatIsTold(t *testing.T) {
	t.Parallel()
	admin := passing(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		model := regexp.MustCompile(`"model":"([^"]+)"`).FindSubmatch(body)[1]
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"id":"c-%s","model":%q,"choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":10,"total_tokens":1010}}`, model, model)
	})
	caller := admin.as(t, "gateway")
	for _, model := range []string{"gpt-5", "nobody-prices-this"} {
		if status, text := caller.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"`+model+`","max_tokens":10,"messages":[]}`); status != http.StatusOK {
			t.Fatalf("%d %s", status, text)
		}
	}
	admin.apply(t, "kind: budget\nbudgets: [{id: b/month, scope: {application: b}, amount: 0.000001, currency: USD, period: month, at_limit: stop, override: {reason: a test, until: 2099-01-01}}]\n")
	other := admin.within(t, "gateway", `{"business_unit":"u","team":"t","application":"b"}`)
	if status, text := other.ask(t, http.MethodPost, "/openai/v1/chat/completions", `{"model":"gpt-5","max_tokens":10,"messages":[]}`); status != http.StatusPaymentRequired {
		t.Fatalf("beyond a budget: %d %s", status, text)
	}
	if status, _ := admin.ask(t, http.MethodPost, "/openai/v1/chat/completions", "{}"); status != http.StatusUnauthorized {
		t.Fatalf("a key of another kind: %d", status)
	}
	till := admin.as(t, "events")
	for range 2 {
		if status, text := till.ask(t, http.MethodPost, "/api/v1/events", posted(1)); status != http.StatusAccepted {
			t.Fatalf("%d %s", status, text)
		}
		admin.settled(t)
	}
	status, text := admin.ask(t, http.MethodGet, "/metrics", "")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	page, err := os.ReadFile(metricsPage)
	if err != nil {
		t.Fatal(err)
	}
	const begins, ends = "|---|---|---|---|\n", "\nBeside them"
	head, rest, _ := strings.Cut(string(page), begins)
	old, tail, found := strings.Cut(rest, ends)
	if !found {
		t.Fatal("the page has no table of figures")
	}
	table := strings.Join(rows(text), "\n") + "\n"
	if *update {
		if err := os.WriteFile(metricsPage, []byte(head+begins+table+ends+tail), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(old, "\n"), strings.Split(table, "\n")); diff != "" {
		t.Errorf("the page is old, write it with -update (-page +told):\n%s", diff)
	}
}

var (
	helpLine  = regexp.MustCompile(`^# HELP (bursar_\S+) (.*)$`)
	typeLine  = regexp.MustCompile(`^# TYPE (bursar_\S+) (\S+)$`)
	labelName = regexp.MustCompile(`[{,]([a-z_]+)="`)
)

// rows are the lines of the table, by the text that a monitoring system gets.
func rows(text string) (rows []string) {
	kind, help, labels, name := "", "", map[string]bool{}, ""
	end := func() {
		if name != "" {
			all := []string{}
			for label := range labels {
				all = append(all, "`"+label+"`")
			}
			slices.Sort(all)
			rows = append(rows, fmt.Sprintf("| `%s` | %s | %s | %s |", name, kind, strings.Join(all, ", "), help))
		}
		name = ""
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "# HELP") {
			end()
		}
		if m := helpLine.FindStringSubmatch(line); m != nil {
			name, help, labels = m[1], m[2], map[string]bool{}
		}
		if m := typeLine.FindStringSubmatch(line); m != nil {
			kind = m[2]
		}
		if name != "" && strings.HasPrefix(line, name) {
			for _, m := range labelName.FindAllStringSubmatch(line, -1) {
				labels[m[1]] = true
			}
		}
	}
	end()
	return rows
}
