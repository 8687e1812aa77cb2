package api_test

import (
	"context"
	"testing"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func (f *fake) UpstreamKeys(context.Context) ([]api.UpstreamKey, error) {
	return []api.UpstreamKey{{Name: "openai", Set: f.now(), Master: "0a1b2c3d", Why: "not here", Mend: "give it"}}, nil
}

func (f *fake) SetUpstreamKey(_ context.Context, by auth.Identity, o api.UpstreamKeyOrder) (api.UpstreamKey, error) {
	f.who = by
	if o.Secret == "" {
		return api.UpstreamKey{}, spend.Errorf(spend.KindInvalid, "set a key of an upstream", "it is empty")
	}
	return api.UpstreamKey{Name: o.Name, Set: f.now(), Master: "0a1b2c3d", Opens: true}, nil
}

func (f *fake) RemoveUpstreamKey(_ context.Context, by auth.Identity, name string) error {
	f.who = by
	if name != "openai" {
		return spend.Errorf(spend.KindNotFound, "remove a key of an upstream", "there is none")
	}
	return nil
}

func (f *fake) ResealUpstreamKeys(ctx context.Context, by auth.Identity) ([]api.UpstreamKey, error) {
	f.who = by
	return f.UpstreamKeys(ctx)
}

func TestUpstreamKeys(t *testing.T) {
	t.Parallel()
	h := server(t, &fake{})
	for _, s := range []scenario{
		{name: "all", method: "GET", token: "admin", status: 200, want: []string{`"name":"openai"`, `"master":"0a1b2c3d","opens":false,"why":"not here","mend":"give it"`}},
		{name: "set", method: "POST", token: "admin", body: `{"name":"openai","secret":"tell-nobody"}`, status: 200, want: []string{`"opens":true`}, not: []string{"tell-nobody"}},
		{name: "set nothing", method: "POST", token: "admin", body: `{"name":"openai"}`, status: 400},
		{name: "seal anew", method: "POST", url: "/reseal", token: "admin", body: `{}`, status: 200, want: []string{`"items":[{"name":"openai"`}},
		{name: "remove", method: "DELETE", url: "/openai", token: "admin", status: 204},
		{name: "remove another", method: "DELETE", url: "/azure", token: "admin", status: 404},
		{name: "by finance", method: "GET", token: "finance", status: 403},
		{name: "set by finance", method: "POST", token: "finance", body: `{"name":"openai","secret":"x"}`, status: 403},
	} {
		s.url = "/api/v1/upstream-keys" + s.url
		s.run(t, h)
	}
}
