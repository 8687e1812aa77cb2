package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const watched = `{"sessionId":"s","timestamp":"2026-11-02T09:00:00.000Z","requestId":"r-ID","message":{"id":"msg-ID","model":"claude-opus-4-6","usage":{"input_tokens":4,"output_tokens":2}}}` + "\n"

// TestWatchBooksWhatGrows adds a call to a log that is watched; between two looks the
// folder is free for other commands.
func TestWatchBooksWhatGrows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, log := filepath.Join(dir, "data"), filepath.Join(dir, "-src-app", "s.jsonl")
	add := func(id string) {
		f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = f.WriteString(strings.ReplaceAll(watched, "ID", id)); errors.Join(err, f.Close()) != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Dir(log), 0o700); err != nil {
		t.Fatal(err)
	}
	add("1")
	cmd := bursar("import", "claude-code", dir, "--watch", "--every", "20ms", "--data", data)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(stdout)
	await := func(text string) {
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("the output ends before %q", text)
	}
	await("bursar import claude-code --watch") // the last line of the first screen
	for _, id := range []string{"2", "3"} {
		add(id)
		await("new calls: 1, told otherwise than before: 0, rejected lines: 0")
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var ended *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &ended) || ended.ExitCode() != exitInterrupted {
		t.Errorf("it ends with %v", err)
	}
	if n := callsIn(t, data); n != "3" {
		t.Errorf("%s calls are booked", n)
	}
}
