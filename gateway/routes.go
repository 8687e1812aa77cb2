package gateway

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

//go:embed routes.yaml
var ownRoutes []byte

// MaxRoutes is the size of the largest file of routes in bytes.
const MaxRoutes = 1 << 20

// file is the shape of a file of routes.
type file struct {
	Schema string         `yaml:"gateway"` // bursar/1
	Routes []writtenRoute `yaml:"routes"`
}

type writtenRoute struct {
	Name      string            `yaml:"name"`        // the first element of the path
	API       protocol.API      `yaml:"api"`         // openai or anthropic
	Gone      Gone              `yaml:"client_gone"` // drain or cancel
	Upstreams []writtenUpstream `yaml:"upstreams"`   // tried in this order
}

type writtenUpstream struct {
	Name    string `yaml:"name"`         // of the figures and logs; the host when empty
	Base    string `yaml:"base"`         // /v1/… is put behind it
	Seller  string `yaml:"seller"`       // who bills; known for the hosts of vendors
	Account string `yaml:"account"`      // the vendor account that pays
	Tier    string `yaml:"service_tier"` // that the vendor's own settings give to a request which asks for none, or for auto
	KeyEnv  string `yaml:"key_env"`      // variable that holds the vendor's key
	KeyFile string `yaml:"key_file"`     // or a file that does
	Sealed  string `yaml:"key_sealed"`   // or the name of one that is kept sealed, where the variable is not set
	Header  string `yaml:"key_header"`   // that takes the key; the API's own when empty
	NoKey   bool   `yaml:"no_key"`       // it asks for none
	Flavour string `yaml:"usage"`        // how it counts in chat completions, where it counts otherwise
	Ask     *bool  `yaml:"ask_usage"`    // streams are asked to tell their usage; known for vendors that do so anyway
	AtOnce  int    `yaml:"at_once"`      // attempts at the same time
	Tries   int    `yaml:"tries"`        // attempts of one call

	Connect time.Duration `yaml:"connect_time"` // as of Times; the gateway's when empty
	Head    time.Duration `yaml:"head_time"`
	Idle    time.Duration `yaml:"idle_time"`
	Call    time.Duration `yaml:"call_time"`
}

// Environment is where vendor keys come from.
type Environment struct {
	Get    func(name string) (string, bool)
	Read   func(path string) ([]byte, error)
	Sealed func(name string) auth.Secret // what is kept sealed, at any time; zero when nothing is, nil where nothing can be
}

// System is the environment of the process, in which nothing is kept.
func System() Environment { return Environment{Get: os.LookupEnv, Read: os.ReadFile} }

// OwnRoutes gives the ways in that every gateway has.
func OwnRoutes(from Environment) ([]Route, error) {
	return ReadRoutes(bytes.NewReader(ownRoutes), from)
}

// ReadRoutes reads a file of routes (YAML, unknown keys refused). All errors come
// at once. Vendor keys are never in the file.
func ReadRoutes(r io.Reader, from Environment) ([]Route, error) {
	const op = "read the routes"
	raw, err := io.ReadAll(io.LimitReader(r, MaxRoutes+1))
	if err != nil || len(raw) > MaxRoutes {
		return nil, spend.Errorf(spend.KindInvalid, op, "the file cannot be read, or is larger than 1 MiB: %w", err)
	}
	var f file
	if err := document.Decode(raw, &f); err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", err).WithHint("docs/gateway.md has a file to begin with")
	}
	top, err := document.Root(raw)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", err)
	}
	in := reading{from: from, top: top, seen: map[string]bool{}}
	if f.Schema != "bursar/1" {
		in.fail(fmt.Errorf("gateway: is %.40q, want bursar/1", f.Schema), "gateway")
	}
	var routes []Route
	for i := range f.Routes {
		routes = append(routes, in.route(&f.Routes[i], strconv.Itoa(i)))
	}
	if err := errors.Join(in.errs...); err != nil {
		return nil, spend.Errorf(spend.KindInvalid, op, "%w", err).WithHint("docs/gateway.md has a file to begin with")
	}
	return routes, nil
}

// reading gathers what is wrong with a file of routes.
type reading struct {
	from Environment
	top  *yaml.Node
	seen map[string]bool // names of routes
	errs []error
}

// fail notes a mistake, if it is one, with the line of what a path leads to.
func (in *reading) fail(err error, path ...string) {
	if err != nil {
		in.errs = append(in.errs, fmt.Errorf("line %d: %w", document.Line(in.top, path...), err))
	}
}

func (in *reading) route(w *writtenRoute, place string) Route {
	r := Route{Name: w.Name, API: w.API, Gone: w.Gone}
	for i := range w.Upstreams {
		up, err := w.Upstreams[i].upstream(in.from)
		if err == nil {
			err = up.validate()
		}
		if err != nil {
			err = fmt.Errorf("route %.40q: %w", w.Name, err)
		}
		in.fail(err, "routes", place, "upstreams", strconv.Itoa(i))
		r.Upstreams = append(r.Upstreams, up)
	}
	in.fail(r.validate(in.seen), "routes", place)
	return r
}

func (w *writtenUpstream) upstream(from Environment) (Upstream, error) {
	base, err := url.Parse(w.Base)
	if err != nil {
		return Upstream{}, errors.New("the base is no address")
	}
	u := Upstream{
		Name: w.Name, Base: base, Seller: w.Seller, Account: w.Account, Tier: w.Tier, Header: w.Header,
		Flavour: w.Flavour, AtOnce: w.AtOnce, Tries: w.Tries, Times: Times{w.Connect, w.Head, w.Idle, w.Call},
	}
	if u.Name == "" {
		u.Name = base.Host
	}
	if u.Seller == "" {
		u.Seller, _ = pricebook.SellerOf(base.Host) // Validate refuses nobody
	}
	u.Keyless, u.Unasked = w.NoKey, unasked(u.Seller)
	if w.Ask != nil {
		u.Unasked = !*w.Ask
	}
	if u.Flavour == "" && u.Seller == "deepseek" {
		u.Flavour = "deepseek.chat"
	}
	u.Credential, err = w.credential(from)
	if w.Sealed != "" && from.Sealed != nil {
		u.Sealed = func() auth.Secret { return from.Sealed(w.Sealed) }
	}
	return u, err
}

// unasked says that a vendor's streams tell their usage in any case. Mistral refuses a
// request that asks for it; OpenRouter tells it to clients that did not ask, too.
func unasked(seller string) bool { return seller == "mistral" || seller == "openrouter" }

// credential reads the vendor's key. A variable that is not set, and a name under which
// nothing is sealed, leave the route to clients that bring their own.
func (w *writtenUpstream) credential(from Environment) (auth.Secret, error) {
	switch {
	case w.NoKey && w.KeyEnv+w.KeyFile+w.Sealed+w.Header != "":
		return auth.Secret{}, errors.New("no_key: true beside a key")
	case w.KeyFile != "" && w.KeyEnv+w.Sealed != "":
		return auth.Secret{}, errors.New("key_file beside key_env or key_sealed: name one of them")
	case w.KeyFile != "":
		raw, err := from.Read(w.KeyFile)
		if err != nil {
			return auth.Secret{}, fmt.Errorf("the file of the vendor's key: %w", err)
		}
		return auth.NewSecret(strings.TrimSpace(string(raw))), nil
	}
	key, _ := from.Get(w.KeyEnv)
	if key == "" {
		return auth.Secret{}, nil
	}
	return auth.NewSecret(key), nil
}

// Over gives routes with others in the place of those of the same name.
func Over(routes, others []Route) []Route {
	all := slices.Clone(others)
	for _, r := range routes {
		if !slices.ContainsFunc(others, func(o Route) bool { return o.Name == r.Name }) {
			all = append(all, r)
		}
	}
	return all
}
