package spend

import (
	"errors"
	"fmt"
)

// Kind classifies an error for programs: it decides exit code and HTTP status.
type Kind string

// The kinds of error.
const (
	KindInvalid     Kind = "invalid"     // the caller's input is wrong
	KindNotFound    Kind = "notfound"    // the named thing does not exist
	KindConflict    Kind = "conflict"    // the state forbids it, for instance a lock
	KindForbidden   Kind = "forbidden"   // the caller may not
	KindExhausted   Kind = "exhausted"   // a limit or a disk is full
	KindUnavailable Kind = "unavailable" // an engine cannot answer now
	KindInternal    Kind = "internal"    // a defect of ours
)

// Error says what was tried, why it did not work and what to do next.
type Error struct {
	Kind Kind   // for programs
	Op   string // what was tried, "import events"
	Hint string // what to do next, may be empty
	Err  error  // why not, never nil
}

// Error gives the operation and the reason on one line.
func (e *Error) Error() string {
	if e.Op == "" {
		return e.Err.Error()
	}
	return e.Op + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of a kind; a wrapped cause (%w) stays reachable.
func Errorf(kind Kind, op, format string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Err: fmt.Errorf(format, args...)}
}

// WithHint returns the error with the next step for its reader.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// KindOf reads the kind out of any wrapped error; unknown errors are internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// HintOf reads the nearest hint out of any wrapped error, or "".
func HintOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// Problem is one field error of a rejected record; a record reports all of them at once.
type Problem struct {
	Field string `json:"field"` // the field's name in the event, "usage.in_text"
	Msg   string `json:"msg"`   // what is wrong with it and what would be right
}

// String gives field and message on one line.
func (p Problem) String() string { return p.Field + ": " + p.Msg }
