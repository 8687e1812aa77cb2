package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/gateway"
	"github.com/google/go-cmp/cmp"
)

// received is all of an answer, with what came before and behind it.
type received struct {
	Hints           []string
	Status          int
	Announced, Text string
	Behind          http.Header
}

// receive makes a request and reads everything that comes of it.
func receive(t *testing.T, url string, fields ...string) (got received, head http.Header) {
	t.Helper()
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, fields textproto.MIMEHeader) error {
		got.Hints = append(got.Hints, fmt.Sprint(code, fields))
		return nil
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(`{"model":"gpt-5","messages":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer bursar-key")
	for i := 0; i+1 < len(fields); i += 2 {
		req.Header.Set(fields[i], fields[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got.Status, got.Announced = answer.StatusCode, fmt.Sprint(answer.Trailer)
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Errorf("%s: %v", url, err)
	}
	got.Text, got.Behind = string(text), answer.Trailer
	return got, answer.Header
}

// TestWhatComesBeforeAndBehindAnAnswer is what a direct call gets: hints as they come, the
// fields that are announced, and those that come behind, also where the head has one of
// the same name.
func TestWhatComesBeforeAndBehindAnAnswer(t *testing.T) {
	t.Parallel()
	const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
	const announced = "Connection: close\r\nX-Sum: 6\r\nTrailer: X-Sum, X-Late\r\n"
	behind := fmt.Sprintf("%x\r\n%s\r\n0\r\nX-Sum: 7\r\nX-More: 8\r\n\r\n", len(whole), whole)
	for name, parts := range map[string][]string{
		"an answer": {hints, wholeHead + announced + chunked, behind},
		"a stream":  {hints, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + announced + chunked, behind},
		"an error":  {hints, "HTTP/1.1 529 Overloaded\r\nContent-Type: application/json\r\n" + announced + chunked, behind},
	} {
		r := enter(t, raw(bytesOf(parts...)), nil)
		want, _ := receive(t, r.upstream.URL+"/v1/chat/completions")
		if len(want.Hints) != 2 || want.Behind.Get("X-Sum") != "7" {
			t.Fatalf("%s: a direct call gives %+v", name, want)
		}
		for _, path := range []string{"/openai/v1/chat/completions", "/openai/v1/files"} {
			got, head := receive(t, r.server.URL+path)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %s (-direct +got):\n%s", name, path, diff)
			}
			if head.Get("Link") != "" || head.Get("X-Sum") != "6" {
				t.Errorf("%s of %s: the head is %v", name, path, head)
			}
		}
	}
}

// TestHintsAreKeptBack from whoever may not have them: a vendor's cookies are not for our
// address, a client that waits to be told to go on is told nothing else, and before the
// call is safe nothing of it is shown.
func TestHintsAreKeptBack(t *testing.T) {
	t.Parallel()
	answer := []string{"HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\nLink: </a>\r\n\r\n", wholeHead + "Connection: close\r\n", fmt.Sprintf("Content-Length: %d\r\n\r\n", len(whole)), whole} // as it does
	r := enter(t, raw(bytesOf(answer...)), nil)
	if got, _ := receive(t, r.server.URL+"/openai/v1/chat/completions"); fmt.Sprint(got.Hints) != "[103 map[Link:[</a>]]]" {
		t.Errorf("the hints are %v", got.Hints)
	}
	if got, _ := receive(t, r.server.URL+"/openai/v1/files", "Expect", "100-continue"); strings.Contains(fmt.Sprint(got.Hints), "103") || got.Text != whole {
		t.Errorf("who waits is told %v", got)
	}
	r = enter(t, raw(bytesOf(answer...)), func(c *gateway.Config) { c.Ledger = frail{c.Ledger} })
	if got, _ := receive(t, r.server.URL+"/openai/v1/chat/completions"); len(got.Hints) != 0 || got.Status != 503 {
		t.Errorf("a call that was not safe shows %v, %d", got.Hints, got.Status)
	}
}

// frail is a ledger whose disk fails when it is to sync.
type frail struct{ gateway.Ledger }

func (frail) Synced(context.Context, uint64) error { return errors.New("the disk fails") }
