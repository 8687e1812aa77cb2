package auth_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

var update = flag.Bool("update", false, "rewrite the matrix in testdata")

func claims() spend.Scope { return spend.Scope{BusinessUnit: "retail", Team: "claims"} }
func sales() spend.Scope  { return spend.Scope{BusinessUnit: "retail", Team: "sales"} }

func holder(role auth.Role) auth.Identity {
	return auth.Identity{Token: "abcdefgh", Method: auth.ByToken, Grants: []auth.Grant{{Role: role, Scope: claims()}}}
}

func allowed(role auth.Role, action auth.Action, scope spend.Scope) bool {
	return auth.Authorise(holder(role), action, auth.Target{Scope: scope, PreparedBy: "token/zzzzzzzz"}).Allowed
}

// TestMatrix holds every role × every action × own and foreign scope against
// the golden file, which is there to be read in a review.
func TestMatrix(t *testing.T) {
	t.Parallel()
	var matrix strings.Builder
	fmt.Fprintf(&matrix, "%-22s", "action")
	for _, role := range auth.Roles() {
		fmt.Fprintf(&matrix, "%-10s", role)
	}
	for _, action := range auth.Actions() {
		fmt.Fprintf(&matrix, "\n%-22s", action)
		for _, role := range auth.Roles() {
			fmt.Fprintf(&matrix, "%-10s", reach(t, role, action))
		}
	}
	got := regularLines(matrix.String())
	const file = "testdata/matrix.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the matrix changed; -update if that is meant (-want +got):\n%s", diff)
	}
}

func reach(t *testing.T, role auth.Role, action auth.Action) string {
	mine, foreign := allowed(role, action, claims()), allowed(role, action, sales())
	switch {
	case foreign && !mine:
		t.Errorf("%s may %s in a foreign scope only", role, action)
	case foreign:
		return "all"
	case mine:
		return "own"
	}
	return "-"
}

func regularLines(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}

// TestEachActionHasAnEntry reads the constants of action.go: one that table.go
// forgets is denied to everybody, and fails here.
func TestEachActionHasAnEntry(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []auth.Action
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Action" || len(spec.Values) != 1 {
			t.Errorf("%s is no single Action", spec.Names[0].Name)
			return false
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Error(err)
		}
		declared = append(declared, auth.Action(text))
		return false
	})
	known := auth.Actions()
	slices.Sort(declared)
	slices.Sort(known)
	if diff := cmp.Diff(declared, known); diff != "" {
		t.Errorf("action.go and table.go differ (-declared +in the table):\n%s", diff)
	}
	if len(slices.Compact(known)) != len(auth.Actions()) {
		t.Error("an action has two rows")
	}
}

func TestAuthorise(t *testing.T) {
	t.Parallel()
	narrow := holder(auth.Ingest)
	narrow.Kind = auth.TelemetryToken
	everywhere := auth.Identity{Token: "abcdefgh", Grants: []auth.Grant{{Role: auth.Viewer}}}
	leadOfNothing := auth.Identity{Token: "abcdefgh", Grants: []auth.Grant{{Role: auth.Lead}}}
	below := auth.Identity{Grants: []auth.Grant{{Role: auth.Viewer, Scope: spend.Scope{Workflow: "triage"}}}}
	two := auth.Identity{Principal: "p", Grants: []auth.Grant{{Role: auth.Lead, Scope: claims()}, {Role: auth.Viewer, Scope: sales()}}}
	triage := claims()
	triage.Application = "triage"
	for _, c := range []struct {
		name   string
		who    auth.Identity
		action auth.Action
		target auth.Target
		want   bool
	}{
		{"an application in the team", holder(auth.Lead), auth.BudgetChange, auth.Target{Scope: triage}, true},
		{"a team that is not named", holder(auth.Lead), auth.BudgetChange, auth.Target{Scope: spend.Scope{BusinessUnit: "retail"}}, false},
		{"the whole organisation", holder(auth.Lead), auth.BudgetChange, auth.Target{}, false},
		{"an empty scope is everything", everywhere, auth.SpendRead, auth.Target{}, true},
		{"a lead of nothing", leadOfNothing, auth.SpendRead, auth.Target{}, false},
		{"a grant below the application", below, auth.SpendRead, auth.Target{Scope: spend.Scope{Workflow: "triage"}}, false},
		{"the second role", two, auth.SpendRead, auth.Target{Scope: sales()}, true},
		{"roles do not mix scopes", two, auth.BudgetChange, auth.Target{Scope: sales()}, false},
		{"its own door", narrow, auth.TelemetryWrite, auth.Target{Scope: claims()}, true},
		{"another door of the role", narrow, auth.ImportWrite, auth.Target{Scope: claims()}, false},
		{"an unknown action", holder(auth.Admin), "spend.erase", auth.Target{}, false},
		{"no action", holder(auth.Admin), "", auth.Target{}, false},
		{"an unknown role", holder("root"), auth.SpendRead, auth.Target{Scope: claims()}, false},
		{"nobody", auth.Identity{}, auth.PriceRead, auth.Target{}, false},
		{"the program", auth.System(), auth.TokenManage, auth.Target{}, false},
		{"another's plan", holder(auth.Admin), auth.PlanApprove, auth.Target{PreparedBy: "person/x"}, true},
		{"one's own plan", holder(auth.Admin), auth.PlanApprove, auth.Target{PreparedBy: "token/abcdefgh"}, false},
		{"nobody's plan", holder(auth.Admin), auth.PlanApprove, auth.Target{}, false},
	} {
		d := auth.Authorise(c.who, c.action, c.target)
		if d.Allowed != c.want || d.Reason == "" {
			t.Errorf("%s: want %t with a reason, got %+v", c.name, c.want, d)
		}
	}
}

func TestGrantValidate(t *testing.T) {
	t.Parallel()
	for _, g := range []auth.Grant{
		{}, {Role: "root"}, {Role: auth.Lead},
		{Role: auth.Viewer, Scope: spend.Scope{Workflow: "w"}},
		{Role: auth.Viewer, Scope: spend.Scope{Tags: map[string]string{"a": "b"}}},
	} {
		if err := g.Validate(); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%+v: want invalid with a hint, got %v", g, err)
		}
	}
}
