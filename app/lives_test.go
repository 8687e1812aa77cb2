package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/gateway"
)

// TestAFolderThatIsGoneIsWaitedFor unmounts the full disk of a server: nothing is made on
// the bare mount point, requests are told why, and the folder is opened when it is back.
func TestAFolderThatIsGoneIsWaitedFor(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	v, server, l := shortLived(t, data)
	opened := make(chan struct{})
	first := true
	v.Serve = func(ctx context.Context, _ *app.Server, l net.Listener) error {
		defer l.Close()
		if first {
			first = false
			if err := os.Rename(data, data+".away"); err != nil {
				return err
			}
			return syscall.ENOSPC
		}
		close(opened)
		<-ctx.Done()
		return ctx.Err()
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.Run(ctx, server, l) }()
	address := "http://" + l.Addr().String()
	waitFor(t, address+"/api/v1/spend", "the data folder is not where it was")
	if err := os.Mkdir(data, 0o700); err != nil { // the bare mount point
		t.Fatal(err)
	}
	time.Sleep(20 * v.Pause)
	waitFor(t, address+"/api/v1/spend", "the data folder is not where it was")
	if found, err := os.ReadDir(data); err != nil || len(found) > 0 {
		t.Errorf("%v %v: on the bare mount point", found, err)
	}
	if err := os.Remove(data); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(data+".away", data); err != nil {
		t.Fatal(err)
	}
	<-opened
	stop()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// closedFolder answers for a folder whose disk is full, until the test ends.
func closedFolder(t *testing.T) (address string) {
	t.Helper()
	v, server, l := shortLived(t, filepath.Join(t.TempDir(), "data"))
	v.Pause = time.Hour
	v.Serve = func(ctx context.Context, s *app.Server, l net.Listener) error {
		_, err := app.NewServing(ctx, s, "http://localhost", app.Door{Calls: &gateway.Config{}})
		return errors.Join(err, syscall.ENOSPC, l.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- v.Run(ctx, server, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	address = "http://" + l.Addr().String()
	waitFor(t, address+"/api/v1/spend", `"kind":"exhausted"`)
	return address
}

// TestAClosedFolderSpeaksToCalls in the form of the vendor that they are meant for, and says
// when to come again.
func TestAClosedFolderSpeaksToCalls(t *testing.T) {
	t.Parallel()
	address := closedFolder(t)
	for path, form := range map[string]string{
		"/openai/v1/chat/completions": `{"error":{"message":"serve: the disk is full","type":"server_error"`,
		"/anthropic/v1/messages":      `{"type":"error","error":{"type":"api_error","message":"serve: the disk is full"`,
	} {
		if status, again := waitFor(t, address+path, form); status != http.StatusServiceUnavailable || again != "2" {
			t.Errorf("%s: %d, again after %q", path, status, again)
		}
	}
}

// shortLived is a server of a new folder whose lives the test makes.
func shortLived(t *testing.T, data string) (*app.Lives, *app.Server, net.Listener) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	open := func(ctx context.Context) (*app.Server, error) {
		return app.OpenServer(ctx, app.Config{Data: data, Create: true}, log)
	}
	server, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return &app.Lives{Data: data, Log: log, Open: open, Pause: 5 * time.Millisecond}, server, l
}

// waitFor asks until the answer says so, and gives its status and when to come again.
func waitFor(t *testing.T, address, text string) (status int, again string) {
	t.Helper()
	said := ""
	for range 600 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			body, _ := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if said = string(body); strings.Contains(said, text) {
				return answer.StatusCode, answer.Header.Get("Retry-After")
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the last answer was %s", said)
	return 0, ""
}
