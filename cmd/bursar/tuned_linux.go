package main

import (
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	usualSlack = 50 * time.Microsecond // that Linux gives to threads
	slack      = 700 * time.Microsecond
)

// tuned marks the environment of a program that was started anew, lest a system that
// loses the slack on the way has it started for ever.
const tuned = "BURSAR_TUNED"

// startTuned starts the program anew, in the same process, with what is chosen before any
// code of ours runs:
//
//   - Timers may be late by 0.7 ms. The runtime's monitor sleeps for 20 µs at a time while
//     it has something to watch, and has the slack of the thread that made it. A call waits
//     for events, not for timers, and takes no longer. See prctl(2), PR_SET_TIMERSLACK.
//   - The monitor stays awake. Whenever all goroutines wait it would go to sleep, and the
//     first that runs would wake it by a system call. It does not while a trace of the
//     scheduler is due; this one is every 24.8 days, as seldom as there can be. See GODEBUG
//     in package runtime.
//
// At some hundred calls a second the monitor's awakenings were a quarter of the processor's
// time. It does nothing where the slack is not the usual one: somebody chose it.
func startTuned() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	now, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil || time.Duration(now) != usualSlack || os.Getenv(tuned) != "" {
		return
	}
	program, err := os.Executable()
	if err == nil && unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(slack), 0, 0, 0) == nil {
		_ = unix.Exec(program, os.Args, tunedEnviron(os.Environ())) // else it goes on as it is
	}
}

// tunedEnviron is an environment with our setting before those of GODEBUG that it has: of
// two that name the same the last counts.
func tunedEnviron(given []string) []string {
	debug := "GODEBUG=schedtrace=2147483647"
	all := make([]string, 0, len(given)+2)
	for _, one := range given {
		if own, found := strings.CutPrefix(one, "GODEBUG="); found {
			debug += "," + own
			continue
		}
		all = append(all, one)
	}
	return append(all, debug, tuned+"=1")
}
