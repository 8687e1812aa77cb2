package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/bursarhq/bursar/app"
)

// bar shows progress at a terminal and nothing elsewhere.
type bar struct{ *progressbar.ProgressBar }

func newBar(w io.Writer, what string) bar {
	if !isTerminal(w) {
		return bar{}
	}
	return bar{progressbar.NewOptions64(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())}
}

// newCount is a bar of things instead of bytes.
func newCount(w io.Writer, what string, n int) bar {
	if !isTerminal(w) {
		return bar{}
	}
	return bar{progressbar.NewOptions(n, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (b bar) show(p app.Progress) {
	if b.ProgressBar == nil {
		return
	}
	if p.Size > 0 {
		b.ChangeMax64(p.Size)
	}
	_ = b.Set64(p.Bytes) // a bar that cannot be drawn stops nobody
}

func (b bar) add(n int) {
	if b.ProgressBar != nil {
		_ = b.Add(n)
	}
}

func (b bar) end() {
	if b.ProgressBar != nil {
		_ = b.Finish()
	}
}
