package journaltest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"testing"
)

// kills is how often Crash kills a process.
const kills = 3

// Crash kills a process with SIGKILL while it appends, a few times on one
// folder. Everything that it had said to be written or synced is replayed once
// afterwards. The command must call Child.
func Crash(t *testing.T, open Open, command func(dir string) *exec.Cmd) {
	t.Helper()
	dir := t.TempDir()
	said := map[int]bool{}
	for i := range kills {
		killAfter(t, command(dir), 300+100*i, said)
		j := opened(t, open, dir)
		got, err := replayed(j, 0)
		if err != nil {
			t.Fatal(err)
		}
		closed(t, j)
		times := map[int]int{}
		for _, n := range got {
			times[n]++
		}
		for n := range said {
			if times[n] != 1 {
				t.Errorf("after kill %d, record %d is there %d times, want once", i+1, n, times[n])
			}
		}
	}
}

// killAfter kills a process after so many lines and takes note of all it said.
func killAfter(t *testing.T, cmd *exec.Cmd, lines int, said map[int]bool) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in, seen := bufio.NewScanner(out), 0
	for ; in.Scan(); seen++ {
		n, err := strconv.Atoi(in.Text())
		if err != nil {
			t.Errorf("the process says %q", in.Text())
		}
		said[n] = true
		if seen == lines {
			cmd.Process.Kill() //nolint:errcheck // the wait below tells
		}
	}
	if err := cmd.Wait(); err == nil || seen < lines {
		t.Fatalf("the process ended by itself after %d lines: %v", seen, err)
	}
}

// Child appends to a journal for ever, from several goroutines, and writes the
// number of each record on a line of its own once it is written or synced.
func Child(out io.Writer, dir string, open Open) error {
	j, err := open(dir, nil)
	if err != nil {
		return err
	}
	first := 0
	numbers, err := replayed(j, 0)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		first = max(first, n+1)
	}
	const appenders = 8
	var (
		all    sync.WaitGroup
		mu     sync.Mutex // guards out and failed
		failed error
	)
	for a := range appenders {
		all.Go(func() {
			err := appendForEver(j, first+a, appenders, func(n int) {
				mu.Lock()
				defer mu.Unlock()
				fmt.Fprintln(out, n) //nolint:errcheck // a parent that does not listen will kill us
			})
			mu.Lock()
			defer mu.Unlock()
			failed = err
		})
	}
	all.Wait()
	return failed
}

func appendForEver(j Writer, first, step int, say func(int)) error {
	for n := first; ; n += step {
		r, err := j.AppendWritten(numbered(n))
		if err == nil && n%2 == 0 {
			err = j.Synced(context.Background(), r.Position)
		}
		if err != nil {
			return err
		}
		say(n)
	}
}
