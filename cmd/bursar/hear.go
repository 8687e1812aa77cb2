package main

import (
	"log"
	"log/slog"
	"strings"
)

// hear takes into the server's log what libraries write into that of the process.
func hear(to *slog.Logger) {
	log.SetFlags(0)
	log.SetOutput(heard{to})
}

// heard is where a library writes.
type heard struct{ to *slog.Logger }

// Write leaves out what the library quotes of a connection on which more came than was
// announced: that may be the text of an answer.
func (h heard) Write(p []byte) (int, error) {
	said, _, _ := strings.Cut(strings.TrimSpace(string(p)), " starting with ")
	h.to.Warn("a library says", "text", said)
	return len(p), nil
}
