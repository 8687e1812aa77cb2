package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestAServerIsStartedAnewForItsTimers unless who starts it has chosen their slack.
func TestAServerIsStartedAnewForItsTimers(t *testing.T) {
	for _, c := range []struct {
		inherited time.Duration
		anew      bool
		want      time.Duration
	}{
		{usualSlack, true, slack},
		{60 * time.Microsecond, false, 60 * time.Microsecond},
	} {
		process := startWithSlack(t, c.inherited).cmd.Process.Pid
		if anew := strings.Contains(shown(t, process, "environ"), slackened+"=1"); anew != c.anew {
			t.Errorf("with a slack of %v it was started anew: %t", c.inherited, anew)
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
