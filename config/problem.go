package config

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a configuration.
type Problem struct {
	Line  int    // in the file, from 1; 0 when there is none
	Field string // the setting by its path, "limits.body_bytes"; "" for the file as a whole
	Msg   string // what is wrong and what would be right
}

// String gives line, setting and message on one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Field != "" {
		b.WriteString(p.Field + ": ")
	}
	return b.String() + p.Msg
}

// Error is a configuration that cannot be used, with everything that is wrong.
type Error struct {
	Path     string    // of the file, "" when the text came from elsewhere
	Problems []Problem // by line, at least one
}

// Error gives the file, then one line for each problem.
func (e *Error) Error() string {
	name := "configuration"
	if e.Path != "" {
		name += " " + e.Path
	}
	if len(e.Problems) == 1 {
		return fmt.Sprintf("read %s: %s", name, e.Problems[0])
	}
	var b strings.Builder
	fmt.Fprintf(&b, "read %s: %d problems", name, len(e.Problems))
	for _, p := range e.Problems {
		b.WriteString("\n  " + p.String())
	}
	return b.String()
}

// asError gives nil for no problems.
func asError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	return &Error{Problems: problems}
}
