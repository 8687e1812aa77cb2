package api_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

// large asks for an answer of some twenty megabytes, more than buffers between a server
// and its client hold. over hears of the end of the request on the server.
func large(t *testing.T, patience time.Duration) (client net.Conn, over <-chan struct{}) {
	t.Helper()
	f := &fake{limits: api.Limits{WriteTime: patience}}
	f.table.Query.By = []spend.Dimension{"model"}
	f.rowsOf = func(*spend.Query) []spend.Row {
		return slices.Repeat([]spend.Row{{Keys: []string{strings.Repeat("m", 500)}}}, 40_000)
	}
	s, ended := server(t, f), make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(w, r)
		close(ended)
	}))
	t.Cleanup(web.Close)
	client, err := net.Dial("tcp", strings.TrimPrefix(web.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	if _, err := io.WriteString(client, "GET /api/v1/spend?measures=cost&by=model&format=csv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer whole\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return client, ended
}

// TestAnswerToNobody asks and reads nothing: the request ends on the server by itself.
func TestAnswerToNobody(t *testing.T) {
	t.Parallel()
	_, over := large(t, 20*time.Millisecond)
	<-over
}

// TestAnswerToSomebodySlow reads on and on, for longer than one piece may take.
func TestAnswerToSomebodySlow(t *testing.T) {
	t.Parallel()
	client, over := large(t, time.Second)
	answer, err := http.ReadResponse(bufio.NewReader(client), nil)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", answer, err)
	}
	defer answer.Body.Close()
	read, piece := int64(0), int64(64<<10)
	for err == nil {
		var n int64
		n, err = io.CopyN(io.Discard, answer.Body, piece)
		read += n
		time.Sleep(5 * time.Millisecond)
	}
	if !errors.Is(err, io.EOF) || read != answer.ContentLength || read < 20_000_000 {
		t.Errorf("%d bytes of %d came: %v", read, answer.ContentLength, err)
	}
	<-over
}
