package app

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/state"
)

// doorkeeper finds out whose credential was presented.
type doorkeeper struct{ *Server }

// Token admits the holder of a token and notes its day of use.
func (d doorkeeper) Token(ctx context.Context, presented auth.Secret) (admission auth.Admission, err error) {
	if d.local.Is(presented) {
		return auth.Admission{Identity: auth.Local(), Admitted: true}, nil
	}
	admission, err = auth.Authenticate(ctx, d.State.Known(), presented)
	if err != nil || !admission.TouchDue {
		return admission, err
	}
	return admission, d.State.Write(ctx, func(tx *state.Tx) error { return auth.Touch(ctx, tx, admission.Identity) })
}

// Session admits whoever holds the value of a session cookie.
func (d doorkeeper) Session(ctx context.Context, presented auth.Secret) (admission auth.Admission, err error) {
	err = d.State.Read(ctx, func(tx *state.Tx) error {
		admission, err = auth.Resume(ctx, tx, presented)
		return err
	})
	return admission, err
}

// Inside runs work with a client of this very server, within the process: who
// has the folder is its administrator.
func (s *Server) Inside(ctx context.Context, work func(*client.Client) error) error {
	handler, err := s.Handler(Door{Limits: api.Limits{Rate: 1 << 20, Burst: 1 << 20, QueryTime: time.Hour}})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	booking := begin(func() {}, func() error { return s.Ingest.Run(ctx) })
	err = work(&client.Client{Base: "http://localhost", Token: s.local.Reveal(), HTTP: &http.Client{Transport: within{handler}}})
	stop()
	if booked := <-booking; err == nil {
		err = booked
	}
	return err
}

// within carries requests to a handler without a network.
type within struct{ http.Handler }

// RoundTrip answers a request whole.
func (w within) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := &kept{header: http.Header{}, code: http.StatusOK}
	w.ServeHTTP(answer, r)
	return &http.Response{
		StatusCode: answer.code, Status: http.StatusText(answer.code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.header, Body: io.NopCloser(&answer.body), ContentLength: int64(answer.body.Len()), Request: r,
	}, nil
}

// kept is an answer in memory.
type kept struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(code int)        { k.code = code }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
