package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// The kinds of error that only a protocol has, beside those of package spend.
const (
	kindUnauthenticated spend.Kind = "unauthenticated" // no credential, or none of ours
	kindMethod          spend.Kind = "method"          // the path has other methods
	kindStalled         spend.Kind = "stalled"         // the body did not arrive in time
	kindTooLarge        spend.Kind = "toolarge"        // the body is beyond a limit
	kindUnsupported     spend.Kind = "unsupported"     // the body is in a form that is not read here
	kindTimeout         spend.Kind = "timeout"         // the answer took too long
	kindPaced           spend.Kind = "paced"           // more requests than the credential may send
)

// statuses is the one table from kinds to HTTP statuses.
func statuses() map[spend.Kind]int {
	return map[spend.Kind]int{
		spend.KindInvalid:     http.StatusBadRequest,
		kindUnauthenticated:   http.StatusUnauthorized,
		spend.KindForbidden:   http.StatusForbidden,
		spend.KindNotFound:    http.StatusNotFound,
		kindMethod:            http.StatusMethodNotAllowed,
		kindStalled:           http.StatusRequestTimeout,
		spend.KindConflict:    http.StatusConflict,
		kindTooLarge:          http.StatusRequestEntityTooLarge,
		kindUnsupported:       http.StatusUnsupportedMediaType,
		spend.KindExhausted:   http.StatusInsufficientStorage,
		kindPaced:             http.StatusTooManyRequests,
		spend.KindInternal:    http.StatusInternalServerError,
		spend.KindUnavailable: http.StatusServiceUnavailable,
		kindTimeout:           http.StatusGatewayTimeout,
	}
}

// Fault is the one shape of every error.
type Fault struct {
	Kind     spend.Kind      `json:"kind"`
	Message  string          `json:"message"`  // what was tried and why not
	Hint     string          `json:"hint"`     // what to do next, may be empty
	Problems []spend.Problem `json:"problems"` // each mistake by its field
}

// rejection is an error that lists the mistakes of fields.
type rejection struct {
	error
	problems []spend.Problem
}

func (r rejection) Unwrap() error { return r.error }

// faultOf gives the status of an error and what its reader sees of it: nothing
// from inside when the defect is ours.
func faultOf(err error) (int, Fault) {
	if errors.Is(err, context.DeadlineExceeded) && spend.KindOf(err) != kindStalled {
		err = spend.Errorf(kindTimeout, "answer", "it took longer than a request may").
			WithHint("ask for a shorter window, fewer dimensions, or a smaller top")
	}
	kind := spend.KindOf(err)
	status, known := statuses()[kind]
	if !known || kind == spend.KindInternal {
		return http.StatusInternalServerError, Fault{
			Kind: spend.KindInternal, Message: "a defect on our side", Problems: []spend.Problem{},
			Hint: "report it with the X-Request-Id of this answer; the server's log has the cause under it",
		}
	}
	f := Fault{Kind: kind, Message: err.Error(), Hint: spend.HintOf(err), Problems: problemsOf(err)}
	if len(joined(err)) > 1 {
		f.Message, f.Hint = fmt.Sprintf("%d mistakes in the request", len(f.Problems)), ""
	}
	return status, f
}

func problemsOf(err error) []spend.Problem {
	var r rejection
	if errors.As(err, &r) {
		return r.problems
	}
	problems := []spend.Problem{}
	for _, each := range joined(err) {
		problems = append(problems, problemOf(each))
	}
	return problems
}

// joined gives the errors that were joined into one, nil for a single error.
func joined(err error) []error {
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		return several.Unwrap()
	}
	return nil
}

// problemOf names a mistake by the parameter that report.Ask read it from.
func problemOf(err error) spend.Problem {
	var e *spend.Error
	if !errors.As(err, &e) {
		return spend.Problem{Field: "request", Msg: err.Error()}
	}
	field := strings.ReplaceAll(strings.TrimPrefix(e.Op, "read --"), "-", "_")
	msg := e.Err.Error()
	if e.Hint != "" {
		msg += "; want " + e.Hint
	}
	return spend.Problem{Field: field, Msg: msg}
}
