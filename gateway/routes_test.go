package gateway_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// surroundings is an environment with one variable, one file and one sealed key.
func surroundings() gateway.Environment {
	return gateway.Environment{
		Get: func(name string) (string, bool) {
			if name != "SET" {
				return "", false
			}
			return "of-the-variable", true
		},
		Read: func(path string) ([]byte, error) {
			if path != "file" {
				return nil, errors.New("no such file")
			}
			return []byte("of-the-file\n"), nil
		},
		Sealed: func(name string) auth.Secret {
			if name != "box" {
				return auth.Secret{}
			}
			return auth.NewSecret("of-the-box")
		},
	}
}

// written is a file of one route with an upstream.
func written(upstream string) string {
	return "gateway: bursar/1\nroutes: [{name: openai, api: openai, upstreams: [{base: https://api.openai.com, " + upstream + "}]}]\n"
}

func TestWhereAVendorsKeyComesFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ upstream, want, sealed string }{
		{"at_once: 1", "", ""},
		{"key_env: SET", "of-the-variable", ""},
		{"key_env: UNSET", "", ""},
		{"key_file: file", "of-the-file", ""},
		{"key_sealed: box", "", "of-the-box"},
		{"key_sealed: other", "", ""},
		{"key_env: SET, key_sealed: box", "of-the-variable", "of-the-box"},
		{"key_env: UNSET, key_sealed: box", "", "of-the-box"},
	} {
		routes, err := gateway.ReadRoutes(strings.NewReader(written(c.upstream)), surroundings())
		if err != nil {
			t.Errorf("%s: %v", c.upstream, err)
			continue
		}
		up := routes[0].Upstreams[0]
		sealed := ""
		if up.Sealed != nil {
			sealed = up.Sealed().Reveal()
		}
		if got := up.Credential.Reveal(); got != c.want || sealed != c.sealed {
			t.Errorf("%s: %q and sealed %q", c.upstream, got, sealed)
		}
	}
}

func TestRoutesAreReadStrictly(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                                       "want bursar/1",
		"gateway: bursar/2\n":                    "want bursar/1",
		"gateway: bursar/1\nrouts: []\n":         "line 2: field routs is not known here; one of gateway, routes",
		written("key_file: file, key_env: SET"):  "name one of them",
		written("key_file: file, key_sealed: x"): "name one of them",
		written("key_file: nowhere"):             "the file of the vendor's key",
		strings.Repeat("#", gateway.MaxRoutes+1): "larger than 1 MiB",
		strings.ReplaceAll(written("tries: 1"), "https", "ftp"):              "line 2: route \"openai\": the base is no address like",
		strings.ReplaceAll(written("tries: 1"), "api.openai", "who-is-it"):   "nobody is named who bills",
		strings.ReplaceAll(written("tries: 1"), "name: openai", "name: api"): "is taken",
		strings.ReplaceAll(written("tries: 1"), "api: openai", "api: other"): "there is no API",
	} {
		_, err := gateway.ReadRoutes(strings.NewReader(text), surroundings())
		if spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%.80q: %v, want %q", text, err, says)
		}
	}
}

// TestMistakesInRoutesComeAtOnce names each with the line of its route or upstream.
func TestMistakesInRoutesComeAtOnce(t *testing.T) {
	t.Parallel()
	const text = `gateway: bursar/1
routes:
  - name: a
    api: openia
    upstreams:
      - base: https://api.openai.com
        key_file: nowhere
      - base: api.openai.com
  - name: a
    api: openai
    client_gone: stay
    upstreams: [{base: "http://127.0.0.1:8000"}]
`
	_, err := gateway.ReadRoutes(strings.NewReader(text), surroundings())
	if spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
		t.Fatalf("%v, want an error of kind invalid that says what to do", err)
	}
	for _, want := range []string{
		`line 6: route "a": the file of the vendor's key: `, `line 8: route "a": the base is no address`, `line 3: route a: there is no API "openia"; write openai`,
		`line 12: route "a": upstream 127.0.0.1:8000: nobody is named who bills; write seller`, `line 9: the route name "a" is taken`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}

// TestOwnRoutesTakeTheKeySealedUnderTheirName reads the ways in that every gateway has.
func TestOwnRoutesTakeTheKeySealedUnderTheirName(t *testing.T) {
	t.Parallel()
	from := surroundings()
	from.Sealed = func(name string) auth.Secret { return auth.NewSecret("of " + name) }
	routes, err := gateway.OwnRoutes(from)
	if err != nil || len(routes) != 9 {
		t.Fatalf("%d routes, %v", len(routes), err)
	}
	for _, r := range routes {
		if got := r.Upstreams[0].Sealed().Reveal(); got != "of "+r.Name {
			t.Errorf("route %s takes the key %s", r.Name, got)
		}
	}
}

// FuzzReadRoutes reads any text as routes: what is read can be served.
func FuzzReadRoutes(f *testing.F) {
	f.Add(written("key_env: SET"))
	f.Add("gateway: bursar/1\nroutes: [{}]\n")
	f.Add("gateway: bursar/1\nroutes: [{name: a, api: openai, upstreams: [{base: \"http://[::1%25en0]:80/\", seller: s}]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		routes, err := gateway.ReadRoutes(strings.NewReader(text), surroundings())
		if err != nil {
			if spend.KindOf(err) != spend.KindInvalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if _, err := gateway.New(gateway.Config{Routes: routes}); err != nil {
			t.Errorf("%q is read and cannot be served: %v", text, err)
		}
	})
}
