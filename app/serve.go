package app

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Limits bounds what clients may ask of a server.
type Limits struct {
	Hosts     []string      // names and addresses that it is reached under, beyond loopback
	BodyBytes int64         // of one request, after decompression
	Events    int           // of one request
	Query     time.Duration // after which a question is stopped
	AtOnce    int           // questions that run at the same time
}

// DefaultLimits suits a small server: 32 MiB and 10,000 events a request, four
// questions at once for up to 30 seconds.
func DefaultLimits() Limits {
	return Limits{BodyBytes: 32 << 20, Events: 10_000, Query: 30 * time.Second, AtOnce: 4}
}

// Serve answers requests on a listener and books what is accepted until the
// context ends or a part fails; then it lets running requests end.
func (s *Server) Serve(ctx context.Context, l net.Listener, limits Limits) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := &http.Server{
		Handler: s.handler(limits), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	booking := make(chan error, 1)
	go func() {
		booking <- s.Run(ctx)
		stop()
	}()
	serving := make(chan error, 1)
	go func() {
		serving <- server.Serve(l)
		stop()
	}()
	<-ctx.Done()
	s.log.Info("stopping")
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if served := <-serving; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, <-booking)
}

func (s *Server) handler(limits Limits) http.Handler {
	return api.New(api.Config{
		Ledger: s, Acceptor: s.Ingest, Doorkeeper: doorkeeper{s.State}, Open: openEvents, Ready: s.Ready, Now: s.Now, Log: s.log,
		Hosts: append([]string{"localhost", "127.0.0.1", "::1"}, limits.Hosts...), Zone: s.Zone.String(),
		BodyBytes: limits.BodyBytes, Events: limits.Events, Query: limits.Query, AtOnce: limits.AtOnce,
	})
}

// posted reads the events of a request.
type posted struct{ *connect.Reader }

func openEvents(body io.Reader) ingest.Reader {
	return posted{connect.OpenEvents(body, connect.Options{})}
}

func (p posted) Next(out *ingest.Record) error {
	rec, err := p.Reader.Next()
	if err != nil {
		return err
	}
	*out = ingest.Record{Event: rec.Event, Revisions: spend.Immutable, Line: rec.Line, Digest: rec.Hash, Problems: rec.Problems}
	return nil
}

// doorkeeper is the state as the API asks it who somebody is.
type doorkeeper struct{ store *state.Store }

// Admit finds the token and notes its day of last use.
func (d doorkeeper) Admit(ctx context.Context, presented auth.Secret) (admission auth.Admission, err error) {
	err = d.store.Read(ctx, func(tx *state.Tx) error {
		admission, err = auth.Authenticate(ctx, tx, presented)
		return err
	})
	if err != nil || !admission.TouchDue {
		return admission, err
	}
	return admission, d.store.Write(ctx, func(tx *state.Tx) error { return auth.Touch(ctx, tx, admission.Identity) })
}
