package api_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

var update = flag.Bool("update", false, "rewrite openapi.yaml")

// walk says how a route is called for a scope, and what the call is about.
type walk struct {
	url    string
	body   string
	target func(asked spend.Scope) spend.Scope
}

func everything(spend.Scope) spend.Scope     { return spend.Scope{} }
func asItSays(asked spend.Scope) spend.Scope { return asked }
func withinOwn(spend.Scope) spend.Scope      { return claims() }

func walks(s spend.Scope) map[string]walk {
	condition := fmt.Sprintf(`{"by":"business_unit","values":[%q]},{"by":"team","values":[%q]}`, s.BusinessUnit, s.Team)
	query := strings.Replace(question, `"measures"`, `"where":[`+condition+`],"measures"`, 1)
	byParams := "/api/v1/spend?where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team
	return map[string]walk{
		"POST /api/v1/events":                   {"/api/v1/events", `{}`, withinOwn},
		"POST /api/v1/imports":                  {"/api/v1/imports", form, withinOwn},
		"GET /api/v1/imports/logs/{program}":    {"/api/v1/imports/logs/codex", "", withinOwn},
		"POST /api/v1/purchases":                {"/api/v1/purchases", "[" + bought + "]", withinOwn},
		"POST /api/v1/query":                    {"/api/v1/query", query, asItSays},
		"GET /api/v1/spend":                     {byParams, "", asItSays},
		"GET /api/v1/spend/hours":               {strings.Replace(byParams, "spend", "spend/hours", 1), "", asItSays},
		"GET /api/v1/audit":                     {"/api/v1/audit", "", everything},
		"GET /api/v1/views":                     {"/api/v1/views", "", withinOwn},
		"POST /api/v1/views":                    {"/api/v1/views", `{"name":"risk","page":"/explore","query":"range=mtd"}`, withinOwn},
		"DELETE /api/v1/views/{name}":           {"/api/v1/views/risk", "", withinOwn},
		"GET /api/v1/pulse":                     {"/api/v1/pulse", "", withinOwn},
		"GET /api/v1/workflows":                 {"/api/v1/workflows?where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays},
		"GET /api/v1/agents":                    {"/api/v1/agents?where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays},
		"GET /api/v1/adoption":                  {"/api/v1/adoption?where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays},
		"GET /api/v1/runs":                      {"/api/v1/runs?where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays},
		"GET /api/v1/runs/{run...}":             {"/api/v1/runs/acme/run-1", "", withinOwn},
		"POST /api/v1/backups":                  {"/api/v1/backups", `{}`, everything},
		"GET /api/v1/backups":                   {"/api/v1/backups", "", everything},
		"GET /api/v1/doctor":                    {"/api/v1/doctor", "", everything},
		"GET /api/v1/audit/check":               {"/api/v1/audit/check", "", everything},
		"GET /api/v1/tokens":                    {"/api/v1/tokens", "", everything},
		"POST /api/v1/tokens":                   {"/api/v1/tokens", `{"kind":"events","name":"till"}`, everything},
		"POST /api/v1/tokens/{prefix}/rotate":   {"/api/v1/tokens/aaaaaaaa/rotate", `{"overlap":"24h"}`, everything},
		"DELETE /api/v1/tokens/{prefix}":        {"/api/v1/tokens/aaaaaaaa", "", everything},
		"GET /api/v1/people":                    {"/api/v1/people", "", everything},
		"POST /api/v1/people":                   {"/api/v1/people", `{"external_ids":["ada"]}`, everything},
		"POST /api/v1/people/find":              {"/api/v1/people/find", `{"who":"ada"}`, everything},
		"DELETE /api/v1/people/{principal}":     {"/api/v1/people/" + ada, "", everything},
		"POST /api/v1/people/{principal}/roles": {"/api/v1/people/" + ada + "/roles", `{"role":"viewer"}`, everything},
		"GET /api/v1/guardrails/{kind}/{name...}": {
			"/api/v1/guardrails/agent/desk", "", withinOwn,
		},
		"DELETE /api/v1/people/{principal}/roles": {
			"/api/v1/people/" + ada + "/roles?role=viewer", "", everything,
		},
		"GET /api/v1/prices/{seller}/{model...}": {"/api/v1/prices/acme/acme/large", "", everything},
		"GET /api/v1/roles":                      {"/api/v1/roles", "", everything},
		"GET /api/v1/sources":                    {"/api/v1/sources", "", everything},
		"GET /api/v1/prices":                     {"/api/v1/prices?search=large", "", everything},
		"POST /api/v1/prices/import":             {"/api/v1/prices/import", `{"name":"own.csv","text":"seller"}`, everything},
		"POST /api/v1/prices/restate":            {"/api/v1/prices/restate", `{"from":"2026-11-01"}`, everything},
		"POST /api/v1/apply":                     {"/api/v1/apply", `{"documents":[{"text":"kind: organisation"}]}`, everything},
		"GET /api/v1/applied":                    {"/api/v1/applied", "", everything},
		"GET /api/v1/attribution/coverage":       {"/api/v1/attribution/coverage", "", everything},
		"GET /api/v1/attribution/explain":        {"/api/v1/attribution/explain?attempt=mine", "", withinOwn},
		"GET /api/v1/discrepancies":              {"/api/v1/discrepancies", "", everything},
		"GET /api/v1/reconciliation":             {"/api/v1/reconciliation?period=2026-09", "", everything},
		"POST /api/v1/reconciliation/true-ups":   {"/api/v1/reconciliation/true-ups", `{"period":"2026-09","owner":"finance"}`, everything},
		"POST /api/v1/attribution/preview":       {"/api/v1/attribution/preview", `{"from":"2026-11-01"}`, everything},
		"POST /api/v1/attribution/restate":       {"/api/v1/attribution/restate", `{"from":"2026-11-01"}`, everything},
		"GET /api/v1/register":                   {"/api/v1/register", "", withinOwn},
		"GET /api/v1/register/{kind}/{name...}":  {"/api/v1/register/agent/acme/desk", "", withinOwn},
		"POST /api/v1/register":                  {"/api/v1/register", `{"act":"claim","kind":"agent","names":["desk"],"team":"` + s.Team + `"}`, asItSays},
		"GET /api/v1/budgets":                    {"/api/v1/budgets", "", withinOwn},
		"GET /api/v1/budgets/course":             {"/api/v1/budgets/course", "", withinOwn},
		"POST /api/v1/budgets/check":             {"/api/v1/budgets/check", `{"scope":{"business_unit":"` + s.BusinessUnit + `","team":"` + s.Team + `"}}`, asItSays},
		"GET /api/v1/notices":                    {"/api/v1/notices", "", withinOwn},
		"POST /api/v1/notices/retry":             {"/api/v1/notices/retry", `{"message":"m","channel":"room"}`, everything},
		"GET /api/v1/upstream-keys":              {"/api/v1/upstream-keys", "", everything},
		"POST /api/v1/upstream-keys":             {"/api/v1/upstream-keys", `{"name":"openai","secret":"x"}`, everything},
		"POST /api/v1/upstream-keys/reseal":      {"/api/v1/upstream-keys/reseal", `{}`, everything},
		"DELETE /api/v1/upstream-keys/{name}":    {"/api/v1/upstream-keys/openai", "", everything},
		"GET /api/v1/rates":                      {"/api/v1/rates", "", everything},
		"GET /api/v1/periods":                    {"/api/v1/periods", "", everything},
		"POST /api/v1/periods":                   {"/api/v1/periods", `{"period":"2026-10"}`, everything},
		"POST /api/v1/rates":                     {"/api/v1/rates", "[" + euro + "]", everything},
		"GET /api/v1/dimensions/{dimension}/values": {
			"/api/v1/dimensions/workflow/values?where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays,
		},
		"GET /api/v1/explain": {
			"/api/v1/explain?from=2026-09&to=2026-10&where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays,
		},
		"GET /api/v1/forecast": {
			"/api/v1/forecast?horizon=7d&where=business_unit=" + s.BusinessUnit + "&where=team=" + s.Team, "", asItSays,
		},
		"GET /api/v1/forecasts":                  {"/api/v1/forecasts", "", withinOwn},
		"GET /api/v1/reports/board":              {"/api/v1/reports/board", "", everything},
		"GET /api/v1/kpis":                       {"/api/v1/kpis", "", everything},
		"GET /api/v1/plan":                       {"/api/v1/plan", "", withinOwn},
		"GET /api/v1/price-index":                {"/api/v1/price-index", "", everything},
		"GET /api/v1/outcomes":                   {"/api/v1/outcomes?since=30d", "", withinOwn},
		"GET /api/v1/outcomes/models":            {"/api/v1/outcomes/models?since=30d", "", everything},
		"POST /api/v1/outcomes":                  {"/api/v1/outcomes", `{}`, withinOwn},
		"GET /api/v1/quarantine":                 {"/api/v1/quarantine", "", everything},
		"GET /api/v1/quarantine/{digest}":        {"/api/v1/quarantine/" + rejectedID().String(), "", everything},
		"POST /api/v1/quarantine/{digest}/retry": {"/api/v1/quarantine/" + rejectedID().String() + "/retry", `{}`, everything},
		"POST /api/v1/session":                   {"/api/v1/session", `{}`, everything},
		"GET /api/v1/session":                    {"/api/v1/session", "", withinOwn},
		"GET /api/v1/live":                       {"/api/v1/live", "", withinOwn},
		"GET /metrics":                           {"/metrics", "", everything},
	}
}

// TestEveryRouteAsksAuth calls every route with every role, about the holder's
// own scope and a foreign one, and sets the answer against auth.Authorise.
func TestEveryRouteAsksAuth(t *testing.T) {
	t.Parallel()
	open := []string{"GET /healthz", "GET /readyz", "GET /api/v1/openapi.yaml", "DELETE /api/v1/session"}
	for pattern, action := range api.RouteActions() {
		if action == api.Public {
			if !slices.Contains(open, pattern) {
				t.Errorf("%s needs no credential", pattern)
			}
			continue
		}
		if !slices.Contains(auth.Actions(), action) {
			t.Errorf("%s: %q is no action", pattern, action)
		}
		for _, asked := range []spend.Scope{claims(), sales()} {
			w, known := walks(asked)[pattern]
			if !known {
				t.Fatalf("the walk does not know %s", pattern)
			}
			for _, role := range auth.Roles() {
				want := auth.Authorise(holder(role), action, auth.Target{Scope: w.target(asked)}).Allowed
				if got := call(t, pattern, role, w); (got != http.StatusForbidden) != want || want && got >= 300 {
					t.Errorf("%s by %s about team %s: status %d, allowed %t", pattern, role, asked.Team, got, want)
				}
			}
		}
	}
}

func call(t *testing.T, pattern string, role auth.Role, w walk) int {
	t.Helper()
	s := scenario{method: pattern, url: w.url, body: w.body, token: string(role)}
	if w.body == form {
		s.header = map[string]string{"Content-Type": formType}
	}
	ctx, leave := context.WithCancel(t.Context())
	leave() // a stream ends after its greeting
	r := s.request()
	if strings.HasSuffix(pattern, "/live") {
		r = r.WithContext(ctx)
	}
	rec := httptest.NewRecorder()
	server(t, &fake{}).ServeHTTP(rec, r)
	return rec.Code
}

// TestDocument holds the document against its golden file, and routes against
// document both ways.
func TestDocument(t *testing.T) {
	t.Parallel()
	got, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	const file = "openapi.yaml"
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("the document changed; -update if that is meant (-want +got):\n%s", diff)
	}
	var served []string
	for pattern := range api.RouteActions() {
		if strings.Contains(pattern, " /api/v1/") {
			served = append(served, strings.ReplaceAll(pattern, "...}", "}"))
		}
	}
	slices.Sort(served)
	if diff := cmp.Diff(served, documented(string(want))); diff != "" {
		t.Errorf("routes and document differ (-routes +document):\n%s", diff)
	}
}

func documented(document string) (routes []string) {
	path := ""
	for line := range strings.Lines(document) {
		key := strings.TrimSuffix(strings.TrimSpace(line), ":")
		switch {
		case strings.HasPrefix(line, "  /"):
			path = key
		case path != "" && strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, "     "):
			routes = append(routes, strings.ToUpper(key)+" "+path)
		case !strings.HasPrefix(line, " "):
			path = ""
		}
	}
	slices.Sort(routes)
	return routes
}
