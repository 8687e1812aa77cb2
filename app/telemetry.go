package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/spend"
)

// telemetry makes the way of OpenTelemetry in, nil when there is none.
func (s *Server) telemetry(ctx context.Context, d Door) (*otlp.Receiver, error) {
	if d.Telemetry == nil {
		return nil, nil
	}
	if err := s.openNotes(); err != nil {
		return nil, err
	}
	c := *d.Telemetry
	c.Notes = notes{s.notes}
	c.Keys, c.Ledger, c.Ready, c.Hosts = senders{doorkeeper{s}}, s.Ingest, s.Ready, hosts(d)
	c.Now, c.Log, c.Counts, c.Before = s.Now, s.log, &s.heard, s.receiving.Load()
	if s.simulated { // nothing in it is anybody's
		c.Open = &otlp.Sender{Space: "demo"}
	}
	r := otlp.New(ctx, c)
	s.receiving.Store(r)
	return r, nil
}

// overheard is the ledger of the gateway, of which telemetry hears too.
type overheard struct {
	*ingest.Service
	server *Server
}

// End settles a call.
func (o overheard) End(r *ingest.Record) error {
	err := o.Service.End(r)
	if receiver := o.server.receiving.Load(); receiver != nil && err == nil {
		receiver.Passed(&r.Event)
	}
	return err
}

// senders lets telemetry in.
type senders struct{ doorkeeper }

// Sender finds out whose credential it is, and whether it may send telemetry.
func (k senders) Sender(ctx context.Context, presented auth.Secret) (otlp.Sender, error) {
	admission, err := k.Token(ctx, presented)
	switch {
	case err != nil:
		return otlp.Sender{}, err
	case !admission.Admitted:
		return otlp.Sender{Refusal: admission.Reason}, nil
	}
	who := admission.Identity
	scope := ownScope(who)
	if verdict := auth.Authorise(who, auth.TelemetryWrite, auth.Target{Scope: scope}); !verdict.Allowed {
		return otlp.Sender{Refusal: verdict.Reason}, nil
	}
	scope.Credential = who.Token
	return otlp.Sender{Scope: scope, Space: namespace(who)}, nil
}

// Ports are the addresses at which telemetry comes in beside the main one, "" for none.
// Each takes gRPC and HTTP.
type Ports struct{ GRPC, HTTP string }

// openPorts serves telemetry at its own addresses until shut is called. A part that
// fails calls stop.
func (v *Serving) openPorts(ctx context.Context, stop func()) (shut func(context.Context) error, err error) {
	var servers []*http.Server
	var ends []<-chan error
	shut = func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		var errs []error
		for i, server := range servers {
			if server.Shutdown(ctx) != nil {
				errs = append(errs, server.Close())
			}
			if err := <-ends[i]; !errors.Is(err, http.ErrServerClosed) {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
	for _, address := range []string{v.Ports.GRPC, v.Ports.HTTP} {
		if address == "" {
			continue
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			err = spend.Errorf(spend.KindConflict, "listen for telemetry", "%w", err).WithHint("another collector may run; choose other addresses with telemetry.grpc and telemetry.http")
			return nil, errors.Join(err, shut(context.WithoutCancel(ctx)))
		}
		server := v.collector(ctx)
		servers, ends = append(servers, server), append(ends, begin(stop, func() error { return listen(server, l, v.Certificate) }))
		v.log.Info("telemetry comes in", "address", l.Addr().String())
	}
	return shut, nil
}

// collector answers at an address for telemetry alone, over HTTP in both versions.
func (v *Serving) collector(ctx context.Context) *http.Server {
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if receiver := v.site.Load().telemetry; receiver != nil {
				receiver.ServeHTTP(w, r)
				return
			}
			http.NotFound(w, r)
		}),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, Protocols: protocols,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
}
