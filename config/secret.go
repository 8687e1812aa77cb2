package config

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
)

const stars = "********"

// Secret is a text that shows as stars when it is printed, logged or encoded as
// JSON, YAML or XML; string(s) gives the text itself, for the one place that needs
// it.
type Secret string

// String gives stars, or nothing for an empty secret: whether one is set is not
// a secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return stars
}

// Format writes what String gives for every verb, quoted for %q and %#v.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'q' || verb == 'v' && f.Flag('#') {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

// MarshalText gives what String gives, to encoders of JSON and YAML among others.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue gives what String gives.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
