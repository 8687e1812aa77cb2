package main

import (
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

const (
	usualSlack = 50 * time.Microsecond // that Linux gives to threads
	slack      = 700 * time.Microsecond
)

// slackened marks the environment of a program that was started anew, lest a system that
// loses the slack on the way has it started for ever.
const slackened = "BURSAR_SLACKENED"

// slacken lets the timers of the program be late by 0.7 ms, and starts it anew for that, in
// the same process: a thread has the slack of the one that made it, and the runtime makes
// its monitor before any code of ours runs. The monitor sleeps for 20 µs at a time while
// there is something to do; at some hundred calls a second its awakenings were a sixth of
// the processor's time. A call waits for events, not for timers, and takes no longer.
//
// It does nothing where the slack is not the usual one: somebody chose it. See prctl(2),
// PR_SET_TIMERSLACK.
func slacken() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	now, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil || time.Duration(now) != usualSlack || os.Getenv(slackened) != "" {
		return
	}
	program, err := os.Executable()
	if err == nil && unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0) == nil {
		_ = unix.Exec(program, os.Args, append(os.Environ(), slackened+"=1")) // else it goes on as it is
	}
}
