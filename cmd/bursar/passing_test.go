package main

import (
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// full is how many requests a life of the server sees before it ends.
const full = 300

// TestKillUnderCalls kills the server with SIGKILL at full load, again and again: every
// request that the upstream saw has one line, exact or interrupted, every answer that a
// client got whole is exact, and five budgets count what the ledger holds.
func TestKillUnderCalls(t *testing.T) {
	v := openVendor(t)
	data, file := v.configured(t, "")
	var l *load
	for life := range kills() {
		server := startServerWith(t, io.Discard, "serve", "--config", file)
		if l == nil {
			l = newLoad(t, server, data)
			l.leaving, l.later = true, true
			applyBudgets(t, data)
		}
		server.checkBudgets(t, data)
		before := v.count()
		l.start(server.url)
		v.until(t, before+full/2)
		server.checkDoctor(t, data)
		v.until(t, before+full+life%7*13)
		server.kill(t)
		l.all.Wait()
		killEarly(t, file)
	}
	server := startServerWith(t, io.Discard, "serve", "--config", file) // finds what was open
	server.checkBudgets(t, data)
	server.kill(t)
	lines := linesIn(t, data)
	l.checkWhole(t, lines)
	got := v.audit(t, lines)
	t.Logf("%d seen: %+v", v.count(), got)
	if most := kills() * clients; got.unsent > most || got.partly > most+len(l.began) {
		t.Errorf("%+v: at most %d calls were under way", got, most)
	}
}

// killEarly starts a server and kills it while it finds out what was open.
func killEarly(t *testing.T, file string) {
	t.Helper()
	cmd := bursar("serve", "--config", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(rand.N(400 * time.Millisecond)) // about the time that it takes to start
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// TestStopUnderCalls lets the server read its configuration again and stops it with
// SIGTERM at full load, again and again: what is under way ends well, and no line is there
// without an answer but of those that the vendor makes later and nobody has read.
func TestStopUnderCalls(t *testing.T) {
	v := openVendor(t)
	data, file := v.configured(t, "")
	var l *load
	for range kills() {
		server := startServerWith(t, io.Discard, "serve", "--config", file)
		if l == nil {
			l = newLoad(t, server, data)
			l.leaving, l.later = true, true
			applyBudgets(t, data)
		}
		server.checkBudgets(t, data)
		before := v.count()
		l.start(server.url)
		v.until(t, before+full/2)
		if err := server.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		v.until(t, before+full)
		stop(t, server)
		l.all.Wait()
	}
	server := startServerWith(t, io.Discard, "serve", "--config", file) // books what was left in the journal
	server.checkBudgets(t, data)
	server.kill(t)
	lines := linesIn(t, data)
	l.checkWhole(t, lines)
	if got := v.audit(t, lines); got.partly != len(l.began) || got.unsent > 0 {
		t.Errorf("%+v of %d, %d of them made later and not read: something was interrupted that ended in time", got, v.count(), len(l.began))
	}
}

// TestStreamsBeyondTheGrace stops a server whose streams do not end.
func TestStreamsBeyondTheGrace(t *testing.T) {
	v := openVendor(t)
	v.hold.Store(true)
	data, file := v.configured(t, "  grace_time: 100ms\n")
	var log strings.Builder
	server := startServerWith(t, &log, "serve", "--config", file)
	l := newLoad(t, server, data)
	for i := range clients {
		l.all.Go(func() { l.call(http.DefaultTransport, server.url, int64(16*i)) }) // streams, at which the vendor does not fail
	}
	v.until(t, clients)
	stop(t, server)
	l.all.Wait()
	if out, err := bursar("doctor", "--data", data).CombinedOutput(); err != nil { // it books the rest
		t.Errorf("%v\n%s", err, out)
	}
	if got := v.audit(t, linesIn(t, data)); got.partly != clients || len(l.whole) != 0 {
		t.Errorf("%+v, %d were answered whole", got, len(l.whole))
	}
	if !strings.Contains(log.String(), "are cut") || strings.Contains(log.String(), "left to the next start") {
		t.Errorf("the log says\n%s", log.String())
	}
}

// checkWhole looks for an exact line of each call whose answer came whole.
func (l *load) checkWhole(t *testing.T, lines map[string][]spend.Charge) {
	t.Helper()
	for marker := range l.whole {
		if !slices.ContainsFunc(lines[marker], func(c spend.Charge) bool { return c.UsageSource == spend.UsageProvider }) {
			t.Errorf("%s was answered whole, and is not settled: %d lines", marker, len(lines[marker]))
		}
	}
	if len(l.whole) == 0 && !t.Failed() {
		t.Error("no call was answered whole")
	}
}

// stop ends a server as an operator does.
func stop(t *testing.T, s *server) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it does not end")
	}
}
