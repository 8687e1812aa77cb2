package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const crashRows = 40_000

const crashMapping = `mapping: bursar/1
name: crash
format: csv
revisions: immutable
rank: gateway
key: [id]
time: {field: at, format: rfc3339}
fields:
  seller: {value: openai}
  requested_model: {value: gpt-5}
  run: run
usage:
  convention: inclusive
  input: input_tokens
  output: output_tokens
`

// bursar runs the command line in a process of its own.
func bursar(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	return cmd
}

// TestKillDuringImport kills an import ten times with SIGKILL, at ten points of
// its run, and imports again: no event is missing and none is doubled.
func TestKillDuringImport(t *testing.T) {
	dir := t.TempDir()
	calls, mapping := filepath.Join(dir, "calls.csv"), filepath.Join(dir, "map.yaml")
	writeCalls(t, calls)
	if err := os.WriteFile(mapping, []byte(crashMapping), 0o600); err != nil {
		t.Fatal(err)
	}
	importing := func(data string) []string {
		return []string{"import", "csv", calls, "--map", mapping, "--data", filepath.Join(dir, data), "--commit-every", "1000"}
	}
	start := time.Now()
	if out, err := bursar(importing("whole")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(start)
	killed := 0
	for i := range 10 {
		cmd := bursar(importing("killed")...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole * time.Duration(i+1) / 12)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			killed++
		}
	}
	if killed == 0 {
		t.Fatal("no import was killed: the file is too small")
	}
	if out, err := bursar(importing("killed")...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, got := bill(t, filepath.Join(dir, "whole")), bill(t, filepath.Join(dir, "killed"))
	if want != got || !strings.Contains(want, fmt.Sprint(crashRows)) {
		t.Errorf("%d kills leave another bill:\n%s\nwant\n%s", killed, got, want)
	}
	if out, err := bursar("doctor", "--data", filepath.Join(dir, "killed")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func bill(t *testing.T, data string) string {
	t.Helper()
	out, err := bursar("spend", "--data", data, "--measures", "cost,calls,runs,prompt_tokens,completion_tokens", "--output", "csv").Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

func writeCalls(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	buffered := bufio.NewWriter(f)
	w := csv.NewWriter(buffered)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	rows := [][]string{{"id", "at", "run", "input_tokens", "output_tokens"}}
	for i := range crashRows {
		rows = append(rows, []string{
			fmt.Sprint("call-", i), at.Add(time.Duration(i) * time.Second).Format(time.RFC3339), fmt.Sprint("run-", i/20),
			fmt.Sprint(1000 + i%977), fmt.Sprint(i % 311),
		})
	}
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := buffered.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
