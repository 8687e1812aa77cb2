package agentlog

import (
	"cmp"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// ClaudeCode reads what Claude Code keeps of its sessions: a file for each session,
// and one for each sub-agent of it.
//
//	<folder>/<project>/<session>.jsonl
//	<folder>/<project>/<session>/subagents/agent-<id>.jsonl
//
// An answer stands in several lines, one for each of its blocks, and the earlier ones
// may count only what had come until then. A sub-agent's file, a side conversation, a
// resumed and a branched session repeat lines of others. All lines of one message id
// are one call; which of them counts, see preference.
//
//	cached tokens in input_tokens?    no, nor written ones
//	cache writes                      by lifetime in cache_creation, which replaces the scalar
//	                                  unless the scalar is greater: then the rest is of unsaid lifetime
//	reasoning in output_tokens?       yes
//	speed                             "fast" is a service tier with prices of its own
//	advisor                           a second model, in usage.iterations: a call of its own
func ClaudeCode() Program {
	return Program{
		Name: "claude-code", Title: "Claude Code", Resumes: true,
		Folders: claudeFolders,
		Takes:   func(p string) bool { return path.Ext(p) == ".jsonl" },
		New:     newClaudeSession,
		Marks:   []string{`"usage"`},
	}
}

// claudeFolders are those of CLAUDE_CONFIG_DIR, else the two that Claude Code has
// used.
func claudeFolders(env Env) []string {
	var folders []string
	for dir := range strings.SplitSeq(env.Get("CLAUDE_CONFIG_DIR"), ",") {
		if dir = strings.TrimSpace(dir); dir == "" {
			continue
		}
		if rest, below := strings.CutPrefix(dir, "~/"); below {
			dir = path.Join(env.Home, rest)
		}
		if path.Base(dir) != "projects" {
			dir = path.Join(dir, "projects")
		}
		folders = append(folders, dir)
	}
	if folders != nil {
		return folders
	}
	config := cmp.Or(env.Get("XDG_CONFIG_HOME"), path.Join(env.Home, ".config"))
	return []string{path.Join(env.Home, ".claude", "projects"), path.Join(config, "claude", "projects")}
}

// claudeSession reads one file. Its lines stand alone.
type claudeSession struct {
	project string // the folder's name for the project: its path, with dashes
	id      string // of the session, for lines that do not say it
}

func newClaudeSession(p string) Session {
	s := &claudeSession{}
	s.project, p, _ = strings.Cut(p, "/")
	s.id = strings.TrimSuffix(firstOf(p), ".jsonl")
	return s
}

func firstOf(p string) string {
	first, _, _ := strings.Cut(p, "/")
	return first
}

// claudeLine is what is taken of a line.
type claudeLine struct {
	id, request, uuid string
	model             string
	session, fork     string // the file's session, and the one that it was branched from
	sidechain, failed bool
	agentID, agent    string
	cwd, branch       string
	at, cost          string
	speed, tier, geo  string
	totals            wire.Totals
	advisors          []claudeAdvisor
	usage             bool
	problems          []spend.Problem
}

// claudeAdvisor is the usage of a second model within a call.
type claudeAdvisor struct {
	model  string
	totals wire.Totals
}

func (s *claudeSession) Read(line []byte, emit func(*connect.Record)) {
	var l claudeLine
	c := cursor{b: line}
	c.members(func(key []byte) { l.member(&c, key) })
	switch {
	case c.failed, c.head() != 0:
		emit(&connect.Record{Problems: []spend.Problem{{Field: "record", Msg: "is not one JSON object; two processes may have written into it"}}})
		return
	case !l.usage, l.model == "<synthetic>": // no call: a message that Claude Code made itself
		return
	}
	rec := s.record(&l)
	emit(rec)
	for i := range l.advisors {
		emit(s.advisor(&l, i))
	}
}

// record makes the record of the call.
func (s *claudeSession) record(l *claudeLine) *connect.Record {
	rec := &connect.Record{Problems: l.problems}
	e := &rec.Event
	bad := func(field, msg string) { rec.Problems = append(rec.Problems, spend.Problem{Field: field, Msg: msg}) }
	if e.SourceKey = l.key(); e.SourceKey == "" {
		bad("source_key", "is missing: the line has neither a message id nor a request id, so it cannot be told from its repetitions")
	}
	at, err := time.Parse(time.RFC3339Nano, l.at)
	if err != nil {
		bad("used_at", "timestamp is missing or no instant like 2026-11-23T09:00:01.100Z")
	}
	e.UsedAt, e.Response, e.Kind = at.UTC(), l.id, "chat"
	e.Seller, e.ServedModel = claudeSeller(l.id, l.model), l.model
	if l.failed {
		e.Status = spend.StatusError
	}
	if e.ServedTier = l.tier; l.speed == "fast" {
		e.ServedTier = "fast"
	}
	if l.geo == "us" { // the one place of inference with prices of its own
		e.Region = l.geo
	}
	if cost, _, err := money.ParseRounded(l.cost); err == nil && cost.Sign() > 0 {
		e.Reported, e.ReportedCurrency = money.Known(cost), "USD"
	}
	usage, flags, found := l.totals.IncludeCache().Disjoint()
	rec.Problems = append(rec.Problems, found...)
	if len(rec.Problems) == 0 {
		e.Usage, e.Flags = usage, flags
	}
	e.Revision = l.preference(at)
	e.Scope = s.scope(l)
	return rec
}

// key names the call: by the vendor's id of the message, which every repetition
// keeps, else by the request, which a side conversation replaces.
func (l *claudeLine) key() string {
	switch {
	case l.id != "":
		return l.id
	case l.request != "":
		return "request/" + l.request
	case l.uuid != "":
		return "line/" + l.uuid
	}
	return ""
}

// preference orders the lines of one message: one of the conversation itself before
// one of a side conversation, then the one with more tokens, then one that tells its
// speed, then the earliest.
func (l *claudeLine) preference(at time.Time) int64 {
	const tokens, second = 1<<24 - 1, 1<<24 - 1
	t := &l.totals
	p := bit(!l.sidechain)
	p = p<<24 | min(t.Input+t.CacheRead+t.CacheWrite+t.Output, tokens)
	p = p<<1 | bit(l.speed != "")
	return p<<24 | (second - at.Unix()&second)
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// scope says whose call it was. A line that a branched session copied belongs to the
// session that made the call.
func (s *claudeSession) scope(l *claudeLine) spend.Scope {
	scope := spend.Scope{Run: cmp.Or(l.fork, l.session, s.id), Step: l.agentID, Agent: l.agent}
	if l.sidechain && scope.Agent == "" {
		scope.Agent = "claude-code/subagent"
	}
	tags := map[string]string{}
	for name, value := range map[string]string{"project": projectOf(s.project, l.cwd), "branch": l.branch, "request_id": l.request} {
		if value != "" {
			tags[name] = value
		}
	}
	if len(tags) > 0 {
		scope.Tags = tags
	}
	return scope
}

// advisor makes the record of a second model's share.
func (s *claudeSession) advisor(l *claudeLine, i int) *connect.Record {
	own := *l
	own.model, own.totals, own.cost, own.problems = l.advisors[i].model, l.advisors[i].totals, "", nil
	rec := s.record(&own)
	rec.Event.Operation = rec.Event.Response
	rec.Event.Response = "" // the vendor's ids name the call that asked
	delete(rec.Event.Scope.Tags, "request_id")
	if rec.Event.SourceKey != "" {
		rec.Event.SourceKey += "/advisor/" + strconv.Itoa(i)
	}
	return rec
}

// claudeSeller tells who bills from the vendor's form of ids: msg_bdrk_… and
// anthropic.… are Bedrock's, msg_vrtx_… and …@… are Vertex AI's.
func claudeSeller(id, model string) string {
	switch {
	case strings.HasPrefix(id, "msg_bdrk_"), strings.Contains(model, "anthropic."), strings.HasPrefix(model, "arn:aws:bedrock:"):
		return "bedrock"
	case strings.HasPrefix(id, "msg_vrtx_"), strings.Contains(model, "@"):
		return "vertex"
	}
	return "anthropic"
}

// projectOf gives the name of the project's root. Claude Code names a project's
// folder by the path of its root with every sign but letters and digits a dash; the
// working directory may be below that root, so it is cut back to where the two agree.
//
// Example: folder -src-my-app and directory /src/my-app/web are project my-app.
func projectOf(folder, cwd string) string {
	for end := len(cwd); end > 0; end = lastSeparator(cwd[:end]) {
		if dashed(cwd[:end]) == folder {
			return Base(cwd[:end])
		}
	}
	return Base(cwd)
}

func dashed(path string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
			return r
		}
		return '-'
	}, path)
}
