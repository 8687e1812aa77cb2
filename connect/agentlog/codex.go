package agentlog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"strings"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

// Codex reads the rollouts of OpenAI's Codex: one file a thread, to which lines are
// added.
//
//	cached tokens in input_tokens?      yes; cache writes too, where they are told
//	reasoning in output_tokens?         yes
//	total_tokens                        input_tokens + output_tokens
//	last_token_usage                    the call at hand; where it is missing, what the totals grew by
//	total_token_usage                   the running totals of the thread, those of a copied history included
//
// The same totals twice are one call told twice: Codex repeats them whenever its
// display changes (30 to 67 % too much, otherwise). Totals that fall begin anew. A file
// that begins with the history of another thread counts from where that ends (replay).
// A thread is named by id; session_id is the one that it belongs to. Rollouts from before
// September 2025 hold no counts. A model that no line tells is not guessed: the call is
// unpriced.
func Codex() Program {
	return Program{
		Name: "codex", Title: "Codex", Folders: codexFolders,
		Takes: func(file string) bool {
			return strings.HasPrefix(path.Base(file), "rollout-") && path.Ext(file) == ".jsonl"
		},
		New:   newCodex,
		Marks: []string{`"token_count"`, `"session_meta"`, `"turn_context"`, `"task_started"`, `"turn_started"`},
	}
}

func codexFolders(env Env) []string {
	home := env.Get("CODEX_HOME")
	if home == "" {
		home = filepath.Join(env.Home, ".codex")
	}
	return []string{filepath.Join(home, "sessions"), filepath.Join(home, "archived_sessions")}
}

func newCodex(file string) Session {
	return &codex{thread: codexThread(file), seller: "openai"}
}

// codexThread is the thread that a file's name tells, for a file that has lost its
// first line: rollout-2026-05-01T10-00-00-<id>.jsonl.
func codexThread(file string) string {
	const stamp = len("rollout-2006-01-02T15-04-05-")
	base := strings.TrimSuffix(path.Base(file), ".jsonl")
	return base[min(stamp, max(0, len(base)-1)):]
}

// codex is the reading of one rollout.
type codex struct {
	thread string
	named  bool // the file's own session_meta was read
	seller string
	model  string
	scope  spend.Scope
	plan   Plan
	replay replay

	totals  codexUsage // the running totals told last
	counted bool       // they were told
	reset   int        // how often they fell
	single  int        // calls that were told without totals
}

type codexLine struct {
	Timestamp moment       `json:"timestamp"`
	Type      word         `json:"type"`
	Payload   codexPayload `json:"payload"`
}

type codexPayload struct {
	Type word `json:"type"` // of an event_msg

	ID         word            `json:"id"` // of a session_meta, from here
	ForkedFrom word            `json:"forked_from_id"`
	Parent     word            `json:"parent_thread_id"`
	Role       word            `json:"agent_role"`
	Folder     text            `json:"cwd"`
	Provider   word            `json:"model_provider"`
	Source     json.RawMessage `json:"source"`
	Git        struct {
		Address text `json:"repository_url"`
		Branch  word `json:"branch"`
		Commit  word `json:"commit_hash"`
	} `json:"git"`

	Turn  word `json:"turn_id"`
	Model word `json:"model"` // of a turn_context

	Info *struct { // of a token_count, from here
		Total *codexUsage `json:"total_token_usage"`
		Last  *codexUsage `json:"last_token_usage"`
		Model word        `json:"model"`
	} `json:"info"`
	Limits struct {
		Plan word `json:"plan_type"`
	} `json:"rate_limits"`
}

// Read takes one line of a rollout.
func (s *codex) Read(line []byte, emit func(*connect.Record)) {
	var l codexLine
	err := json.Unmarshal(line, &l)
	p := &l.Payload
	if err != nil && (p.Type == "token_count" || !json.Valid(line)) {
		emit(&connect.Record{Problems: unlike("Codex")})
		return
	}
	switch l.Type {
	case "session_meta":
		s.meta(&l)
	case "turn_context":
		s.model = string(p.Model)
		s.replay.turn(string(p.Turn))
	case "event_msg":
		switch p.Type {
		case "task_started", "turn_started":
			s.replay.turn(string(p.Turn))
		case "token_count":
			s.count(&l, emit)
		}
	}
}

// Paid says that a plan of ChatGPT pays, unless that is billed by use itself.
func (s *codex) Paid() Plan { return s.plan }

// meta reads who the thread is. Only the first one is the file's own: what follows is
// copied.
func (s *codex) meta(l *codexLine) {
	p := &l.Payload
	if s.named {
		if id := string(p.ID); id != "" && id != s.thread {
			s.replay.found(l.Timestamp.Time)
		}
		return
	}
	s.named = true
	if p.ID != "" {
		s.thread = string(p.ID)
	}
	if p.Provider != "" {
		s.seller = pricebook.Seller(string(p.Provider))
	}
	parent, role := p.spawned()
	s.scope = spend.Scope{ParentRun: parent, Agent: role, Tags: tags(
		[2]string{"project", name(Base(string(p.Folder)))}, [2]string{"repository", repository(string(p.Git.Address))},
		[2]string{"branch", string(p.Git.Branch)}, [2]string{"base_commit", string(p.Git.Commit)},
	)}
	s.replay = newReplay(s.thread, l.Timestamp.Time)
	if parent != "" || p.ForkedFrom != "" {
		s.replay.found(l.Timestamp.Time)
	}
}

// spawned gives the thread that started this one as its helper, and the helper's role.
// A fork that a person made continues work and is below nothing.
func (p *codexPayload) spawned() (parent, role string) {
	var source struct {
		Helper struct {
			Spawn struct {
				Parent word `json:"parent_thread_id"`
				Role   word `json:"agent_role"`
			} `json:"thread_spawn"`
		} `json:"subagent"`
	}
	// A source of another form, such as "cli", names no helper.
	_ = json.Unmarshal(p.Source, &source)
	spawn := &source.Helper.Spawn
	for _, parent := range []word{p.Parent, spawn.Parent} {
		if parent != "" {
			return string(parent), string(cmp.Or(spawn.Role, p.Role, "codex/subagent"))
		}
	}
	return "", ""
}

// count reads the counts of one call.
func (s *codex) count(l *codexLine, emit func(*connect.Record)) {
	p := &l.Payload
	s.pays(string(p.Limits.Plan))
	if p.Info == nil || p.Info.Total == nil && p.Info.Last == nil {
		return
	}
	rec := &connect.Record{Event: spend.Event{UsedAt: l.Timestamp.Time}}
	rec.Problems = append(undated(l.Timestamp.Time), append(p.Info.Total.unread("total_token_usage"), p.Info.Last.unread("last_token_usage")...)...)
	if len(rec.Problems) > 0 {
		emit(rec)
		return
	}
	call, key, news := s.advance(p.Info.Total, p.Info.Last)
	if !news || s.replay.copied(l.Timestamp.Time) || call.isZero() {
		return
	}
	s.tell(rec, string(p.Info.Model))
	rec.Event.SourceKey = s.thread + "/" + key
	rec.Problems = measure(&rec.Event, call.totals())
	emit(rec)
}

// advance moves the running totals and gives the call that they tell of, with its
// name in the thread; no news when the totals are those of the last call.
func (s *codex) advance(total, last *codexUsage) (call codexUsage, key string, news bool) {
	if total == nil {
		s.single++
		return *last, fmt.Sprintf("call-%d", s.single), true
	}
	before, now := s.totals.numbers(), total.numbers()
	if s.counted && now == before {
		return call, "", false
	}
	fell := false
	for i := range now {
		fell = fell || now[i] < before[i]
	}
	if fell {
		s.reset++
		s.totals = codexUsage{}
	}
	call = total.less(&s.totals)
	if last != nil {
		call = *last
	}
	s.totals, s.counted = *total, true
	return call, fmt.Sprintf("%d/%d-%d-%d-%d-%d", s.reset, now[0], now[1], now[2], now[3], now[4]), true
}

// tell completes an event with what the lines before said.
func (s *codex) tell(rec *connect.Record, model string) {
	e := &rec.Event
	if model == "" {
		model = s.model
	}
	e.Seller, e.RequestedModel, e.Kind, e.Scope = s.seller, model, "chat", s.scope
	e.Scope.Run, e.Scope.Tags = s.thread, maps.Clone(s.scope.Tags)
	if model != "" {
		e.Revision = 1 // a copy that has lost its beginning counts less
	}
}

// pays keeps the plan that the limits of an account tell of. Accounts that pay by the
// token have none.
func (s *codex) pays(plan string) {
	switch {
	case plan == "":
	case strings.Contains(plan, "usage_based"):
		s.plan = API
	default:
		s.plan = Seat
	}
}
