package wire_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// reading is one body and what must come out of it: meters as
// "in_text 700, cache_read 300", or the problems that refuse it.
type reading struct {
	name     string
	body     string
	meters   string
	flags    spend.Flags
	problems string // "field: message" lines, or a part of each
}

func check(t *testing.T, flavour string, all []reading) {
	t.Helper()
	for _, r := range all {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			usage, flags, problems := wire.Usage(flavour, []byte(r.body))
			if diff := cmp.Diff(r.meters, meters(usage)); diff != "" {
				t.Errorf("meters (-want +got):\n%s", diff)
			}
			if flags != r.flags {
				t.Errorf("flags %q, want %q", flags, r.flags)
			}
			checkProblems(t, problems, r.problems)
		})
	}
}

func checkProblems(t *testing.T, got []spend.Problem, want string) {
	t.Helper()
	var lines []string
	if want != "" {
		lines = strings.Split(want, "\n")
	}
	matches := len(lines) == len(got)
	for i := 0; matches && i < len(got); i++ {
		matches = strings.Contains(got[i].String(), lines[i])
	}
	if !matches {
		t.Errorf("problems\n  %v\nwant\n  %s", got, strings.Join(lines, "\n  "))
	}
}

// meters lists a usage in the order of the vocabulary.
func meters(u spend.Usage) string {
	var all []string
	u.Each(func(m spend.Meter, q spend.Quantity) { all = append(all, fmt.Sprintf("%s %s", m, q)) })
	return strings.Join(all, ", ")
}
