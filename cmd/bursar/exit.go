package main

import (
	"context"
	"errors"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Exit codes, documented in the help of the root command.
const (
	exitDefect      = 1
	exitInvalid     = 2
	exitNotFound    = 3
	exitConflict    = 4
	exitForbidden   = 5
	exitExhausted   = 6
	exitUnavailable = 7
	exitInterrupted = 130
)

// exitCode maps the kind of an error to the code that the process ends with.
func exitCode(err error) int {
	if errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	if isUsage(err) {
		return exitInvalid
	}
	switch spend.KindOf(err) {
	case spend.KindInvalid:
		return exitInvalid
	case spend.KindNotFound:
		return exitNotFound
	case spend.KindConflict:
		return exitConflict
	case spend.KindForbidden:
		return exitForbidden
	case spend.KindExhausted:
		return exitExhausted
	case spend.KindUnavailable:
		return exitUnavailable
	}
	return exitDefect
}

// isUsage says that the command line itself was wrong: cobra's own errors have
// no kind.
func isUsage(err error) bool {
	for _, start := range []string{"unknown command", "unknown flag", "unknown shorthand", "required flag", "accepts ", "requires ", "invalid argument", "flag needs", "if any flags"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// explain tells a person what went wrong and what to do next.
func explain(err error) string {
	if errors.Is(err, context.Canceled) {
		return "bursar: stopped; what was booked is kept, and the same command goes on from there\n"
	}
	text := ""
	for _, each := range apart(err) {
		hint := spend.HintOf(each)
		if hint == "" && isUsage(each) {
			hint = "add --help for what the command takes, with examples"
		}
		text += "bursar: " + each.Error() + "\n"
		if hint != "" {
			text += "  → " + hint + "\n"
		}
	}
	return text
}

// apart gives the errors that were joined into one: each has a hint of its own.
func apart(err error) (all []error) {
	several, joined := err.(interface{ Unwrap() []error }) // what wraps them says something of all
	if !joined {
		return []error{err}
	}
	for _, each := range several.Unwrap() {
		all = append(all, apart(each)...)
	}
	return all
}
