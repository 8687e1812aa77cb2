package protocol

import (
	"encoding/json"
	"strconv"
	"time"
)

// Reason is why a request is refused.
type Reason string

// The reasons.
const (
	OverBudget      Reason = "over_budget"
	UnknownKey      Reason = "unknown_key"
	KeyExpired      Reason = "key_expired" // or revoked
	NotAllowed      Reason = "not_allowed" // the key may not use this path
	ModelNotAllowed Reason = "model_not_allowed"
	RateLimited     Reason = "rate_limited"
	Unreadable      Reason = "unreadable" // what was asked cannot be read, and the policy demands it
	TooLarge        Reason = "too_large"
	Unavailable     Reason = "unavailable" // for a moment: the journal is full, the upstream is gone
)

// Refusal is an answer of the gateway's own, in the caller's dialect.
type Refusal struct {
	API        API
	Operation  Operation
	Reason     Reason
	Message    string        // for a person: which limit, how much is left, when it resets, whom to ask
	RetryAfter time.Duration // of RateLimited and Unavailable; 0 where nobody knows
	RequestID  string        // by which the gateway's log knows the call; may be empty
}

// Header is one field of a header.
type Header struct{ Name, Value string }

// The fields that a refusal sets and that Again reads.
const (
	ShouldRetry  = "X-Should-Retry"
	RetryAfter   = "Retry-After"
	RetryAfterMS = "Retry-After-Ms"
)

// words are what a reason is called.
type words struct {
	status    int
	openAI    string // type
	code      string // of OpenAI
	anthropic string // type
}

// words of a reason. The official libraries try again on 408, 409, 429 and from
// 500 on, unless X-Should-Retry says something else; so nothing that stays refused
// has one of these, and 429 is for what a wait mends.
func (r Reason) words() words {
	switch r {
	case OverBudget:
		return words{402, "insufficient_quota", "budget_exceeded", "billing_error"}
	case UnknownKey:
		return words{401, "invalid_request_error", "invalid_api_key", "authentication_error"}
	case KeyExpired:
		return words{401, "invalid_request_error", "key_expired", "authentication_error"}
	case NotAllowed:
		return words{403, "invalid_request_error", "not_allowed", "permission_error"}
	case ModelNotAllowed:
		return words{403, "invalid_request_error", "model_not_allowed", "permission_error"}
	case RateLimited:
		return words{429, "requests", "rate_limit_exceeded", "rate_limit_error"}
	case TooLarge:
		return words{413, "invalid_request_error", "request_too_large", "request_too_large"}
	case Unavailable:
		return words{503, "server_error", "unavailable", "api_error"}
	}
	return words{400, "invalid_request_error", "unreadable_request", "invalid_request_error"}
}

// patience is the wait that not every version of the official libraries keeps to
// any more: asked for as much or more, some try again at once.
const patience = time.Minute

// Answer gives the whole answer. Only a wait below a minute is to be tried again;
// a rate limit without a known end is refused like a budget, with 403.
func (r Refusal) Answer() (status int, header []Header, body []byte) {
	w := r.Reason.words()
	status = w.status
	waits := r.Reason == RateLimited || r.Reason == Unavailable
	wait := (r.RetryAfter + time.Second - 1).Truncate(time.Second)
	again := waits && wait > 0 && wait < patience
	header = []Header{{"Content-Type", "application/json"}, {ShouldRetry, strconv.FormatBool(again)}}
	if r.RequestID != "" {
		header = append(header, Header{r.idHeader(), r.RequestID})
	}
	if waits && wait > 0 {
		header = append(header, Header{RetryAfter, strconv.FormatInt(int64(wait/time.Second), 10)})
	} else if r.Reason == RateLimited {
		status = 403
	}
	return status, header, r.body(w)
}

// body is the refusal in the vendor's form, with its members in their order.
func (r Refusal) body(w words) []byte {
	if r.API == Anthropic {
		id := ""
		if r.RequestID != "" {
			id = `,"request_id":` + quoted(r.RequestID)
		}
		return []byte(`{"type":"error","error":{"type":"` + w.anthropic + `","message":` + quoted(r.Message) + `}` + id + `}`)
	}
	return []byte(`{"error":{"message":` + quoted(r.Message) + `,"type":"` + w.openAI + `","param":` + r.param() + `,"code":"` + w.code + `"}}`)
}

// idHeader is the field in which the vendor's libraries look for the id of a
// request.
func (r Refusal) idHeader() string {
	if r.API == Anthropic {
		return "Request-Id"
	}
	return "X-Request-Id"
}

func (r Refusal) param() string {
	if r.Reason == ModelNotAllowed {
		return `"model"`
	}
	return "null"
}

// quoted is a text as JSON.
func quoted(text string) string {
	b, _ := json.Marshal(text) // a text can always be written
	return string(b)
}

// Frame gives the refusal as the last frame of a stream that has begun, for an
// answer that is cut at its ceiling. Complete frames must stand before it.
func (r Refusal) Frame() []byte {
	w := r.Reason.words()
	name, data := "", string(r.body(w))
	switch {
	case r.API == Anthropic:
		name = "event: error\n"
	case r.Operation == Responses:
		name = "event: error\n"
		data = `{"type":"error","code":"` + w.code + `","message":` + quoted(r.Message) + `,"param":` + r.param() + `}`
	}
	return []byte(name + "data: " + data + "\n\n")
}
