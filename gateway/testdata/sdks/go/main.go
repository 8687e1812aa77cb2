// Command sdks drives the vendors' libraries for Go:
//
//	sdks VENDOR BASE KEY CASE…
//
// It makes one call a case and prints one line of JSON for each: what the library
// made of the answer, or of the error.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// caseHeader tells the upstream which answer is wanted.
const caseHeader = "X-Sdk-Case"

// budgetHeader is where an answer says what a budget has to say.
const budgetHeader = "X-Bursar-Budget"

// told is what a library told of a call: values as it read them, or the error.
type told struct {
	Case   string `json:"case"`
	Values []any  `json:"values"`
	Error  any    `json:"error"`
}

// failure is an error as a library tells it.
type failure struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

func main() {
	if len(os.Args) < 5 {
		fmt.Fprintln(os.Stderr, "usage: sdks VENDOR BASE KEY CASE…")
		os.Exit(2)
	}
	vendors := map[string]func(base, key string) caller{"openai": newOpenAI, "anthropic": newAnthropic}
	call := vendors[os.Args[1]](os.Args[2], os.Args[3])
	for _, name := range os.Args[4:] {
		values, err := call(context.Background(), name)
		line := told{Case: name, Values: values}
		if err != nil {
			line.Error = describe(err)
		}
		if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// caller makes the call of a case.
type caller func(ctx context.Context, name string) ([]any, error)

// stream is what the streams of both libraries have.
type stream[E any] interface {
	Next() bool
	Current() E
	Err() error
	Close() error
}

// abortAfter is how many events are read before an abort.
const abortAfter = 2

// events reads a stream to its end, or leaves in its midst.
func events[E interface{ RawJSON() string }](s stream[E], abort bool) (all []any, err error) {
	defer s.Close()
	for s.Next() {
		all = append(all, s.Current().RawJSON())
		if abort && len(all) == abortAfter {
			return all, nil
		}
	}
	return all, s.Err()
}

// schema is that of the one tool there is.
func schema() map[string]any {
	return map[string]any{"city": map[string]any{"type": "string"}}
}
