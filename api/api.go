package api

import (
	"context"
	_ "embed"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

//go:embed openapi.yaml
var openapi []byte

// Ledger answers questions.
type Ledger interface {
	Answer(ctx context.Context, q *spend.Query) (spend.Table, error)
}

// Acceptor makes records safe and books them behind that.
type Acceptor interface {
	Accept(ctx context.Context, records []ingest.Record) error
}

// Doorkeeper finds out whose token was presented.
type Doorkeeper interface {
	Admit(ctx context.Context, presented auth.Secret) (auth.Admission, error)
}

// Config is what the API works with.
type Config struct {
	Ledger     Ledger
	Acceptor   Acceptor
	Doorkeeper Doorkeeper
	Open       func(body io.Reader) ingest.Reader // reads the events of a request
	Ready      func() error                       // why nothing can be accepted, nil when it can
	Now        func() time.Time                   // the clock of questions
	Log        *slog.Logger
	Hosts      []string      // names and addresses, without ports, that it is reached under
	Zone       string        // of days and months unless a question says another
	BodyBytes  int64         // of one request, after decompression
	Events     int           // of one request
	Query      time.Duration // after which a question is stopped
	AtOnce     int           // questions that run at the same time
}

// API is the HTTP interface. It is safe for concurrent use.
type API struct {
	Config
	questions chan struct{} // a place for each question that may run
	mux       *http.ServeMux
}

// New builds the interface over its parts.
func New(c Config) *API {
	a := &API{Config: c, questions: make(chan struct{}, c.AtOnce), mux: http.NewServeMux()}
	for _, r := range a.routes() {
		a.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { a.serve(req.Context(), r, &call{w: w, r: req}) })
	}
	return a
}

// ServeHTTP answers one request; any host but ours, and any foreign page, is
// refused before anything is looked at.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	if err := auth.CheckOrigin(a.Hosts, r.Host, r.Header.Get("Origin")); err != nil {
		a.fail(&call{w: w, r: r}, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, a.BodyBytes)
	a.mux.ServeHTTP(w, r)
}

func (a *API) serve(ctx context.Context, route route, c *call) {
	if route.action != "" {
		if err := a.admit(ctx, c, route.action); err != nil {
			a.fail(c, err)
			return
		}
	}
	if err := route.handle(c); err != nil {
		a.fail(c, err)
	}
}

// admit proves who asks and that they may.
func (a *API) admit(ctx context.Context, c *call, action auth.Action) error {
	text, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return unauthenticated("no credential was presented")
	}
	admission, err := a.Doorkeeper.Admit(ctx, auth.NewSecret(strings.TrimSpace(text)))
	if err != nil {
		return err
	}
	if !admission.Admitted {
		return unauthenticated(admission.Reason)
	}
	c.who = admission.Identity
	target := auth.Target{Scope: ceiling(c.who)}
	if d := auth.Authorise(c.who, action, target); !d.Allowed {
		return spend.Errorf(spend.KindForbidden, "authorise", "%s", d.Reason)
	}
	return nil
}

// ceiling is the scope that bounds what a credential may say and see: that of
// its first grant. A credential of the whole organisation has none.
func ceiling(who auth.Identity) spend.Scope {
	if len(who.Grants) == 0 {
		return spend.Scope{}
	}
	return who.Grants[0].Scope
}

func (a *API) health(c *call) error {
	_, err := c.w.Write([]byte("ok\n"))
	return err
}

func (a *API) ready(c *call) error {
	if err := a.Ready(); err != nil {
		return spend.Errorf(spend.KindUnavailable, "be ready", "%w", err)
	}
	return a.health(c)
}

func (a *API) document(c *call) error {
	c.w.Header().Set("Content-Type", "application/yaml")
	_, err := c.w.Write(openapi)
	return err
}
