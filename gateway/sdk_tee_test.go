//go:build sdks

package gateway_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// exchanged is an answer as the client got it.
type exchanged struct {
	Case   string
	Status int
	Header http.Header
	Body   string
}

// tee stands before a server and keeps each answer as it goes over the wire.
type tee struct {
	*httptest.Server
	left func(name string) // called when the client of an abort is gone

	mu        sync.Mutex
	exchanged []*exchanged
}

func newTee(t *testing.T, to string, left func(string)) *tee {
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	v := &tee{left: left}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:     &http.Transport{DisableCompression: true},
		FlushInterval: -1, ModifyResponse: v.keep, ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {}, // the client is gone
	}
	v.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name := r.Header.Get(caseHeader); strings.HasSuffix(name, "_abort") {
			context.AfterFunc(r.Context(), func() { v.left(name) })
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(v.Close)
	return v
}

// keep begins to keep an answer.
func (v *tee) keep(r *http.Response) error {
	e := &exchanged{Case: r.Request.Header.Get(caseHeader), Status: r.StatusCode, Header: r.Header.Clone()}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.exchanged = append(v.exchanged, e)
	r.Body = &copied{r.Body, v, e}
	return nil
}

// of gives the answers of a case, in their order.
func (v *tee) of(name string) (all []exchanged) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, e := range v.exchanged {
		if e.Case == name {
			all = append(all, *e)
		}
	}
	return all
}

// copied is a body of which a copy is kept.
type copied struct {
	io.ReadCloser
	tee *tee
	to  *exchanged
}

// Read keeps what it reads.
func (c *copied) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.tee.mu.Lock()
	defer c.tee.mu.Unlock()
	c.to.Body += string(p[:n])
	return n, err
}
