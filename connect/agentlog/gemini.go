package agentlog

import (
	"cmp"
	"encoding/json"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// Gemini reads the chats that Gemini CLI records: one JSON document a session, written
// anew as it grows, and since 2026 lines that are added, of which a later one with the
// same id replaces an earlier one.
//
//	cached tokens in input?      yes
//	thoughts in output?          no, beside it
//	tool in input?               no, beside it
//	total                        input + tool + output + thoughts
//
// A message that is told again, in both files of a session that was carried over or in
// a whole document inside of a line, has the same id; the one that tells most tokens
// counts. What was taken back by a rewind was used, and counts. Nothing in a chat says
// who pays.
func Gemini() Program {
	return Program{
		Name: "gemini-cli", Title: "Gemini CLI", Folders: geminiFolders,
		Takes: func(file string) bool {
			ext := path.Ext(file)
			inChats := slices.Contains(strings.Split(path.Dir(file), "/"), "chats")
			return (ext == ".json" || ext == ".jsonl") && (inChats || strings.HasPrefix(path.Base(file), "session-"))
		},
		Whole: func(file string) bool { return path.Ext(file) == ".json" },
		New:   newGemini,
		Marks: []string{`"sessionId"`, `"tokens"`, `"directories"`},
	}
}

func geminiFolders(env Env) []string {
	home := env.Get("GEMINI_CLI_HOME")
	if home == "" {
		home = env.Home
	}
	return []string{filepath.Join(home, ".gemini", "tmp")}
}

// gemini is the reading of one chat.
type gemini struct {
	session string
	scope   spend.Scope
	project string
	told    geminiMessage // the last message that was emitted
}

// newGemini takes from the path what a chat does not say: the project's name, unless
// it is the digest of a folder, and the session that a helper works for. The path is
// <project>/chats/session-….jsonl or <project>/chats/<session>/<helper>.jsonl.
func newGemini(file string) Session {
	parts := strings.Split(file, "/")
	s := &gemini{session: strings.TrimSuffix(path.Base(file), path.Ext(file))}
	at := slices.Index(parts, "chats")
	if at < 0 {
		return s
	}
	if at > 0 && !isDigest(parts[at-1]) {
		s.project = name(parts[at-1])
	}
	if at+2 < len(parts) {
		s.scope.ParentRun, s.scope.Agent = name(parts[at+1]), "gemini-cli/subagent"
	}
	return s
}

func isDigest(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

type geminiLine struct {
	geminiMeta
	geminiMessage
	Set geminiMeta `json:"$set"`
}

// geminiMeta is what a chat says of itself, at its beginning or in a change.
type geminiMeta struct {
	Session     word            `json:"sessionId"`
	Directories []text          `json:"directories"`
	Messages    []geminiMessage `json:"messages"`
}

type geminiMessage struct {
	ID     word         `json:"id"`
	At     moment       `json:"timestamp"`
	Type   word         `json:"type"`
	Model  word         `json:"model"`
	Tokens geminiTokens `json:"tokens"`
}

type geminiTokens struct {
	Input    tally `json:"input"`
	Output   tally `json:"output"`
	Cached   tally `json:"cached"`
	Thoughts tally `json:"thoughts"`
	Tool     tally `json:"tool"`
	Total    tally `json:"total"`
}

// Read takes a line or a whole chat.
func (s *gemini) Read(line []byte, emit func(*connect.Record)) {
	var l geminiLine
	if json.Unmarshal(line, &l) != nil {
		emit(&connect.Record{Problems: unlike("Gemini CLI")}) // what of it is read counts
	}
	s.meta(&l.geminiMeta)
	s.meta(&l.Set)
	for _, messages := range [][]geminiMessage{l.Messages, {l.geminiMessage}, l.Set.Messages} {
		for i := range messages {
			s.message(&messages[i], emit)
		}
	}
}

func (s *gemini) meta(m *geminiMeta) {
	if m.Session != "" {
		s.session = string(m.Session)
	}
	if s.project == "" && len(m.Directories) > 0 {
		s.project = name(Base(string(m.Directories[0])))
	}
}

// message emits the usage of an answer.
func (s *gemini) message(m *geminiMessage, emit func(*connect.Record)) {
	t := &m.Tokens
	if m.Type != "gemini" || *t == (geminiTokens{}) || *m == s.told {
		return
	}
	s.told = *m
	rec := &connect.Record{Event: spend.Event{UsedAt: m.At.Time, Seller: "google", RequestedModel: string(m.Model), Kind: "chat", Scope: s.scope}}
	e := &rec.Event
	e.Scope.Run, e.Scope.Tags = s.session, tags([2]string{"project", s.project})
	rec.Problems = append(undated(m.At.Time), unread(
		namedTally{"tokens.input", t.Input}, namedTally{"tokens.output", t.Output}, namedTally{"tokens.cached", t.Cached},
		namedTally{"tokens.thoughts", t.Thoughts}, namedTally{"tokens.tool", t.Tool}, namedTally{"tokens.total", t.Total},
	)...)
	if len(rec.Problems) > 0 {
		emit(rec)
		return
	}
	if t.zero() {
		return // an answer whose counts never came, a summary of the program itself for instance
	}
	id := cmp.Or(string(m.ID), "at-"+strconv.FormatInt(m.At.UnixMicro(), 10))
	e.SourceKey, e.Revision = s.session+"/"+id, min(max(t.Total.n, 0), MaxPreference)
	rec.Problems = measure(e, &wire.Totals{
		Input: t.Input.n + t.Tool.n, InputTool: t.Tool.n, CacheRead: t.Cached.n,
		Output: t.Output.n + t.Thoughts.n, OutputReasoning: t.Thoughts.n, Total: t.Total.n,
	})
	emit(rec)
}

func (t *geminiTokens) zero() bool {
	return t.Input.n == 0 && t.Output.n == 0 && t.Cached.n == 0 && t.Thoughts.n == 0 && t.Tool.n == 0 && t.Total.n == 0
}
