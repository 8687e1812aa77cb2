package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/bursarhq/bursar/spend"
)

// nest is one open object or array of a JSON text.
type nest struct {
	object bool
	commas int
}

// checkShape refuses JSON that is nested too deep or holds an object with too
// many members, before anything is built from it, and gives the number of
// elements of the outermost array, 1 for anything else.
func checkShape(body []byte, l *Limits) (elements int, err error) {
	var open []nest
	quoted, escaped := false, false
	elements = 1
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = b == '\\', b != '"'
		case b == '"':
			quoted = true
		case b == '{', b == '[':
			if open = append(open, nest{object: b == '{'}); len(open) > l.Depth {
				return 0, spend.Errorf(spend.KindInvalid, "read the body", "its JSON is nested deeper than %d", l.Depth).
					WithHint("send flat objects")
			}
		case b == ',' && len(open) > 0:
			in := &open[len(open)-1]
			if in.commas++; in.object && in.commas >= l.Members {
				return 0, spend.Errorf(spend.KindInvalid, "read the body", "an object has more than %d members", l.Members).
					WithHint("labels are few and short: an event has at most 32 tags")
			}
		case (b == '}' || b == ']') && len(open) > 0:
			if last := open[len(open)-1]; len(open) == 1 && !last.object {
				elements = last.commas + 1
			}
			open = open[:len(open)-1]
		}
	}
	return elements, validJSON(body)
}

func validJSON(body []byte) error {
	if json.Valid(body) {
		return nil
	}
	err := json.Unmarshal(body, new(json.RawMessage))
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return spend.Errorf(spend.KindInvalid, "read the body", "no JSON at byte %d: %w", syntax.Offset, err)
	}
	return spend.Errorf(spend.KindInvalid, "read the body", "no JSON: %w", err)
}

// decode reads a body into a value and refuses fields that it does not have.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return spend.Errorf(spend.KindInvalid, "read the body", "%w", err).WithHint("the fields are in /api/v1/openapi.yaml")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return spend.Errorf(spend.KindInvalid, "read the body", "something stands behind the JSON value")
	}
	return nil
}
