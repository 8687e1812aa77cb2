package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAServerIsStartedAnewTuned unless who starts it has chosen their slack.
func TestAServerIsStartedAnewTuned(t *testing.T) {
	for _, c := range []struct {
		inherited time.Duration
		anew      bool
		want      time.Duration
	}{
		{usualSlack, true, slack},
		{60 * time.Microsecond, false, 60 * time.Microsecond},
	} {
		process := startWithSlack(t, c.inherited).cmd.Process.Pid
		environ := strings.Split(shown(t, process, "environ"), "\x00")
		for _, one := range []string{tuned + "=1", "GODEBUG=schedtrace=2147483647"} {
			if slices.ContainsFunc(environ, func(has string) bool { return strings.HasPrefix(has, one) }) != c.anew {
				t.Errorf("with a slack of %v %s is in its environment: %t", c.inherited, one, !c.anew)
			}
		}
		if name, own := shown(t, process, "comm"), shown(t, os.Getpid(), "comm"); name != own {
			t.Errorf("it is shown as %q, not as %q", name, own)
		}
		for _, thread := range threadsOf(t, process) {
			ns, err := os.ReadFile("/proc/" + thread + "/timerslack_ns")
			if err != nil {
				continue // that of another is shown to the superuser alone, or the thread has ended
			}
			if got := strings.TrimSpace(string(ns)); got != fmt.Sprint(c.want.Nanoseconds()) {
				t.Errorf("with a slack of %v one of its threads has %s ns; want %v", c.inherited, got, c.want)
			}
		}
	}
}

// TestTheEnvironmentOfATunedServer has our setting, and keeps what somebody set.
func TestTheEnvironmentOfATunedServer(t *testing.T) {
	for _, c := range []struct{ given, want []string }{
		{[]string{"HOME=/"}, []string{"HOME=/", "GODEBUG=schedtrace=2147483647", "BURSAR_TUNED=1"}},
		{
			[]string{"GODEBUG=gctrace=1,schedtrace=1000", "HOME=/a=b"},
			[]string{"HOME=/a=b", "GODEBUG=schedtrace=2147483647,gctrace=1,schedtrace=1000", "BURSAR_TUNED=1"},
		},
	} {
		if got := tunedEnviron(c.given); !slices.Equal(got, c.want) {
			t.Errorf("of %q it makes %q, want %q", c.given, got, c.want)
		}
	}
}

func startWithSlack(t *testing.T, inherited time.Duration) *server {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(inherited), 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, 0, 0, 0, 0) }() // what the thread had at first
	return startServer(t, t.TempDir())
}

// shown is what the system tells of a process.
func shown(t *testing.T, process int, what string) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", process, what))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func threadsOf(t *testing.T, process int) (ids []string) {
	t.Helper()
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", process))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range threads {
		ids = append(ids, one.Name())
	}
	return ids
}
