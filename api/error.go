package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/bursarhq/bursar/spend"
)

// Failure is the one shape of an error.
type Failure struct {
	Kind    spend.Kind `json:"kind"`
	Message string     `json:"message"`        // what was tried and why not
	Hint    string     `json:"hint,omitempty"` // what to do next
}

// errUnauthenticated marks a caller who is nobody yet.
var errUnauthenticated = errors.New("unauthenticated")

func unauthenticated(why string) error {
	return spend.Errorf(spend.KindForbidden, "authenticate", "%s: %w", why, errUnauthenticated).
		WithHint("send a token as Authorization: Bearer bursar_…")
}

// status maps the kind of an error to its HTTP status.
func status(err error) int {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, errUnauthenticated):
		return http.StatusUnauthorized
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	}
	switch spend.KindOf(err) {
	case spend.KindInvalid:
		return http.StatusBadRequest
	case spend.KindNotFound:
		return http.StatusNotFound
	case spend.KindConflict:
		return http.StatusConflict
	case spend.KindForbidden:
		return http.StatusForbidden
	case spend.KindExhausted:
		return http.StatusInsufficientStorage
	case spend.KindUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers with the error. What is a defect of ours is logged and told
// without its inside.
func (a *API) fail(c *call, err error) {
	f := Failure{Kind: spend.KindOf(err), Message: err.Error(), Hint: spend.HintOf(err)}
	code := status(err)
	if code == http.StatusInternalServerError {
		a.Log.Error("a request failed", "path", c.r.URL.Path, "error", err)
		f.Message, f.Hint = "something went wrong here", "the server's log says what"
	}
	if code == http.StatusServiceUnavailable {
		c.w.Header().Set("Retry-After", "1")
	}
	c.reply(code, f)
}

// reply writes a value as JSON.
func (c *call) reply(code int, v any) {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(code)
	_ = json.NewEncoder(c.w).Encode(v) // the client is gone when this fails
}
