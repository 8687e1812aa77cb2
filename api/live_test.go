package api_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

func publish(t *testing.T, s *api.Server, scope spend.Scope, data string) {
	t.Helper()
	if err := s.Live.Publish(api.Message{Topic: "tiles", Scope: scope, Data: json.RawMessage(data)}); err != nil {
		t.Fatal(err)
	}
}

// listener reads a stream's lines of one kind.
type listener struct {
	*bufio.Scanner
	body io.Closer
}

func listen(t testing.TB, url, token, last string) listener {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url+"/api/v1/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Last-Event-ID", last)
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", answer, err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return listener{bufio.NewScanner(answer.Body), answer.Body}
}

func (l listener) next(start string) string {
	for l.Scan() {
		if rest, ok := strings.CutPrefix(l.Text(), start); ok {
			return rest
		}
	}
	return "the stream ended"
}

func TestLive(t *testing.T) {
	t.Parallel()
	s := server(t, &fake{})
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	t.Cleanup(s.Live.Close)

	own := listen(t, web.URL, "viewer", "")
	own.next("retry")
	publish(t, s, sales(), `{"n": 1}`)
	publish(t, s, claims(), "{\"n\":\n2}")
	id := own.next("id: ")
	if got := own.next("data: "); got != `{"n":2}` {
		t.Errorf("a viewer of claims first saw %s", got)
	}
	publish(t, s, claims(), `{"n":3}`)
	resumed := listen(t, web.URL, "viewer", id)
	if got := resumed.next("data: "); got != `{"n":3}` {
		t.Errorf("after %s came %s", id, got)
	}
	for _, foreign := range []string{"otherone-1", "x", strings.Split(id, "-")[0] + "-999"} {
		if got := listen(t, web.URL, "viewer", foreign).next("event: "); got != "reset" {
			t.Errorf("after %s came %s", foreign, got)
		}
	}
	for range 1100 {
		publish(t, s, claims(), `{}`)
	}
	if got := listen(t, web.URL, "viewer", id).next("event: "); got != "reset" {
		t.Errorf("after a place that left the ring came %s", got)
	}
	s.Live.Close()
	if got := resumed.next("nothing"); got != "the stream ended" {
		t.Error(got)
	}
}

// TestLiveStreamsOfOneAreBounded lets one user open all that one may: the next is refused,
// another user's is not, and one that was closed makes room.
func TestLiveStreamsOfOneAreBounded(t *testing.T) {
	t.Parallel()
	s := server(t, &fake{limits: api.Limits{Streams: 8}})
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	t.Cleanup(s.Live.Close)
	first := listen(t, web.URL, "viewer", "")
	listen(t, web.URL, "viewer", "")
	third := scenario{name: "a third", method: "GET", url: "/api/v1/live", token: "viewer", status: 429, want: []string{"2 of this user"}}
	third.run(t, s)
	listen(t, web.URL, "whole", "")
	first.body.Close()
	third.method, third.status, third.want = "HEAD", 200, nil
	for w := httptest.NewRecorder(); ; w = httptest.NewRecorder() {
		s.ServeHTTP(w, third.request())
		if w.Code == http.StatusOK {
			return
		}
		time.Sleep(20 * time.Millisecond) // within the rate of the token, until the server sees that it left
	}
}

// TestLiveEndsWithItsCredential revokes a token while its stream is open, and lets a busy
// one of another token go on.
func TestLiveEndsWithItsCredential(t *testing.T) {
	t.Parallel()
	f := &fake{limits: api.Limits{Recheck: time.Millisecond, Heartbeat: time.Hour}}
	s := server(t, f)
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	t.Cleanup(s.Live.Close)
	gone, stays := listen(t, web.URL, "viewer", ""), listen(t, web.URL, "whole", "")
	f.mu.Lock()
	f.revoked = "viewer"
	f.mu.Unlock()
	if got := gone.next("nothing"); got != "the stream ended" {
		t.Error(got)
	}
	publish(t, s, sales(), `{"n":1}`)
	if got := stays.next("data: "); got != `{"n":1}` {
		t.Errorf("the stream of another token got %s", got)
	}
}

func TestLiveRefusesWhatBreaksAStream(t *testing.T) {
	t.Parallel()
	s := server(t, &fake{})
	for _, m := range []api.Message{
		{Topic: "tiles", Data: json.RawMessage("no json")}, {Topic: "a\nb", Data: json.RawMessage("{}")},
		{Topic: "reset", Data: json.RawMessage("{}")}, {Data: json.RawMessage("{}")},
	} {
		if err := s.Live.Publish(m); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

// TestSlowBody sends a head and half a body: the server answers by itself.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	f := &fake{limits: api.Limits{BodyTime: 20 * time.Millisecond}}
	web := httptest.NewServer(server(t, f))
	t.Cleanup(web.Close)
	conn, err := net.Dial("tcp", strings.TrimPrefix(web.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_, err = io.WriteString(conn, "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ingest\r\n"+
		"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":")
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(line, "408") || f.batches != 0 {
		t.Errorf("%q, %v, %d batches", line, err, f.batches)
	}
}
