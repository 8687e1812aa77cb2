package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// callsOf books a call of each agent.
func callsOf(t *testing.T, s *app.Server, agents ...string) {
	t.Helper()
	callsBy(t, s, auth.Local(), agents...)
}

// callsBy books a call of each agent, in the scope of whoever tells it.
func callsBy(t *testing.T, s *app.Server, who auth.Identity, agents ...string) {
	t.Helper()
	var events []string
	for i, agent := range agents {
		events = append(events, fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"till%s","id":"%s-%d-%d","time":"2026-11-19T10:00:00Z",`+
			`"data":{"seller":"acme","requested_model":"large","scope":{"agent":%q},"usage":{"input_tokens":1000000}}}`, who.Token, agent, i, len(agents), agent))
	}
	receipt, err := s.Accept(t.Context(), who, []byte("["+strings.Join(events, ",")+"]"))
	if err == nil {
		err = s.Ingest.CatchUp(t.Context())
	}
	if err != nil || receipt.Accepted != len(agents) {
		t.Fatalf("%+v, %v", receipt, err)
	}
}

// entriesOf lists what the register has, by name and owner.
func entriesOf(t *testing.T, a *app.App, q api.RegisterQuestion) (names []string) {
	t.Helper()
	q.Most = max(q.Most, 100)
	found, err := a.Registered(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found.Items {
		names = append(names, fmt.Sprintf("%s of %s, %s, %d calls, called %v", e.Name, e.Team, e.Status, e.Calls, e.Names))
	}
	return names
}

func change(t *testing.T, s *app.Server, c register.Change) {
	t.Helper()
	c.Kind = register.Agent
	if _, err := s.ChangeRegister(t.Context(), auth.Local(), c, false); err != nil {
		t.Fatal(err)
	}
}

// TestTheRegisterOutlivesTheServer finds names, has them claimed and merged, and
// books by that after the folder is opened again.
func TestTheRegisterOutlivesTheServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serverIn(t, data)
	callsOf(t, s, "helper", "helper", "triage", "ada@example.org")
	want := []string{"helper of , discovered, 2 calls, called []", "triage of , discovered, 1 calls, called []"}
	if diff := cmp.Diff(want, entriesOf(t, s.App, api.RegisterQuestion{})); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	noted := entries(t, s)
	change(t, s, register.Change{Act: register.Claim, Names: []string{"triage"}, Team: "support"})
	change(t, s, register.Change{Act: register.Merge, Names: []string{"helper"}, To: "triage"})
	if got := entries(t, s); got != noted+2 {
		t.Errorf("the trail has %d entries of two changes", got-noted)
	}
	if _, err := s.ChangeRegister(t.Context(), auth.Local(), register.Change{Act: register.Rename, Kind: register.Agent, Names: []string{"x"}, To: "helper"}, true); spend.KindOf(err) != spend.KindConflict {
		t.Errorf("renamed to what is there: %v", err)
	}
	callsOf(t, s, "helper", "other", "late")
	want = []string{"triage of support, claimed, 4 calls, called [helper]", "late of , discovered, 1 calls, called []", "other of , discovered, 1 calls, called []"}
	if diff := cmp.Diff(want, entriesOf(t, s.App, api.RegisterQuestion{})); diff != "" {
		t.Errorf("after the merge (-want +got):\n%s", diff)
	}
	closed(t, s)
	s = serverIn(t, data)
	defer closed(t, s)
	if diff := cmp.Diff(want, entriesOf(t, s.App, api.RegisterQuestion{})); diff != "" {
		t.Errorf("opened again (-want +got):\n%s", diff)
	}
	if got := entriesOf(t, s.App, api.RegisterQuestion{Unowned: true, Most: 1}); len(got) != 2 || !strings.HasPrefix(got[0], "late of ,") {
		t.Errorf("nobody's: %v", got)
	}
	q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Calls}, By: []spend.Dimension{"team", "agent", "rule"}}
	table, err := s.Answer(t.Context(), &q)
	if err != nil {
		t.Fatal(err)
	}
	booked := map[string]string{}
	for _, r := range table.Rows {
		booked[strings.Join(r.Keys, "/")] = r.Values[0].String()
	}
	for keys, n := range map[string]string{"support/triage/register": "1", "/helper/": "2", "/triage/": "1"} {
		if booked[keys] != n {
			t.Errorf("%s has %q calls, want %s: %v", keys, booked[keys], n, booked)
		}
	}
}

// TestWhatADocumentAndACommandSayIsOneRegister applies, changes, exports and
// applies again.
func TestWhatADocumentAndACommandSayIsOneRegister(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	const text = "kind: register\nname: support\nagents:\n  - {name: triage, team: support, names: [{name: helper}]}\n"
	if tried := applied(t, s, true, text); len(tried) != 2 || len(entriesOf(t, s.App, api.RegisterQuestion{})) != 0 {
		t.Errorf("trying changed %v", tried)
	}
	applied(t, s, false, text)
	change(t, s, register.Change{Act: register.Claim, Names: []string{"triage"}, Team: "service"})
	change(t, s, register.Change{Act: register.Retire, Names: []string{"letters"}})
	kept, err := s.Applied(t.Context())
	if err != nil || len(kept) != 1 || kept[0].Name != "register" || kept[0].By != "system" {
		t.Fatalf("exported %+v, %v", kept, err)
	}
	if again := applied(t, s, false, kept[0].Text); len(again) != 0 {
		t.Errorf("what is exported changes %v", again)
	}
	back := applied(t, s, false, text)
	if len(back) != 1 || back[0].What != "agent triage: claimed, team service -> claimed, team support" {
		t.Errorf("the file again changes %v", back)
	}
	want := []string{"letters of , retired, 0 calls, called []", "triage of support, claimed, 0 calls, called [helper]"}
	if diff := cmp.Diff(want, entriesOf(t, s.App, api.RegisterQuestion{Kind: register.Agent})); diff != "" {
		t.Errorf("the register (-want +got):\n%s", diff)
	}
	if _, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, "kind: register\nagents: [{name: helper, names: [{name: triage}]}]\n")}); spend.KindOf(err) != spend.KindInvalid {
		t.Errorf("a circle of document and register: %v", err)
	}
}

// TestTheOrganisationOwnsToo lists what a team has in the organisation as its.
func TestTheOrganisationOwnsToo(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	applied(t, s, false, house, "kind: register\nworkflows: [{name: triage, purpose: sorts tickets}]\nagents: [{name: bot, team: sales}]\n")
	want := []string{"bot of sales, claimed, 0 calls, called []", "triage of support, claimed, 0 calls, called []"}
	if diff := cmp.Diff(want, entriesOf(t, s.App, api.RegisterQuestion{})); diff != "" {
		t.Errorf("the register (-want +got):\n%s", diff)
	}
	if got := entriesOf(t, s.App, api.RegisterQuestion{Scope: spend.Scope{BusinessUnit: "retail", Team: "support"}}); len(got) != 1 {
		t.Errorf("of one team: %v", got)
	}
	for _, c := range []struct {
		change register.Change
		want   []spend.Scope
	}{
		{register.Change{Act: register.Claim, Names: []string{"bot"}, Team: "support"}, []spend.Scope{{BusinessUnit: "retail", Team: "support"}, {Team: "sales"}}},
		{register.Change{Act: register.Claim, Kind: register.Application, Names: []string{"new"}, Team: "support"}, []spend.Scope{{BusinessUnit: "retail", Team: "support", Application: "new"}}},
		{register.Change{Act: register.Merge, Names: []string{"triage"}, To: "sorting"}, []spend.Scope{{BusinessUnit: "retail", Team: "support"}}},
		{register.Change{Act: register.Retire, Kind: register.Agent, Names: []string{"nobody"}}, []spend.Scope{{}}},
	} {
		_, got, err := s.Touched(t.Context(), c.change)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s %v: %v (-want +got):\n%s", c.change.Act, c.change.Names, err, diff)
		}
	}
	if _, _, err := s.Touched(t.Context(), register.Change{Act: register.Retire, Names: []string{"nobody"}}); spend.KindOf(err) != spend.KindNotFound {
		t.Errorf("of no kind: %v", err)
	}
}

// TestAClaimIsAboutWhoeverUsesIt claims agents that nobody answers for.
func TestAClaimIsAboutWhoeverUsesIt(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	applied(t, s, false, house)
	by := func(token string, scope spend.Scope) auth.Identity {
		return auth.Identity{Token: token, Grants: []auth.Grant{{Role: auth.Ingest, Scope: scope}}}
	}
	callsOf(t, s, "letters")
	callsBy(t, s, by("a", spend.Scope{BusinessUnit: "retail", Team: "support"}), "own", "shared")
	callsBy(t, s, by("b", spend.Scope{BusinessUnit: "retail"}), "unit")
	callsBy(t, s, by("c", spend.Scope{BusinessUnit: "trade", Team: "sales"}), "shared")
	callsBy(t, s, by("d", spend.Scope{BusinessUnit: "trade"}), "helper")
	own := spend.Scope{BusinessUnit: "retail", Team: "support"}
	claims := func(want map[string][]spend.Scope) {
		t.Helper()
		for name, scopes := range want {
			_, got, err := s.Touched(t.Context(), register.Change{Act: register.Claim, Kind: register.Agent, Names: []string{name}, Team: "support"})
			slices.SortFunc(got, func(a, b spend.Scope) int { return strings.Compare(a.BusinessUnit, b.BusinessUnit) })
			if diff := cmp.Diff(scopes, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
			}
		}
	}
	claims(map[string][]spend.Scope{"new": {own}, "letters": {own}, "own": {own, own}, "unit": {own, own}, "shared": {own, own, {BusinessUnit: "trade", Team: "sales"}}})
	change(t, s, register.Change{Act: register.Merge, Names: []string{"helper"}, To: "letters"})
	claims(map[string][]spend.Scope{"letters": {own, {BusinessUnit: "trade"}}}) // for the other name that it goes by
}

// TestTheDoctorSaysWhatIsNobodys until somebody claims it, or retires it.
func TestTheDoctorSaysWhatIsNobodys(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	callsOf(t, s, "helper", "helper", "triage", "letters")
	unowned := func() api.Finding {
		t.Helper()
		found, err := s.Doctor(t.Context(), noon())
		if err != nil {
			t.Fatal(err)
		}
		return found[slices.IndexFunc(found, func(f api.Finding) bool { return f.Name == "unowned" })]
	}
	if f := unowned(); f.State != api.Attention || !strings.HasPrefix(f.Msg, "3 applications, workflows and agents") || !strings.Contains(f.Msg, "agent helper with ") {
		t.Errorf("%+v", f)
	}
	change(t, s, register.Change{Act: register.Claim, Names: []string{"helper"}, Team: "support"})
	change(t, s, register.Change{Act: register.Retire, Names: []string{"letters"}})
	if f := unowned(); !strings.HasPrefix(f.Msg, "1 applications, workflows and agents") {
		t.Errorf("%+v", f)
	}
	change(t, s, register.Change{Act: register.Merge, Names: []string{"triage"}, To: "helper"})
	if f := unowned(); f.State != api.Healthy {
		t.Errorf("%+v", f)
	}
}
