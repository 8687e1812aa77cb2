package agentlog

import (
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// Copilot reads what the file exporter of GitHub Copilot CLI writes: spans and logs of
// OpenTelemetry, one JSON object a line.
//
//	cached tokens in input_tokens?        yes, cache writes too
//	reasoning in output_tokens?           yes
//	cache writes                          cache_creation.input_tokens, cache_write.input_tokens, or either with
//	                                      an underscore for the point; cache reads likewise
//
// One call may be told by its own span, by a log of its inference, by a log of the
// agent's turn and by the span of the whole agent, in this order of preference and in
// any order of lines (telling). GitHub bills by seats and credits, so list prices of
// its models are an estimate; a model of another provider, brought by the user, is
// paid by the token.
func Copilot() Program {
	return Program{
		Name: "copilot-cli", Title: "GitHub Copilot CLI", Folders: copilotFolders,
		Takes: func(file string) bool { return path.Ext(file) == ".jsonl" },
		New:   func(string) Session { return &copilot{traces: traces{known: map[string]*trace{}}} },
		Marks: []string{`"gen_ai.usage.`},
	}
}

func copilotFolders(env Env) []string {
	home := env.Get("COPILOT_HOME")
	if home == "" {
		home = filepath.Join(env.Home, ".copilot")
	}
	return []string{filepath.Join(home, "otel")}
}

// copilot is the reading of one file.
type copilot struct {
	traces traces
	plan   Plan
}

type copilotLine struct {
	Kind    word   `json:"type"`
	Name    text   `json:"name"`
	Trace   word   `json:"traceId"`
	Span    word   `json:"spanId"`
	Start   moment `json:"startTime"`
	End     moment `json:"endTime"`
	Logged  moment `json:"hrTime"`
	At      moment `json:"timestamp"`
	Body    text   `json:"body"`
	Private text   `json:"_body"`
	Context struct {
		Trace word `json:"traceId"`
		Span  word `json:"spanId"`
	} `json:"spanContext"`
	Attributes copilotAttributes `json:"attributes"`
}

type copilotAttributes struct {
	Event        word  `json:"event.name"`
	Operation    word  `json:"gen_ai.operation.name"`
	Provider     word  `json:"gen_ai.provider.name"`
	Requested    word  `json:"gen_ai.request.model"`
	Served       word  `json:"gen_ai.response.model"`
	Response     word  `json:"gen_ai.response.id"`
	Agent        word  `json:"gen_ai.agent.name"`
	Conversation word  `json:"gen_ai.conversation.id"`
	Session      word  `json:"session.id"`
	ChatSession  word  `json:"copilot_chat.session_id"`
	Interaction  word  `json:"github.copilot.interaction_id"`
	Turn         tally `json:"turn.index"`
	Repository   word  `json:"github.copilot.git.repository"`
	Branch       word  `json:"github.copilot.git.branch"`
	Commit       word  `json:"github.copilot.git.commit_sha"`
	Input        tally `json:"gen_ai.usage.input_tokens"`
	Output       tally `json:"gen_ai.usage.output_tokens"`
	Total        tally `json:"gen_ai.usage.total_tokens"`
	Reasoning    tally `json:"gen_ai.usage.reasoning.output_tokens"`
	ReasoningOld tally `json:"gen_ai.usage.reasoning_tokens"`
	Read         tally `json:"gen_ai.usage.cache_read.input_tokens"`
	ReadFlat     tally `json:"gen_ai.usage.cache_read_input_tokens"`
	Write        tally `json:"gen_ai.usage.cache_write.input_tokens"`
	WriteFlat    tally `json:"gen_ai.usage.cache_write_input_tokens"`
	Creation     tally `json:"gen_ai.usage.cache_creation.input_tokens"`
	CreationFlat tally `json:"gen_ai.usage.cache_creation_input_tokens"`
}

// Read takes one span or log.
func (s *copilot) Read(line []byte, emit func(*connect.Record)) {
	var l copilotLine
	if err := json.Unmarshal(line, &l); err != nil {
		emit(&connect.Record{Problems: unlike("Copilot CLI")})
		return
	}
	if l.Trace == "" {
		l.Trace, l.Span = l.Context.Trace, l.Context.Span
	}
	how := l.telling()
	if how == noTelling {
		return
	}
	rec := &connect.Record{Event: spend.Event{
		UsedAt: l.at().Time, RequestedModel: string(l.Attributes.Requested), ServedModel: string(l.Attributes.Served), Response: string(l.Attributes.Response), Kind: "chat",
	}}
	if how == chatSpan && !l.End.IsZero() && !l.Start.After(l.End.Time) {
		rec.Event.StartedAt, rec.Event.EndedAt = l.Start.Time, l.End.Time
	}
	s.place(&rec.Event, &l)
	rec.Problems = append(undated(rec.Event.UsedAt), l.Attributes.measure(&rec.Event)...)
	if len(rec.Problems) > 0 {
		emit(rec)
		return
	}
	if rec.Event.Usage.IsZero() {
		return
	}
	rec.Event.SourceKey = l.key(how, rec.Event.Scope.Run)
	s.traces.tell(string(l.Trace), how, rec, emit)
}

// Paid says that a seat pays for GitHub's models.
func (s *copilot) Paid() Plan { return s.plan }

// place sets who sells, and the scope.
func (s *copilot) place(e *spend.Event, l *copilotLine) {
	a := &l.Attributes
	e.Seller, s.plan = "github-copilot", Seat
	if p := string(a.Provider); p != "" && p != "github" {
		e.Seller, s.plan = pricebook.Seller(p), API
	}
	e.Scope = spend.Scope{Agent: string(a.Agent), Tags: tags(
		[2]string{"repository", repository(string(a.Repository))}, [2]string{"branch", string(a.Branch)}, [2]string{"base_commit", string(a.Commit)},
	)}
	for _, id := range []word{a.Conversation, a.ChatSession, a.Session, a.Interaction, l.Trace} {
		if id != "" {
			e.Scope.Run = string(id)
			return
		}
	}
}

// at is when the usage was known: a span's end, the time of a log.
func (l *copilotLine) at() moment {
	for _, m := range []moment{l.End, l.Logged, l.At, l.Start} {
		if !m.IsZero() {
			return m
		}
	}
	return moment{}
}

// key names the call. The vendor's id of the answer is the same in each telling of it.
func (l *copilotLine) key(how telling, run string) string {
	a := &l.Attributes
	switch {
	case a.Response != "":
		return "response/" + string(a.Response)
	case l.Trace != "" && how == turnLog && a.Turn.given:
		return fmt.Sprintf("turn/%s/%d", l.Trace, a.Turn.n)
	case l.Trace != "" && l.Span != "" && (how == chatSpan || how == agentSpan):
		return "span/" + string(l.Trace) + "/" + string(l.Span)
	}
	return fmt.Sprintf("%s/%s/%s/%d", [...]string{"", "agent", "turn", "log", "chat"}[how], l.Trace, run, l.at().UnixMicro())
}

// measure reads the counts.
func (a *copilotAttributes) measure(e *spend.Event) []spend.Problem {
	reasoning, odd := first(a.Reasoning, a.ReasoningOld)
	read, oddRead := first(a.Read, a.ReadFlat)
	write, oddWrite := first(a.Creation, a.CreationFlat, a.Write, a.WriteFlat)
	if odd || oddRead || oddWrite {
		e.Flags |= spend.UsageInconsistent
	}
	if found := unread(
		namedTally{"gen_ai.usage.input_tokens", a.Input}, namedTally{"gen_ai.usage.output_tokens", a.Output},
		namedTally{"gen_ai.usage.total_tokens", a.Total}, namedTally{"gen_ai.usage.reasoning.output_tokens", reasoning},
		namedTally{"gen_ai.usage.cache_read.input_tokens", read}, namedTally{"gen_ai.usage.cache_creation.input_tokens", write},
	); len(found) > 0 {
		return found
	}
	return measure(e, &wire.Totals{
		Input: a.Input.n, CacheRead: read.n, CacheWrite: write.n, Output: a.Output.n, OutputReasoning: reasoning.n, Total: a.Total.n,
	})
}

// telling says what kind of record the line is.
func (l *copilotLine) telling() telling {
	body := string(l.Body + l.Private)
	span := l.Kind == "span" || l.Kind == "" && l.Name != "" && (l.Span != "" || !l.Start.IsZero())
	op, event, name := l.Attributes.Operation, l.Attributes.Event, string(l.Name)
	switch {
	case span && (op == "chat" || strings.HasPrefix(name, "chat ")):
		return chatSpan
	case span && (op == "invoke_agent" || strings.HasPrefix(name, "invoke_agent ")):
		return agentSpan
	case span || l.Kind == "metric":
		return noTelling
	case event == "gen_ai.client.inference.operation.details" || strings.HasPrefix(body, "GenAI inference:"):
		return inferenceLog
	case strings.HasSuffix(string(event), ".agent.turn") || strings.HasPrefix(body, "copilot_chat.agent.turn"):
		return turnLog
	}
	return noTelling
}
