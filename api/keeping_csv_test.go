package api_test

import "testing"

// TestListsAreTablesToo: what a list says as JSON it says as CSV, to whom may read it alone.
func TestListsAreTablesToo(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "tokens", url: "/api/v1/tokens?limit=1&format=csv", token: "admin", want: []string{"name,prefix,kind,role,business_unit", "aaaaaaaa"}, not: []string{"HASH", "bbbbbbbb"}},
		{name: "people", url: "/api/v1/people?format=csv", token: "admin", want: []string{"principal,name,email,external_ids,role", ada + ","}},
		{name: "roles", url: "/api/v1/roles?format=csv", token: "admin", want: []string{"given," + ada + ",lead,", "right,,lead,,,,spend.read,own scope,false"}, not: []string{"Ada"}},
		{name: "quarantine", url: "/api/v1/quarantine?limit=1&source=till&format=csv", token: "whole", want: []string{"source,file,record,kind", "till,,0,usage,2026-11-20T12:00:00Z"}, not: []string{"someone"}},
		{name: "register", url: "/api/v1/register?format=csv", token: "whole", want: []string{"kind,name,status,team,calls,cost,exposure,currency", "USD"}},
		{name: "doctor", url: "/api/v1/doctor?format=csv", token: "whole", want: []string{"check,state,found,mend\nclock,ok,2026-11-20T12:00:00Z,\n", "disk,look,1 KiB are free,free space"}},
		{name: "views", url: "/api/v1/views?format=csv", token: "viewer", want: []string{"name,page,query,saved_at"}},
		{name: "documents", url: "/api/v1/applied?format=csv", token: "admin", want: []string{"name,applied_at,applied_by,text\norganisation,"}},
		{name: "hours", url: "/api/v1/spend/hours?since=7d&measures=cost&format=csv", token: "admin", want: []string{"weekday,hour,times,cost\n", "TOTAL,,,"}},
		{name: "another form", url: "/api/v1/doctor?format=text", token: "whole", status: 400, want: []string{"json or csv"}},
		{name: "who may not", url: "/api/v1/tokens?format=csv", token: "viewer", status: 403},
	} {
		if s.method = "GET"; s.status == 0 {
			s.status = 200
		}
		s.run(t, server(t, &fake{}))
	}
}
