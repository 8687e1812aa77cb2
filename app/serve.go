package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/spend"
)

// Door is how a server is reached, and what its clients may ask for.
type Door struct {
	Hosts  []string // names and addresses that it is reached under, beyond loopback
	Limits api.Limits
	Quiet  bool // no /metrics

	Calls     *gateway.Config // how calls to models pass; what the server itself brings is filled in; nil for none
	Telemetry *otlp.Config    // how OpenTelemetry comes in; what the server itself brings is filled in; nil for none
	Routes    string          // file of routes over the built-in ones, "" for none
	Access    string          // file of the access log, "" for the server's own
	Grace     time.Duration   // for running requests when the server stops; 20 s when 0
}

// Serving is a server that answers on a listener.
type Serving struct {
	*Server
	Address     string           // URL that it is reached under
	Certificate *tls.Certificate // nil for plain HTTP
	Ports       Ports            // of telemetry

	site  atomic.Pointer[site]
	grace atomic.Int64 // nanoseconds
}

// NewServing makes the way in; Open changes it at any time after.
func NewServing(ctx context.Context, s *Server, address string, d Door) (*Serving, error) {
	v := &Serving{Server: s, Address: address}
	return v, v.Open(ctx, d)
}

// Open lets clients in under other names or limits from the next request on.
func (v *Serving) Open(ctx context.Context, d Door) error {
	site, err := v.Server.site(ctx, d)
	if err != nil {
		return err
	}
	v.site.Store(site)
	v.grace.Store(int64(orDefault(d.Grace, 20*time.Second)))
	return nil
}

// Serve answers requests and books what is accepted until the context ends or a
// part fails; then it lets running requests end.
func (v *Serving) Serve(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { v.site.Load().ServeHTTP(w, r) }),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	server.RegisterOnShutdown(v.Live.Close)
	v.warnOfSealed(ctx)
	forget, err := v.announce()
	if err != nil {
		return err
	}
	shut, err := v.openPorts(ctx, stop)
	if err != nil {
		return errors.Join(err, forget())
	}
	booking := begin(stop, func() error { return v.Run(ctx) })
	serving := begin(stop, func() error { return listen(server, l, v.Certificate) })
	<-ctx.Done()
	v.log.Info("stopping")
	err = errors.Join(shut(context.WithoutCancel(ctx)), v.shut(context.WithoutCancel(ctx), server))
	v.settleCalls(context.WithoutCancel(ctx))
	if served := <-serving; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, <-booking, forget())
}

// shut lets running requests end. Calls to models that take longer than the grace are
// cut, and settled as interrupted, before the journal closes.
func (v *Serving) shut(ctx context.Context, server *http.Server) error {
	err := v.quiet(ctx, server, time.Duration(v.grace.Load()))
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	v.log.Warn("requests take longer than the grace and are cut", "calls", v.passing.Len())
	v.passing.Cut()
	if err := v.quiet(ctx, server, 3*time.Second); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	err = server.Close() // clients that take nothing end here
	if late := v.quiet(ctx, server, 3*time.Second); late != nil {
		v.log.Error("calls are left to the next start, which finds them interrupted", "calls", v.passing.Len())
	}
	return err
}

// quiet waits until no request is under way, for so long. An answer that is read on when
// its client is gone is none of the HTTP server's where connections are shared.
func (v *Serving) quiet(ctx context.Context, server *http.Server, most time.Duration) error {
	soon, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	if err := server.Shutdown(soon); err != nil {
		return err
	}
	return v.passing.Wait(soon)
}

// settleCalls waits for what the journal still has to take of calls.
func (v *Serving) settleCalls(ctx context.Context) {
	calls := v.calling.Load()
	if calls == nil {
		return
	}
	soon, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if calls.Settle(soon) != nil {
		v.log.Error("the journal stalls to the end: calls are left to the next start, which finds them interrupted", "passed without a record", v.passed.Unrecorded.Load())
	}
}

// begin runs a part and calls stop when it ends.
func begin(stop func(), part func() error) <-chan error {
	ended := make(chan error, 1)
	go func() {
		ended <- part()
		stop()
	}()
	return ended
}

func listen(server *http.Server, l net.Listener, certificate *tls.Certificate) error {
	if certificate == nil {
		return server.Serve(l)
	}
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
	return server.ServeTLS(l, "", "")
}

// addressFile names the running server to commands on the same folder. The
// folder's lock says whether it runs.
const addressFile = "address"

func (v *Serving) announce() (forget func() error, err error) {
	path := filepath.Join(v.Data, addressFile)
	if err := os.WriteFile(path, []byte(v.Address+"\n"), 0o600); err != nil {
		return nil, spend.Errorf(spend.KindUnavailable, "announce the server", "%w", err)
	}
	// Last: who reads this line may run a command that looks for the file.
	v.log.Info("open the page and sign in with an admin token", "address", v.Address, "first token", filepath.Join(v.Data, tokenFile))
	return func() error { return os.Remove(path) }, nil
}

// house is whose accounts these are.
func (s *Server) house() api.House {
	h := api.House{Organisation: s.order.Load().name, Currency: s.Currency(), Demo: s.simulated}
	if s.simulated {
		h.Organisation = company.New(company.Config{Events: -1}).Organisation().Name
	}
	return h
}

// Handler is the server as HTTP.
func (s *Server) Handler(d Door) (*api.Server, error) { return api.New(s.handled(d)) }

// handled is what HTTP brings to the server.
func (s *Server) handled(d Door) api.Config {
	c := api.Config{
		Hosts: hosts(d), Public: s.Public, View: s.View, House: s.house, Now: s.Now, Log: s.log, Counts: s.metrics.answers,
		Admitter: doorkeeper{s}, Sessions: sessions{s.State}, Acceptor: s, Importer: s, Quarantine: quarantine{s.Lake, s.Ingest}, Asker: s, Outcomes: s, Runs: s, Tokens: tokens{s.State}, People: s, Roles: s, Policies: s, Attribution: s, Register: s, Comparer: s, Reconciler: s, Sources: s, Budgets: limits{s}, Notices: heralds{s}, UpstreamKeys: s, Views: views{s.State}, Adopter: s, Forecasts: forecasts{s}, Prices: s, Exchange: s, Periods: s, Upkeep: upkeep{s}, Memory: memory{s.State}, Audit: trail{s.State},
		Live: s.Live, Ready: s.Ready, Limits: d.Limits,
	}
	if !d.Quiet {
		c.Metrics = s.metrics.registry
	}
	return c
}
