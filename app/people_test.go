package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// usersMapping keys its rows by who and when, as usage exports do.
const usersMapping = `mapping: bursar/1
name: users
format: csv
rank: gateway
key: [user, at]
time: {field: at, format: rfc3339}
fields:
  seller: {value: openai}
  requested_model: {value: gpt-5}
  principal: user
  team: team
  workflow: workflow
usage:
  convention: inclusive
  input: input_tokens
`

// users writes a CSV file of a few calls of some people.
func users(t *testing.T, rows ...string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("user,at,team,workflow,input_tokens\n")
	for i, row := range rows {
		user, workflow, _ := strings.Cut(row, " ")
		fmt.Fprintf(&b, "%s,%s,claims,%s,%d\n", user, noon().Add(time.Duration(i)*time.Second).Format(time.RFC3339), workflow, 1000+i)
	}
	return write(t, "users.csv", b.String())
}

func openFolder(t *testing.T, data string, p app.Privacy) *app.App {
	t.Helper()
	a, err := app.Open(app.Config{Data: data, Create: true, Now: func() time.Time { return noon().Add(time.Hour) }, Privacy: p})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func shut(t *testing.T, a *app.App) {
	t.Helper()
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func importUsers(t *testing.T, a *app.App, path string) ingest.Result {
	t.Helper()
	m, err := connect.ParseMapping([]byte(usersMapping))
	if err != nil {
		t.Fatal(err)
	}
	result, err := a.Import(t.Context(), app.File{Path: path, Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// found lists the files of a folder that hold a text, whatever its case.
func found(t *testing.T, folder, text string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(bytes.ToLower(content), []byte(strings.ToLower(text))) {
			files = append(files, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sealed is everything of a ledger that a closed period rests on: its lines, its
// answer and the audit trail up to a head.
type sealed struct {
	Lines  map[string]string
	Answer spend.Table
	Trail  []auth.AuditRow
}

func seal(t *testing.T, a *app.App) (s sealed) {
	t.Helper()
	s.Lines = map[string]string{}
	err := a.Lake.EachLine(t.Context(), func(c *spend.Charge) error {
		text, err := json.Marshal(c)
		s.Lines[c.ID.String()] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, By: []spend.Dimension{"team"}, Measures: []spend.Measure{spend.Cost, spend.Calls, spend.People}}
	if s.Answer, err = a.Answer(t.Context(), &q); err != nil {
		t.Fatal(err)
	}
	if err := a.State.Read(t.Context(), func(tx *state.Tx) (err error) { s.Trail, err = tx.AuditAfter(t.Context(), 0, 100); return err }); err != nil {
		t.Fatal(err)
	}
	return s
}

// mention leaves a person in an answered request, an applied document and the
// directory's own card.
func mention(ctx context.Context, tx *state.Tx) error {
	card, _, err := tx.PersonByExternalID(ctx, "ada.canary@example.org")
	if err != nil {
		return err
	}
	card.Name, card.Email = "Ada Canary-Quill", "ada.canary@example.org"
	if err := tx.PutPerson(ctx, card); err != nil {
		return err
	}
	request := state.Request{Scope: "s", Key: "k", Digest: "d", Expires: tx.Now().Add(time.Hour)}
	if err := tx.Remember(ctx, request, `{"name":"Ada Canary-Quill"}`); err != nil {
		return err
	}
	_, err = tx.Apply(ctx, state.Applied{Name: "organisation", YAML: "kind: organisation\n# lead: ada.canary@example.org\n", By: "system"})
	return err
}

func TestErasureLeavesSealedTotalsUnchanged(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	path := users(t, "Ada.Canary@example.org triage", "b@example.org triage", "c triage", "d triage", "e triage", "ada.canary@example.org letters")
	a := openFolder(t, data, app.Privacy{})
	if so := importUsers(t, a, path); so.Booked != 6 {
		t.Fatalf("%+v, want 6 booked", so)
	}
	if err := a.State.Write(t.Context(), func(tx *state.Tx) error { return mention(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	shut(t, a)
	if in := found(t, data, "canary"); len(in) != 1 || in[0] != "state.db" {
		t.Fatalf("the name is in %q, want the state alone", in)
	}
	a = openFolder(t, data, app.Privacy{})
	before := seal(t, a)
	principal, err := a.ErasePerson(t.Context(), auth.System(), "ada.canary@example.org")
	if err != nil || len(principal) != 26 {
		t.Fatalf("erased %q, %v", principal, err)
	}
	if in := found(t, data, "canary"); len(in) != 0 {
		t.Errorf("with the folder still open the name is in %q", in)
	}
	after := seal(t, a)
	if len(after.Trail) != 1 || !strings.Contains(after.Trail[0].Entry, principal) {
		t.Errorf("the audit trail holds %v, want the erasure", after.Trail)
	}
	after.Trail = before.Trail
	if diff := cmp.Diff(before, after, cmp.Comparer(func(a, b *time.Location) bool { return a == b })); diff != "" {
		t.Errorf("the erasure changed the books (-before +after)\n%s", diff)
	}
	if _, err := a.ErasePerson(t.Context(), auth.System(), "ada.canary@example.org"); spend.KindOf(err) != spend.KindNotFound {
		t.Errorf("erased again: %v", err)
	}
	shut(t, a)
	if in := found(t, data, "canary"); len(in) != 0 {
		t.Errorf("after closing the name is in %q", in)
	}
}

func TestAnErasedPersonsFileComesAgain(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	path := users(t, "ada@example.org triage", "bo triage")
	a := openFolder(t, data, app.Privacy{})
	importUsers(t, a, path)
	before := seal(t, a)
	if _, err := a.ErasePerson(t.Context(), auth.System(), "ada@example.org"); err != nil {
		t.Fatal(err)
	}
	renamed := filepath.Join(filepath.Dir(path), "renamed.csv")
	if err := os.Rename(path, renamed); err != nil {
		t.Fatal(err)
	}
	if so := importUsers(t, a, renamed); so.Duplicates != 2 || so.Quarantined+so.Corrections+so.Booked != 0 {
		t.Errorf("%+v, want two duplicates", so)
	}
	if diff := cmp.Diff(before.Lines, seal(t, a).Lines); diff != "" {
		t.Errorf("the file changed the books (-before +after)\n%s", diff)
	}
	shut(t, a)
}

func TestAnswersShowPeopleInGroups(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	var rows []string
	for i := range 11 {
		rows = append(rows, fmt.Sprintf("user%d %s", i, []string{"triage", "drafting"}[i/6]))
	}
	a := openFolder(t, data, app.Privacy{})
	importUsers(t, a, users(t, append(rows, "user1 letters", "user2 appeals")...))
	ask := func(a *app.App, q spend.Query) (spend.Table, error) {
		q.Book, q.Axis = spend.Metered, spend.ByUse
		return a.Answer(t.Context(), &q)
	}
	byWorkflow := spend.Query{By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Calls, spend.People}}
	table, err := ask(a, byWorkflow)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(table.Totals.Values)
	for _, r := range table.Rows {
		got += fmt.Sprintf(" %q %v %t", r.Keys, r.Values, r.Few)
	}
	if table.Totals.Other == (money.Amount{}) {
		t.Error("what the merged groups cost is not told")
	}
	if want := `[13 11] ["triage"] [6 6] false [""] [7 unknown] true`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	single := spend.Query{By: []spend.Dimension{"principal"}, Measures: []spend.Measure{spend.Calls}}
	if _, err := ask(a, single); spend.KindOf(err) != spend.KindForbidden {
		t.Errorf("single persons are shown: %v", err)
	}
	shut(t, a)
	a = openFolder(t, data, app.Privacy{PersonViews: true})
	if table, err = ask(a, single); err != nil || len(table.Rows) != 11 {
		t.Errorf("%d rows, %v, want eleven people", len(table.Rows), err)
	}
	one := spend.Query{By: []spend.Dimension{"workflow"}, Measures: []spend.Measure{spend.Calls},
		Where: []spend.Filter{{By: "principal", Values: []string{table.Rows[0].Keys[0]}}}}
	if table, err = ask(a, one); err != nil || len(table.Rows) != 1 || len(table.Rows[0].Values) != 1 {
		t.Errorf("%+v, %v, want one row of one figure", table.Rows, err)
	}
	shut(t, a)
}

func TestTooManyNewLabelsAreTold(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	till := admin.as(t, "events")
	var events []string
	for i := range 1003 {
		events = append(events, strings.Replace(posted(i), `"usage"`, fmt.Sprintf(`"scope":{"customer":"c%d"},"usage"`, i), 1))
	}
	status, answer := till.ask(t, http.MethodPost, "/api/v1/events", "["+strings.Join(events, ",")+"]")
	if status != http.StatusAccepted || !strings.Contains(answer, `"accepted":1003`) || !strings.Contains(answer, `"capped":3`) ||
		!strings.Contains(answer, "limits.new_labels_per_hour") {
		t.Fatalf("%d %s", status, answer)
	}
}
