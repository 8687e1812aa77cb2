package main

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// wait shows at a terminal that an answer takes its time, and how long it has been. It
// begins after a second, for most answers come before.
type wait struct {
	mu    sync.Mutex
	timer *time.Timer
	bar   *progressbar.ProgressBar
	over  bool
}

func newWait(w io.Writer, what string) *wait {
	t := &wait{}
	if isTerminal(w) {
		t.timer = time.AfterFunc(time.Second, func() { t.begin(w, what) })
	}
	return t
}

func (t *wait) begin(w io.Writer, what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.over {
		t.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
			progressbar.OptionSpinnerType(14), progressbar.OptionSetElapsedTime(true), progressbar.OptionClearOnFinish())
		t.bar.StartWithoutRender() // it turns by itself from here on
	}
}

// end takes it away.
func (t *wait) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	if t.timer != nil {
		t.timer.Stop()
	}
	if t.bar != nil {
		_ = t.bar.Finish() // a bar that cannot be drawn stops nobody
		t.bar = nil
	}
}

// before is a writer that takes it away when something is written.
func (t *wait) before(w io.Writer) io.Writer { return waited{w, t} }

type waited struct {
	io.Writer
	wait *wait
}

func (w waited) Write(p []byte) (int, error) {
	w.wait.end()
	return w.Writer.Write(p)
}
