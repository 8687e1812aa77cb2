// Package agentlog reads the usage that coding agents write to disk where they run:
// Claude Code, Codex, Gemini CLI and Copilot CLI.
//
// It refuses to keep what it does not need: of a line it takes counts, ids, the
// model, the instant and names of a scope, never a prompt, code, the output of a
// tool, or more of a path than its last element. It does not price anything and
// opens no file: who calls it hands it a stream.
//
// A program is told by a Program, and one of its files is read by a Session. Start
// with Program (program.go), then Reader.Next (reader.go).
//
// Invariant: the same lines give the same ledger, in whatever order and however
// often they are read. A message that is told several times, in several files or
// while its answer still grows, has one Event.SourceKey; which of its lines counts
// is in Event.Revision.
package agentlog
