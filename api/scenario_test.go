package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

// scenario is one request and what must and must not be in its answer.
type scenario struct {
	name, method, url, body, token string
	header                         map[string]string
	status                         int
	want, not                      []string
}

func (s *scenario) request() *http.Request {
	method, _, _ := strings.Cut(s.method, " ")
	r := httptest.NewRequest(method, "http://localhost"+s.url, strings.NewReader(s.body))
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range s.header {
		r.Header.Set(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	return r
}

func (s *scenario) run(t *testing.T, h http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, s.request())
	if w.Code != s.status {
		t.Errorf("%s: status %d, want %d: %s", s.name, w.Code, s.status, w.Body)
	}
	for _, text := range s.want {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %q is not in %s", s.name, text, w.Body)
		}
	}
	for _, text := range s.not {
		if strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %q is in %s", s.name, text, w.Body)
		}
	}
	return w
}

// form is a file with its order.
const (
	formType = "multipart/form-data; boundary=x"
	form     = "--x\r\nContent-Disposition: form-data; name=\"order\"\r\n\r\n{\"format\":\"csv\",\"mapping\":\"mini-swe-agent\",\"name\":\"u.csv\"}\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"u.csv\"\r\n\r\na,b\n1,2\n\r\n--x--\r\n"
)

// bought is a purchase of thirty days.
const bought = `{"id":"p1","vendor":"openai","product":"plan","kind":"subscription","amount":"100","currency":"USD","from":"2026-11-01","through":"2026-11-30"}`

// euro is a rate, and a seller's bill is converted by another.
const (
	euro   = `{"from":"EUR","to":"USD","rate":"1.0813","day":"2026-11-20","source":"ecb"}`
	billed = `{"from":"USD","to":"EUR","rate":"0.93","day":"2026-12-02","source":"acme","basis":"invoice","seller":"acme","period":"2026-11"}`
)

const question = `{"book":"metered","axis":"used_at","measures":["cost"]}`

func TestScenarios(t *testing.T) {
	t.Parallel()
	own := `{"book":"metered","axis":"used_at","measures":["cost"],"where":[{"by":"business_unit","values":["retail"]},{"by":"team","values":["claims"]}]}`
	for _, s := range []scenario{
		{name: "one event", method: "POST", url: "/api/v1/events", token: "ingest", body: `{"id":"1"}`, status: 202, want: []string{`"accepted":1`, `"rejected":[]`}},
		{name: "documents", method: "POST", url: "/api/v1/apply", token: "admin", body: `{"documents":[{"text":"kind: organisation"}]}`, status: 200,
			want: []string{`"applied":true`, `"mark":"+"`, `business unit retail`}, not: []string{"refused"}},
		{name: "documents tried", method: "POST", url: "/api/v1/apply", token: "admin", body: `{"documents":[{"text":"kind: organisation"}],"dry_run":true,"over":"x"}`, status: 200,
			want: []string{`"applied":false`, `"over":"over x"`, `"refused":"lines"`}},
		{name: "documents with mistakes", method: "POST", url: "/api/v1/apply", token: "admin", status: 400,
			body: `{"documents":[{"file":"a.yaml","text":"kind: organisation\ncolour: red"},{"file":"b.yaml","text":"kind: palace"}]}`,
			want: []string{"a.yaml", "line 2", "b.yaml", "line 1"}},
		{name: "no documents", method: "POST", url: "/api/v1/apply", token: "admin", body: `{"documents":[]}`, status: 400, want: []string{"1 to 1000"}},
		{name: "what is applied", method: "GET", url: "/api/v1/applied", token: "admin", status: 200, want: []string{`"name":"organisation"`, "kind: organisation"}},
		{name: "some rejected", method: "POST", url: "/api/v1/events", token: "ingest", body: `[{"id":"1"},{"bad":1}]`, status: 202, want: []string{`"accepted":1`, `"index":1`}},
		{name: "all rejected", method: "POST", url: "/api/v1/events", token: "ingest", body: `[{"bad":1}]`, status: 400, want: []string{`events[0].used_at`, `"kind":"invalid"`}},
		{name: "wrong type", method: "POST", url: "/api/v1/events", token: "ingest", body: `x`, header: map[string]string{"Content-Type": "text/csv"}, status: 415},
		{name: "wrong encoding", method: "POST", url: "/api/v1/events", token: "ingest", body: `{}`, header: map[string]string{"Content-Encoding": "br"}, status: 415},
		{name: "no JSON", method: "POST", url: "/api/v1/events", token: "ingest", body: `{"a":`, status: 400},
		{name: "two values", method: "POST", url: "/api/v1/events", token: "ingest", body: `{} {}`, status: 400},

		{name: "an outcome", method: "POST", url: "/api/v1/outcomes", token: "outcomes", body: `{"id":"1"}`, status: 202, want: []string{`"accepted":1`}},
		{name: "outcomes, all rejected", method: "POST", url: "/api/v1/outcomes", token: "outcomes", body: `[{"bad":1}]`, status: 400, want: []string{`events[0].used_at`}},
		{name: "an outcome by who tells usage", method: "POST", url: "/api/v1/outcomes", token: "ingest", body: `{"id":"1"}`, status: 403},
		{name: "usage by who tells outcomes", method: "POST", url: "/api/v1/events", token: "outcomes", body: `{"id":"1"}`, status: 403},

		{name: "a file", method: "POST", url: "/api/v1/imports", token: "ingest", body: form, header: map[string]string{"Content-Type": formType}, status: 200, want: []string{`"read":2`}},
		{name: "how far logs are imported", method: "GET", url: "/api/v1/imports/logs/codex", token: "ingest", status: 200, want: []string{`"plan":"codex"`, `"bytes":7`}},
		{name: "no form", method: "POST", url: "/api/v1/imports", token: "ingest", body: `{}`, status: 415},
		{name: "a file before its order", method: "POST", url: "/api/v1/imports", token: "ingest", body: strings.Replace(form, "name=\"order\"", "name=\"file\"", 1), header: map[string]string{"Content-Type": formType}, status: 400, want: []string{"order"}},
		{name: "an order with a mistake", method: "POST", url: "/api/v1/imports", token: "ingest", body: strings.Replace(form, "format", "from", 1), header: map[string]string{"Content-Type": formType}, status: 400, want: []string{"from"}},
		{name: "a form that breaks off", method: "POST", url: "/api/v1/imports", token: "ingest", body: form[:len(form)-8], header: map[string]string{"Content-Type": formType}, status: 400},

		{name: "a purchase", method: "POST", url: "/api/v1/purchases", token: "ingest", body: "[" + bought + "]", status: 200, want: []string{`"read":30`}},
		{name: "a purchase with mistakes", method: "POST", url: "/api/v1/purchases", token: "ingest", body: "[" + strings.Replace(bought, "subscription", "gift", 1) + "]", status: 400, want: []string{"[0].kind"}},
		{name: "a purchase twice", method: "POST", url: "/api/v1/purchases", token: "ingest", body: "[" + bought + "," + bought + "]", status: 400, want: []string{"[1].id"}},
		{name: "a day that is none", method: "POST", url: "/api/v1/purchases", token: "ingest", body: "[" + strings.Replace(bought, "2026-11-01", "1/11/26", 1) + "]", status: 400, want: []string{"2026-11-25"}},

		{name: "no credential", method: "GET", url: "/api/v1/tokens", status: 401, want: []string{`"kind":"unauthenticated"`}},
		{name: "no token of ours", method: "GET", url: "/api/v1/tokens", token: "nobody", status: 401},
		{name: "basic", method: "GET", url: "/api/v1/tokens", header: map[string]string{"Authorization": "Basic YTpi"}, status: 401},
		{name: "header beats cookie", method: "GET", url: "/api/v1/tokens", token: "nobody", header: map[string]string{"Cookie": "bursar_session=admin"}, status: 401},
		{name: "session", method: "GET", url: "/api/v1/tokens", header: map[string]string{"Cookie": "bursar_session=admin"}, status: 200},
		{name: "session without origin", method: "DELETE", url: "/api/v1/tokens/aaaaaaaa", header: map[string]string{"Cookie": "bursar_session=admin"}, status: 403},
		{name: "session with origin", method: "DELETE", url: "/api/v1/tokens/aaaaaaaa", header: map[string]string{"Cookie": "bursar_session=admin", "Origin": "http://localhost"}, status: 204},
		{name: "wrong host", method: "GET", url: "/healthz", header: map[string]string{"Host": "evil.example"}, status: 403},
		{name: "foreign origin", method: "POST", url: "/api/v1/events", token: "ingest", body: `{}`, header: map[string]string{"Origin": "http://evil.example"}, status: 403},
		{name: "no such path", method: "GET", url: "/api/v1/nothing", token: "admin", status: 404, want: []string{`"kind":"notfound"`}},
		{name: "other method", method: "PUT", url: "/api/v1/tokens", token: "admin", status: 405, want: []string{"GET, POST"}},

		{name: "everything", method: "POST", url: "/api/v1/query", token: "viewer", body: question, status: 403, want: []string{"team=claims"}},
		{name: "own scope", method: "POST", url: "/api/v1/query", token: "viewer", body: own, status: 200},
		{name: "not sales is everything", method: "GET", url: "/api/v1/spend?where=team!=sales", token: "viewer", status: 403},
		{name: "all of a unit but one's own", method: "GET", url: "/api/v1/spend?where=business_unit=retail&where=team!=claims", token: "viewer", status: 403},
		{name: "an empty condition is everything", method: "POST", url: "/api/v1/query", token: "viewer", body: strings.Replace(own, `["claims"]`, `[]`, 1), status: 403},
		{name: "own and foreign", method: "POST", url: "/api/v1/query", token: "viewer", body: strings.Replace(own, `"claims"`, `"claims","sales"`, 1), status: 403},
		{name: "persons, by one who may not", method: "POST", url: "/api/v1/query", token: "viewer", body: strings.Replace(own, `"measures"`, `"by":["principal"],"measures"`, 1), status: 403, want: []string{"person.read"}},
		{name: "persons, by their lead", method: "POST", url: "/api/v1/query", token: "lead", body: strings.Replace(own, `"measures"`, `"by":["principal"],"measures"`, 1), status: 200},
		{name: "unknown field", method: "POST", url: "/api/v1/query", token: "admin", body: `{"ledger":1}`, status: 400, want: []string{"ledger"}},
		{name: "people of everything", method: "GET", url: "/api/v1/adoption?since=30d", token: "whole", status: 200, want: []string{`"by":"team"`, `"active":12`, `"minimum_group":5`, `"window"`}},
		{name: "people as CSV", method: "GET", url: "/api/v1/adoption?by=source&format=csv", token: "whole", status: 200, want: []string{"part,name,product", "group,claims"}},
		{name: "people as text", method: "GET", url: "/api/v1/adoption?format=text", token: "whole", status: 400, want: []string{"json or csv"}},
		{name: "people by person", method: "GET", url: "/api/v1/adoption?by=principal", token: "whole", status: 400, want: []string{"team, application or source"}},
		{name: "people but some", method: "GET", url: "/api/v1/adoption?where=team!=claims", token: "whole", status: 400, want: []string{"one person"}},
		{name: "people of several teams", method: "GET", url: "/api/v1/adoption?where=team=claims,sales", token: "whole", status: 400, want: []string{"at a time"}},
		{name: "people of everything, by one who may see a team", method: "GET", url: "/api/v1/adoption", token: "viewer", status: 403, want: []string{"team=claims"}},
		{name: "unknown parameter", method: "GET", url: "/api/v1/spend?buy=team&groop=x", token: "admin", status: 400, want: []string{`"field":"buy"`, `"field":"groop"`}},
		{name: "two mistakes", method: "GET", url: "/api/v1/spend?since=soon&compare=that", token: "admin", status: 400, want: []string{`"field":"since"`, `"field":"compare"`}},
		{name: "another currency", method: "GET", url: "/api/v1/spend?since=7d&currency=EUR", token: "admin", status: 200, want: []string{`"currency":"EUR"`, `"basis":"day of use"`}},
		{name: "its own currency", method: "GET", url: "/api/v1/spend?currency=USD", token: "admin", status: 200, want: []string{`"fx":null`}},
		{name: "a currency without a rate", method: "GET", url: "/api/v1/spend?currency=JPY", token: "admin", status: 400, want: []string{"has no exchange rate", "CHF, EUR, USD"}},
		{name: "a currency by period", method: "GET", url: "/api/v1/spend?axis=period&currency=EUR", token: "admin", status: 400, want: []string{"time of use"}},
		{name: "hours in another currency", method: "GET", url: "/api/v1/spend/hours?since=7d&measures=cost&currency=EUR", token: "admin", status: 200, want: []string{`"currency":"EUR"`}},
		{name: "no zone", method: "GET", url: "/api/v1/spend?zone=Mars/Base", token: "admin", status: 400},

		{name: "first page of the rejected", method: "GET", url: "/api/v1/quarantine?limit=2", token: "whole", status: 200, want: []string{`"next":"ey`, `"kind":"usage"`}, not: []string{"someone"}},
		{name: "all of one source", method: "GET", url: "/api/v1/quarantine?all=true&source=till", token: "whole", status: 200, want: []string{`"source":"till"`, `"result":"booked"`}},
		{name: "all or not", method: "GET", url: "/api/v1/quarantine?all=perhaps", token: "whole", status: 400},
		{name: "a broken cursor", method: "GET", url: "/api/v1/quarantine?cursor=!", token: "whole", status: 400},
		{name: "no page", method: "GET", url: "/api/v1/quarantine?limit=0", token: "whole", status: 400},
		{name: "a record without its person", method: "GET", url: "/api/v1/quarantine/" + rejectedID().String(), token: "whole", status: 200, want: []string{`"seller":"acme"`, `"tries":[]`}, not: []string{"someone"}},
		{name: "a rejected outcome", method: "GET", url: "/api/v1/quarantine/" + spend.Digest("outcome").String(), token: "whole", status: 200, want: []string{`"definition":"ticket"`}, not: []string{`"event"`}},
		{name: "no record", method: "GET", url: "/api/v1/quarantine/" + spend.Digest("none").String(), token: "whole", status: 404},
		{name: "no digest", method: "GET", url: "/api/v1/quarantine/zz", token: "whole", status: 400},
		{name: "try again", method: "POST", url: "/api/v1/quarantine/" + rejectedID().String() + "/retry", token: "admin", body: `{}`, status: 200, want: []string{`"result":"still_refused"`, `"by":"token/adminaaa"`}},
		{name: "try again with an opinion", method: "POST", url: "/api/v1/quarantine/" + rejectedID().String() + "/retry", token: "admin", body: `{"usage":1}`, status: 400},
		{name: "try again as a viewer", method: "POST", url: "/api/v1/quarantine/" + rejectedID().String() + "/retry", token: "whole", body: `{}`, status: 403},
		{name: "try again what is not there", method: "POST", url: "/api/v1/quarantine/" + spend.Digest("none").String() + "/retry", token: "admin", body: `{}`, status: 404},

		{name: "tokens without hashes", method: "GET", url: "/api/v1/tokens", token: "admin", status: 200, want: []string{"aaaaaaaa"}, not: []string{"HASH"}},
		{name: "second page", method: "GET", url: "/api/v1/tokens?cursor=aaaaaaaa", token: "admin", status: 200, want: []string{"bbbbbbbb", `"next":""`}},
		{name: "issue", method: "POST", url: "/api/v1/tokens", token: "admin", body: `{"kind":"events","name":"till"}`, status: 201, want: []string{"bursar_events_"}},
		{name: "issue nonsense", method: "POST", url: "/api/v1/tokens", token: "admin", body: `{"kind":"root","name":"x"}`, status: 400},
		{name: "revoke nothing", method: "DELETE", url: "/api/v1/tokens/cccccccc", token: "admin", status: 404},

		{name: "prices of a name with a slash", method: "GET", url: "/api/v1/prices/acme/acme/large", token: "viewer", status: 200, want: []string{`"price":"3"`}, not: []string{"1.11"}},
		{name: "contract prices", method: "GET", url: "/api/v1/prices/acme/acme/large", token: "finance", status: 200, want: []string{"1.11"}},
		{name: "no such model", method: "GET", url: "/api/v1/prices/acme/none", token: "viewer", status: 404},
		{name: "prices as a table", method: "GET", url: "/api/v1/prices/acme/acme/large?format=csv", token: "finance", status: 200, want: []string{"acme,acme/large,", ",1.11,1000000,USD,"}},
		{name: "who may do what", method: "GET", url: "/api/v1/roles", token: "admin", status: 200, want: []string{`{"action":"spend.read","reach":{"admin":"everywhere"`, `"lead":"own scope"`, `"principal":"` + ada + `","role":"lead"`}, not: []string{"example.org", "Ada"}},
		{name: "sources", method: "GET", url: "/api/v1/sources", token: "whole", status: 200, want: []string{`"rhythm":"silent"`, `"silent_seconds":3600`, `"duplicates":3`, `"verdict":"short"`}},
		{name: "sources without duplicates", method: "GET", url: "/api/v1/sources?with=none", token: "whole", status: 200, want: []string{`"duplicates":0`}},
		{name: "sources with what nobody knows", method: "GET", url: "/api/v1/sources?with=all", token: "whole", status: 400, want: []string{"duplicates or none"}},
		{name: "sources as a table", method: "GET", url: "/api/v1/sources?format=csv", token: "whole", status: 200, want: []string{"till,silent,7,"}},
		{name: "models", method: "GET", url: "/api/v1/prices?limit=1", token: "viewer", status: 200, want: []string{`"price":"0.25"`, `"price":null`, `"next":"e`}, not: []string{"large"}},
		{name: "models as a table", method: "GET", url: "/api/v1/prices?format=csv", token: "viewer", status: 200, want: []string{"acme,small,0.25,1000000,USD,,,,1,false", "acme,'=large"}},
		{name: "models in another form", method: "GET", url: "/api/v1/prices?format=pdf", token: "viewer", status: 400, want: []string{"json or csv"}},
		{name: "models behind no place", method: "GET", url: "/api/v1/prices?cursor=zz", token: "viewer", status: 400, want: []string{"cursor"}},
		{name: "models by gateways", method: "GET", url: "/api/v1/prices", token: "gateway", status: 403},

		{name: "rates", method: "GET", url: "/api/v1/rates", token: "viewer", status: 200, want: []string{`"rate":"1.08"`, `"day":"2026-11-20"`, "CHF", `"next":""`}},
		{name: "rates of a pair", method: "GET", url: "/api/v1/rates?from=EUR&to=CHF", token: "viewer", status: 200, want: []string{"CHF"}, not: []string{"USD"}},
		{name: "no rates of a pair", method: "GET", url: "/api/v1/rates?from=JPY", token: "viewer", status: 200, want: []string{`"items":[]`}},
		{name: "a page of rates", method: "GET", url: "/api/v1/rates?limit=3", token: "viewer", status: 200, want: []string{`"next":"2026-11-19/rate-2"`}, not: []string{`"rate-1"`}},
		{name: "the page behind", method: "GET", url: "/api/v1/rates?limit=3&cursor=2026-11-19/rate-2", token: "viewer", status: 200, want: []string{`"rate-1"`, `"next":""`}, not: []string{`"rate-2"`}},
		{name: "a cursor that is none", method: "GET", url: "/api/v1/rates?cursor=rate-2", token: "viewer", status: 400, want: []string{"cursor"}},
		{name: "a currency that is none", method: "GET", url: "/api/v1/rates?to=dollar", token: "viewer", status: 400, want: []string{"dollar"}},
		{name: "closed periods", method: "GET", url: "/api/v1/periods", token: "finance", status: 200, want: []string{`"period":"2026-09"`, `"by":"token/aaaaaaaa"`}},
		{name: "close a period", method: "POST", url: "/api/v1/periods", token: "finance", body: `{"period":"2026-10"}`, status: 200, want: []string{`"items":[`}},
		{name: "close a period again", method: "POST", url: "/api/v1/periods", token: "finance", body: `{"period":"2026-09"}`, status: 409, want: []string{"is closed"}},
		{name: "close a period, by one who may not", method: "POST", url: "/api/v1/periods", token: "admin", body: `{"period":"2026-10"}`, status: 403},
		{name: "add rates", method: "POST", url: "/api/v1/rates", token: "finance", body: "[" + euro + "," + billed + "]", status: 200, want: []string{`"added":2`, `"converted":{"USD":2}`, `"left":{}`}},
		{name: "add rates, by one who may not", method: "POST", url: "/api/v1/rates", token: "viewer", body: "[" + euro + "]", status: 403},
		{name: "a rate with mistakes", method: "POST", url: "/api/v1/rates", token: "admin", body: "[" + euro + "," + strings.Replace(billed, "0.93", "-0.93", 1) + "]", status: 400, want: []string{`"field":"[1].rate"`, "none of 2"}},
		{name: "a rate of no day", method: "POST", url: "/api/v1/rates", token: "admin", body: "[" + strings.Replace(euro, "2026-11-20", "20/11/26", 1) + "]", status: 400, want: []string{"2026-11-25"}},
		{name: "one rate is no list", method: "POST", url: "/api/v1/rates", token: "admin", body: euro, status: 400},
		{name: "a list that is too long", method: "POST", url: "/api/v1/rates", token: "admin", body: "[" + strings.Repeat(euro+",", 5000) + euro + "]", status: 413},

		{name: "back up", method: "POST", url: "/api/v1/backups", token: "admin", body: `{}`, status: 201, want: []string{`"folder":"/backups/2026-11-22"`, `"held_ms":250`}, not: []string{"424242"}},
		{name: "back up where the caller wants", method: "POST", url: "/api/v1/backups", token: "admin", body: `{"folder":"/etc"}`, status: 400},
		{name: "back up as a viewer", method: "POST", url: "/api/v1/backups", token: "whole", body: `{}`, status: 403},
		{name: "backups, the newest first", method: "GET", url: "/api/v1/backups", token: "admin", status: 200, want: []string{`{"backups":[{"folder":"/backups/2026-11-22"`}},
		{name: "backups as a viewer", method: "GET", url: "/api/v1/backups", token: "whole", status: 403},
		{name: "doctor", method: "GET", url: "/api/v1/doctor", token: "whole", status: 200, want: []string{`{"name":"clock","state":"ok","msg":"2026-11-20T12:00:00Z"}`, `"mend":"free space"`}},
		{name: "doctor within a scope", method: "GET", url: "/api/v1/doctor", token: "viewer", status: 403},

		{name: "alive", method: "GET", url: "/healthz", status: 200},
		{name: "ready", method: "GET", url: "/readyz", status: 200},
		{name: "metrics", method: "GET", url: "/metrics", token: "whole", status: 200, want: []string{"bursar_api_events_total"}},
		{name: "metrics without", method: "GET", url: "/metrics", status: 401},
		{name: "document", method: "GET", url: "/api/v1/openapi.yaml", status: 200, want: []string{"openapi: 3.1.0"}},
	} {
		s.run(t, server(t, &fake{}))
	}
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	labels := `{"tags":{` + strings.Repeat(`"a":"b",`, 10_000) + `"z":"b"}}`
	var bomb, modest bytes.Buffer
	pack := func(out *bytes.Buffer, n int) string {
		z := gzip.NewWriter(out)
		_, _ = z.Write([]byte(`{"a":"` + strings.Repeat("a", n) + `"}`))
		_ = z.Close()
		return out.String()
	}
	gzipped := map[string]string{"Content-Encoding": "gzip"}
	packed := pack(&bomb, 16<<20)
	for _, s := range []scenario{
		{name: "gzip", body: pack(&modest, 1000), header: gzipped, status: 202},
		{name: "bomb", body: packed, header: gzipped, status: 413, want: []string{`"kind":"toolarge"`}},
		{name: "cut gzip", body: packed[:100], header: gzipped, status: 400},
		{name: "deep", body: strings.Repeat("[", 100_000), status: 400, want: []string{"deeper"}},
		{name: "deep in a text", body: `{"a":"` + strings.Repeat("[", 1000) + `\"{{{"}`, status: 202},
		{name: "10,000 labels", body: labels, status: 400, want: []string{"members"}},
		{name: "too many events", body: "[" + strings.Repeat("{},", 5000) + "{}]", status: 413, want: []string{"5001"}},
		{name: "as many events as may be", body: "[" + strings.Repeat("{},", 4999) + "{}]", status: 202},
		{name: "large", body: `{"a":"` + strings.Repeat("a", 9<<20) + `"}`, status: 413},
	} {
		s.method, s.url, s.token = "POST", "/api/v1/events", "ingest"
		f := &fake{}
		s.run(t, server(t, f))
		if (f.batches == 1) != (s.status == 202) {
			t.Errorf("%s: the acceptor was called %d times", s.name, f.batches)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	inside := spend.Errorf(spend.KindInternal, "append", "/var/secret/path broke")
	full := spend.Errorf(spend.KindUnavailable, "accept events", "the disk does not answer").WithHint("send again")
	event := scenario{method: "POST", url: "/api/v1/events", token: "ingest", body: `{}`}
	event.name, event.status, event.not, event.want = "a defect", 500, []string{"secret"}, []string{"X-Request-Id"}
	event.run(t, server(t, &fake{refuse: inside}))
	event.name, event.status, event.want = "not synced", 503, []string{"send again"}
	if w := event.run(t, server(t, &fake{refuse: full})); w.Header().Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	slow := scenario{name: "slow question", method: "POST", url: "/api/v1/query", token: "whole", body: question, status: 504, want: []string{`"kind":"timeout"`}}
	slow.run(t, server(t, &fake{limits: api.Limits{QueryTime: time.Millisecond}, hold: func(ctx context.Context) { <-ctx.Done() }}))
	ready := scenario{name: "not ready", method: "GET", url: "/readyz", status: 503, not: []string{"secret"}}
	ready.run(t, server(t, &fake{refuse: inside}))
}

func TestRate(t *testing.T) {
	t.Parallel()
	h := server(t, &fake{limits: api.Limits{Rate: 1, Burst: 3}})
	for i := range 5 {
		s := scenario{name: "one of five at once", method: "GET", url: "/api/v1/tokens", token: "admin", status: 200}
		if i >= 3 {
			s.status = 429
		}
		if w := s.run(t, h); i >= 3 && w.Header().Get("Retry-After") != "1" {
			t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
		}
	}
	other := scenario{name: "another token", method: "GET", url: "/metrics", token: "whole", status: 200}
	other.run(t, h)
}

// TestAdmission fills the slot and the queue with questions that do not end: one
// more is sent away, and events still land.
func TestAdmission(t *testing.T) {
	t.Parallel()
	running, release := make(chan struct{}, 4), make(chan struct{})
	f := &fake{limits: api.Limits{Queries: 1, Queue: 1, QueueTime: time.Hour, QueryTime: time.Hour}}
	f.hold = func(context.Context) { running <- struct{}{}; <-release }
	h := server(t, f)
	ask := scenario{name: "a question", method: "POST", url: "/api/v1/query", token: "whole", body: question, status: 200}
	done := make(chan struct{})
	for range 2 {
		go func() { ask.run(t, h); done <- struct{}{} }()
	}
	<-running
	waiting := scenario{name: "metrics", method: "GET", url: "/metrics", token: "whole", status: 200}
	for !strings.Contains(waiting.run(t, h).Body.String(), "queries_waiting 1") {
		time.Sleep(20 * time.Millisecond) // within the rate of the token
	}
	third := ask
	third.name, third.status, third.want = "one too many", 503, []string{"wait already"}
	if w := third.run(t, h); w.Header().Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	event := scenario{name: "an event meanwhile", method: "POST", url: "/api/v1/events", token: "ingest", body: `{}`, status: 202}
	event.run(t, h)
	close(release)
	<-done
	<-done
}

// TestQuestionEndsWithItsCaller lets a client leave while its question runs: what runs
// behind it is told to end.
func TestQuestionEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	running, over := make(chan struct{}), make(chan error, 1)
	f := &fake{limits: api.Limits{QueryTime: time.Hour}}
	f.hold = func(ctx context.Context) { close(running); <-ctx.Done(); over <- ctx.Err() }
	web := httptest.NewServer(server(t, f))
	defer web.Close()
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, web.URL+"/api/v1/spend?measures=cost", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer whole")
	go func() { <-running; leave() }()
	if answer, err := http.DefaultClient.Do(r); err == nil {
		t.Errorf("who left was answered: %s (%v)", answer.Status, answer.Body.Close())
	}
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("the question ended by %v", err)
	}
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	key := map[string]string{"Idempotency-Key": "k1"}
	s := scenario{name: "first", method: "POST", url: "/api/v1/events", token: "ingest", body: `{"id":"1"}`, header: key, status: 202}
	first := s.run(t, h)
	s.name = "again"
	again := s.run(t, h)
	if again.Body.String() != first.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" || f.batches != 1 {
		t.Errorf("again: %q, replayed %q, %d batches", again.Body, again.Header().Get("Idempotency-Replayed"), f.batches)
	}
	s.name, s.body, s.status = "another body", `{"id":"2"}`, 409
	s.run(t, h)
	s.name, s.header, s.status = "a long key", map[string]string{"Idempotency-Key": strings.Repeat("k", 257)}, 400
	s.run(t, h)

	order := scenario{name: "a token", method: "POST", url: "/api/v1/tokens", token: "admin", header: key, body: `{"kind":"events","name":"till"}`, status: 201, want: []string{"bursar_events_"}}
	order.run(t, h)
	order.name, order.want, order.not = "again without its secret", []string{`"prefix"`}, []string{"bursar_events_", "secret"}
	order.run(t, h)
	rotation := scenario{name: "a token like it", method: "POST", url: "/api/v1/tokens/aaaaaaaa/rotate", token: "admin", header: key, body: `{"overlap":"24h"}`, status: 201, want: []string{"bursar_gateway_"}}
	rotation.run(t, h)
	rotation.name, rotation.want, rotation.not = "again without its secret", []string{`"prefix"`}, []string{"bursar_gateway_", "secret"}
	rotation.run(t, h)
	for _, answer := range f.kept {
		if strings.Contains(answer, "bursar_") {
			t.Error("the memory holds a secret")
		}
	}
	if f.issued != 1 {
		t.Errorf("%d tokens were issued", f.issued)
	}
}

// TestNothingElseIsKept asks and sends under a key what declares none.
func TestNothingElseIsKept(t *testing.T) {
	t.Parallel()
	f := &fake{}
	h := server(t, f)
	for _, s := range []scenario{
		{name: "a person", url: "people/find", token: "admin", body: `{"who":"ada"}`, status: 200},
		{name: "a call that might be made", url: "budgets/check", token: "lead", body: `{"scope":{"business_unit":"retail","team":"claims"}}`, status: 200},
		{name: "a view", url: "views", token: "viewer", body: `{"name":"risk","page":"/explore","query":"range=mtd"}`, status: 200},
		{name: "a question", url: "query", token: "whole", body: question, status: 200},
		{name: "a preview", url: "attribution/preview", token: "whole", body: `{"from":"2026-11-01"}`, status: 200},
	} {
		s.method, s.url, s.header = "POST", "/api/v1/"+s.url, map[string]string{"Idempotency-Key": "k"}
		s.run(t, h)
		if again := s.run(t, h); again.Header().Get("Idempotency-Replayed") != "" {
			t.Errorf("%s came from the memory", s.name)
		}
	}
	if len(f.kept) != 0 {
		t.Errorf("%d answers were kept", len(f.kept))
	}
}

// TestTheSameKeyAtOnce sends a request again while the first one runs.
func TestTheSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	running, release := make(chan struct{}, 4), make(chan struct{})
	f := &fake{hold: func(context.Context) { running <- struct{}{}; <-release }}
	h := server(t, f)
	s := scenario{name: "first", method: "POST", url: "/api/v1/backups", token: "admin", body: `{}`, header: map[string]string{"Idempotency-Key": "k"}, status: 201}
	done := make(chan struct{})
	go func() { s.run(t, h); close(done) }()
	<-running
	second := s
	second.name, second.status, second.want = "second", 409, []string{"still running"}
	answered := make(chan struct{})
	go func() { second.run(t, h); close(answered) }()
	select {
	case <-running:
		t.Error("both ran")
	case <-answered:
	}
	close(release)
	<-done
	<-answered
}
