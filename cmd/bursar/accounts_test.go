package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// linesIn gives the lines that stand in a closed ledger, by the run that they name.
func linesIn(t *testing.T, data string) map[string][]spend.Charge {
	t.Helper()
	a, err := app.Open(app.Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var all []spend.Charge
	reversed := map[spend.ID]bool{}
	err = a.Lake.EachLine(t.Context(), func(c *spend.Charge) error {
		if c.Calls < 0 {
			reversed[c.Corrects] = true
			return nil
		}
		all = append(all, *c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	by := map[string][]spend.Charge{}
	for i := range all {
		if run := all[i].Scope.Run; !reversed[all[i].ID] {
			by[run[strings.LastIndex(run, "/")+1:]] = append(by[run[strings.LastIndex(run, "/")+1:]], all[i])
		}
	}
	return by
}

// account is how the requests that a vendor saw stand in the ledger: exact to the last
// token, failed, or of unknown or partly known usage.
type account struct {
	exact, failed, partly int
	unsent                int // lines of attempts that the vendor has not seen
}

// audit sets each request that the vendor saw against one line, and each line against
// one request. Nothing else may be there but attempts whose request never left.
func (v *vendor) audit(t *testing.T, lines map[string][]spend.Charge) (all account) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	left := slices.Clone(v.seen)
	for _, look := range []struct {
		fits  func(*sighted, *spend.Charge) bool
		count *int
	}{{exact, &all.exact}, {failed, &all.failed}, {partly, &all.partly}} { // what is sure goes first
		left = slices.DeleteFunc(left, func(a sighted) bool {
			i := slices.IndexFunc(lines[a.marker], func(c spend.Charge) bool { return look.fits(&a, &c) })
			if i < 0 {
				return false
			}
			lines[a.marker] = slices.Delete(lines[a.marker], i, i+1)
			*look.count++
			return true
		})
	}
	for _, a := range left {
		t.Errorf("the vendor saw %+v, and no line tells of it", a)
	}
	for marker, rest := range lines {
		for i := range rest {
			if c := &rest[i]; !unsent(c) {
				t.Errorf("%s: a line is settled as %s by %s with %d tokens, and the vendor saw no such request", marker, c.Status, c.UsageSource, c.Usage.PromptTokens())
			}
			all.unsent++
		}
	}
	return all
}

func exact(a *sighted, c *spend.Charge) bool {
	return a.tokens > 0 && c.UsageSource == spend.UsageProvider && c.Response == a.id && c.Usage.PromptTokens() == a.tokens && c.Effective.Valid && tellsItself(c)
}

func failed(a *sighted, c *spend.Charge) bool {
	return a.tokens == 0 && c.Status == spend.StatusError && c.UsageSource == spend.UsageNone && tellsItself(c)
}

// partly is what the end of the server or of the client left of a call.
func partly(_ *sighted, c *spend.Charge) bool {
	known := c.UsageSource != spend.UsageNone && c.UsageSource != spend.UsageProvider
	return known && (c.Status == spend.StatusInterrupted || c.Status == spend.StatusAborted) && tellsItself(c)
}

// unsent is the line of an attempt that began, and whose request may not have left.
func unsent(c *spend.Charge) bool {
	return c.UsageSource == spend.UsageNone && tellsItself(c) || c.UsageSource == spend.UsageUnobserved && partly(nil, c)
}

// tellsItself says that a line is clear about its state: what is known has an amount, and of the
// rest the most that it may cost is exposed.
func tellsItself(c *spend.Charge) bool {
	if c.Calls != 1 || c.UsageSource == "" {
		return false
	}
	if c.UsageSource == spend.UsageUnobserved {
		return !c.Effective.Valid && c.Exposure.Sign() > 0
	}
	return c.Effective.Valid && c.Exposure.IsZero()
}

// fiveBudgets look at one call from the organisation down to its key.
const fiveBudgets = `kind: budget
name: five
budgets:
  - {id: organisation, amount: 100000, currency: USD, period: year, at_limit: stop, override: {reason: a test, until: 2099-01-01}}
  - {id: team, scope: {team: t}, amount: 100000, currency: USD, period: year, at_limit: stop, override: {reason: a test, until: 2099-01-01}}
  - {id: application, scope: {application: a}, amount: 100000, currency: USD, period: year, at_limit: stop, override: {reason: a test, until: 2099-01-01}}
  - {id: workflow, scope: {workflow: w0}, amount: 100000, currency: USD, period: year, at_limit: stop, override: {reason: a test, until: 2099-01-01}}
  - {id: keys, each: credential, amount: 100000, currency: USD, period: year, at_limit: stop}
`

// applyBudgets puts the five in force.
func applyBudgets(t *testing.T, data string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "five.yaml")
	if err := os.WriteFile(file, []byte(fiveBudgets), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := bursar("apply", "-f", file, "--yes", "--data", data).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// checkBudgets sets the counters of a server at rest against sums of its ledger, and asks
// its doctor. Nothing may be held.
func (s *server) checkBudgets(t *testing.T, data string) {
	t.Helper()
	var list api.BudgetList
	s.read(t, data, "/api/v1/budgets", &list)
	var bill api.Envelope
	s.read(t, data, "/api/v1/spend?by=team,application,workflow,credential&measures=cost,exposure", &bill)
	if len(list.Items) < 5 && len(bill.Rows) > 0 {
		t.Errorf("%d budgets are counted, want five or more", len(list.Items))
	}
	for i := range list.Items {
		b := &list.Items[i]
		if sum := used(b, bill.Rows); b.Booked != sum || !b.Settled.IsZero() || !b.Held.IsZero() {
			t.Errorf("budget %s %v counts %s booked, %s settled and %s held; the ledger sums to %s", b.Budget, b.Each, b.Booked, b.Settled, b.Held, sum)
		}
	}
	s.checkDoctor(t, data)
}

// checkDoctor asks the doctor, who counts everything once more, at rest or in the midst
// of calls.
func (s *server) checkDoctor(t *testing.T, data string) {
	t.Helper()
	var report api.Report
	s.read(t, data, "/api/v1/doctor", &report)
	for _, f := range report.Findings {
		if f.State == api.Broken {
			t.Errorf("the doctor finds %+v", f)
		}
	}
}

// used sums what a budget looks at: cost and exposure.
func used(b *api.BudgetStanding, rows []api.EnvelopeRow) (sum money.Amount) {
	for _, row := range rows {
		within := true
		for name, want := range map[spend.Dimension]string{
			"team": b.Scope.Team, "application": b.Scope.Application, "workflow": b.Scope.Workflow, "credential": b.Each["credential"],
		} {
			within = within && (want == "" || row.Keys[name] == want)
		}
		for _, measure := range []string{"cost", "exposure"} {
			if within {
				sum, _ = sum.Add(row.Values[spend.Measure(measure)].Amount) // far below all amounts
			}
		}
	}
	return sum
}

// read asks the server as its administrator.
func (s *server) read(t *testing.T, data, path string, into any) {
	t.Helper()
	status, text := s.ask(t, http.MethodGet, path, adminToken(t, data), "")
	if err := json.Unmarshal([]byte(text), into); err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, status, text)
	}
}
