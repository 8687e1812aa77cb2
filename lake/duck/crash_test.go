package duck_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/lake/laketest"
)

// The test binary is also the writer that is killed: TestMain appends for ever
// when it finds a folder in the environment.
const crashFolder = "BURSAR_CRASH_TEST_FOLDER"

func TestMain(m *testing.M) {
	dir := os.Getenv(crashFolder)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := appendForEver(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// appendForEver writes batches whose offset counts their lines, and a line of
// output for each that was committed.
func appendForEver(dir string) error {
	l, err := duck.Open(dir, duck.Options{})
	if err != nil {
		return err
	}
	var o lake.Offset
	ctx := context.Background()
	if last, found, err := l.Offset(ctx, "crash"); err != nil {
		return err
	} else if found {
		o = last
	}
	o.Source = "crash"
	g := laketest.NewGenerator(uint64(o.Records))
	for {
		lines := g.Charges(300)
		o.Records += int64(len(lines))
		if err := l.Append(ctx, lake.Batch{Charges: lines, Offset: &o}); err != nil {
			return err
		}
		fmt.Println(o.Records)
	}
}

// TestCrash kills the writer ten times while it appends. What it said to be
// committed must be there, and the offset must count every line.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for kill := range 10 {
		said := killWhileAppending(t, dir, 3+kill%4)
		l, err := duck.Open(dir, duck.Options{})
		if err != nil {
			t.Fatalf("after kill %d: %v", kill, err)
		}
		o, _, err := l.Offset(t.Context(), "crash")
		if n := count(t, l); err != nil || int64(n) != o.Records || o.Records < said {
			t.Errorf("after kill %d: %d lines, offset %d, %d said to be committed, error %v", kill, n, o.Records, said, err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killWhileAppending waits for some commits and kills the writer at an
// arbitrary point of the next one.
func killWhileAppending(t *testing.T, dir string, commits int) (said int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashFolder+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range commits {
		if !lines.Scan() {
			t.Fatal("the writer ended by itself")
		}
	}
	time.Sleep(time.Duration(time.Now().UnixNano() % 15_000_000)) // a point within a commit
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for ok := true; ok; ok = lines.Scan() {
		if _, err := fmt.Sscan(lines.Text(), &said); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait() // it was killed
	return said
}
