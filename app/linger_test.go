package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
)

// sendAll sends a request with 40 MiB, more than the buffers of the system hold, and reads
// the answer when all is sent.
func sendAll(t *testing.T, address, head string, chunked bool) (status int, text string) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	what, _, _ := strings.Cut(head, "\r\n")
	piece, length, end := strings.Repeat(" ", 1<<20), "Content-Length: 41943040", ""
	if chunked {
		piece, length, end = "100000\r\n"+piece+"\r\n", "Transfer-Encoding: chunked", "0\r\n\r\n"
	}
	_, err = io.WriteString(conn, head+"\r\nHost: localhost\r\n"+length+"\r\n\r\n")
	for i := 0; i < 40 && err == nil; i++ {
		_, err = io.WriteString(conn, piece)
	}
	if err == nil {
		_, err = io.WriteString(conn, end)
	}
	if err != nil {
		t.Errorf("%s, chunked %v: it cannot send all: %v", what, chunked, err)
		return 0, ""
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Errorf("%s, chunked %v: %v", what, chunked, err)
		return 0, ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || !answer.Close {
		t.Errorf("%s, chunked %v: the connection stays %v, %v", what, chunked, !answer.Close, err)
	}
	return answer.StatusCode, string(body)
}

// TestAClientThatSendsAllFirst reads what the interface says of a body that it did not read,
// or not to its end.
func TestAClientThatSendsAllFirst(t *testing.T) {
	t.Parallel()
	r := serve(t, app.Door{}, nil)
	admin := "\r\nAuthorization: Bearer " + r.token
	for head, want := range map[string]int{
		"POST /api/v1/events HTTP/1.1\r\nContent-Type: application/json":               http.StatusUnauthorized,
		"POST /api/v1/events HTTP/1.1\r\nContent-Type: application/json" + admin:       http.StatusRequestEntityTooLarge,
		"POST /api/v1/events HTTP/1.1\r\nContent-Type: text/plain" + admin:             http.StatusUnsupportedMediaType,
		"POST /api/v1/nowhere HTTP/1.1\r\nContent-Type: application/json" + admin:      http.StatusNotFound,
		"POST /nowhere/v1/chat/completions HTTP/1.1\r\nContent-Type: application/json": http.StatusNotFound,
	} {
		for _, chunked := range []bool{false, true} {
			if status, text := sendAll(t, r.url, head, chunked); status != want {
				what, _, _ := strings.Cut(head, "\r\n")
				t.Errorf("%s, chunked %v: %d %s, want %d", what, chunked, status, text, want)
			}
		}
	}
}

// TestAClosedFolderIsHeard by clients that send all of a body first.
func TestAClosedFolderIsHeard(t *testing.T) {
	t.Parallel()
	address := closedFolder(t)
	for _, path := range []string{"/openai/v1/chat/completions", "/api/v1/events"} {
		for _, chunked := range []bool{false, true} {
			status, text := sendAll(t, address, fmt.Sprintf("POST %s HTTP/1.1", path), chunked)
			if status < 500 || !strings.Contains(text, "the disk is full") {
				t.Errorf("%s, chunked %v: %d %s", path, chunked, status, text)
			}
		}
	}
}
