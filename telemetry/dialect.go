package telemetry

// Convention says whether the input of a dialect counts cached tokens too.
type Convention string

// The conventions.
const (
	Inclusive  Convention = "inclusive"  // input is the whole prompt
	Exclusive  Convention = "exclusive"  // cached tokens stand beside the input
	Undeclared Convention = "undeclared" // its writers do not agree: each record is looked at
)

// Grade says how a row of the table is known.
type Grade string

// The grades.
const (
	Captured   Grade = "captured"   // from the library itself, in a test of its own (make sdks)
	Documented Grade = "documented" // from its documentation or source
)

// Signal is a kind of telemetry.
type Signal string

// The signals.
const (
	Spans   Signal = "spans"
	Logs    Signal = "logs"
	Metrics Signal = "metrics"
)

// Dialect is one way in which usage is told. Of all rows of a signal that fit a record,
// the first one counts.
type Dialect struct {
	Name       string // of its records' source, behind the credential's: "openllmetry"
	Title      string // what people call it
	Versions   string // of which it holds
	Signal     Signal
	Grade      Grade
	Convention Convention
	Link       string // to its specification

	Scopes   []string // beginnings of the name of the instrumentation; any of them fits
	Services []string // values of service.name; any of them fits
	Marks    []string // attributes, where neither scope nor service is known; any of them fits
	Events   []string // names of the log records that tell of a call; others of the dialect tell none
	Seller   string   // of all its models, "" when each record says it
	Agent    string   // in whose name its calls are made, "" when each record says it
	Rank     Rank
	Seat     bool // a subscription pays, unless a record names another provider or plan
	Carries  bool // an agent's sum may go on with that of the run before in its conversation

	Beside []Field // parts of the output or input that stand beside it, and not inside
	Names  map[Field][]string
}

// Rank is who tells: a library within the application, or a coding agent of itself.
type Rank int

// The ranks.
const (
	Library Rank = iota
	CodingAgent
)

// Field is a fact of a record.
type Field int

// The facts. Those up to the counts are words, but for the cost.
const (
	Operation Field = iota // what the span does: chat, embeddings, invoke_agent, …
	Provider
	Requested // model
	Served    // model
	Response  // the vendor's id of the answer
	Request   // the vendor's id of the request
	Tier      // of service
	Agent
	Workflow
	Run
	ParentRun
	Step
	Feature
	Customer
	Environment
	Service
	Person
	Plan       // seat or api: who pays for the tokens
	CallerType // of who called the model: agent, workflow, …
	Caller
	EventName
	EventKind
	EventTime
	Sequence // of the record in its session
	HTTPMethod
	Cost // in dollars, as the library believes

	Input
	Output
	Total
	CacheRead
	CacheWrite
	CacheWrite5m
	CacheWrite1h
	Reasoning
	Tool // put into the prompt by tools
	InputAudio
	InputImage
	CacheReadAudio
	OutputAudio
	OutputImage
	Most // tokens of an answer at most

	fields
)

// Class says what a span does to the usage of its trace.
type Class int

// The classes.
const (
	Other     Class = iota // nothing: a tool, a retrieval, a request of HTTP, an answer that is fetched again
	Inference              // one call to a model
	Aggregate              // an agent, a workflow, a step: its usage is the sum of what is below
)

// classes are those of the words that dialects use for operations.
func classes() map[string]Class {
	return map[string]Class{
		"chat": Inference, "generate_content": Inference, "text_completion": Inference, "embeddings": Inference,
		"completion": Inference, "embedding": Inference, "llm": Inference, "generation": Inference, "rerank": Inference,
		"image_generation": Inference, "responses": Inference, "message": Inference,
		"ai.generatetext.dogenerate": Inference, "ai.streamtext.dostream": Inference, "ai.generateobject.dogenerate": Inference,
		"ai.streamobject.dostream": Inference, "ai.embed.doembed": Inference, "ai.embedmany.doembed": Inference,

		"invoke_agent": Aggregate, "create_agent": Aggregate, "invoke_workflow": Aggregate, "agent_step": Aggregate, "plan": Aggregate,
		"agent": Aggregate, "chain": Aggregate, "workflow": Aggregate, "task": Aggregate, "span": Aggregate,
		"ai.generatetext": Aggregate, "ai.streamtext": Aggregate, "ai.generateobject": Aggregate, "ai.streamobject": Aggregate,
		"ai.embed": Aggregate, "ai.embedmany": Aggregate,

		"fetch_response": Other, "execute_tool": Other, "tool": Other, "retrieval": Other, "retriever": Other, "reranker": Other,
		"guardrail": Other, "evaluator": Other, "event": Other, "ai.toolcall": Other, "search_memory": Other, "upsert_memory": Other,
	}
}
