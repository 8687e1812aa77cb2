package attribute_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/attribute"
)

// linted gives the findings about rules, a line each.
func linted(t *testing.T, known attribute.Known, rules ...string) (lines []string) {
	t.Helper()
	for _, f := range pasted(t, "attribution: bursar/1\nrules:\n  - "+strings.Join(rules, "\n  - ")+"\n").Lint(known) {
		line := string(f.Slip) + " " + f.Rule
		if f.Other != "" {
			line += " by " + f.Other
		}
		lines = append(lines, line)
	}
	return lines
}

func TestLint(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rules []string
		want  []string
	}{
		"an equal rule":                    {[]string{`{id: a, when: {model: gpt-5}, set: {team: x}}`, `{id: b, when: {model: gpt-5}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"a wider glob first":               {[]string{`{id: a, when: {model: gpt-*}, set: {team: x}}`, `{id: b, when: {model: gpt-5*}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"a narrower glob first":            {[]string{`{id: a, when: {model: gpt-5*}, set: {team: x}}`, `{id: b, when: {model: gpt-*}, set: {team: y}}`}, nil},
		"globs that only meet":             {[]string{`{id: a, when: {model: "*-mini"}, set: {team: x}}`, `{id: b, when: {model: gpt-*}, set: {team: y}}`}, []string{"ambiguous b by a"}},
		"globs apart":                      {[]string{`{id: a, when: {model: "gpt-*"}, set: {team: x}}`, `{id: b, when: {model: claude-*}, set: {team: y}}`}, nil},
		"an exception tells them apart":    {[]string{`{id: a, when: {model: ["gpt-*", "!*-mini"]}, set: {team: x}}`, `{id: b, when: {model: "*-mini"}, set: {team: y}}`}, nil},
		"one value for both":               {[]string{`{id: a, when: {model: "*-mini"}, set: {team: x}}`, `{id: b, when: {model: gpt-*}, set: {team: x}}`}, nil},
		"a list within a glob":             {[]string{`{id: a, when: {model: gpt-*}, set: {team: x}}`, `{id: b, when: {model: [gpt-5, gpt-4]}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"a list partly within":             {[]string{`{id: a, when: {model: gpt-*}, set: {team: x}}`, `{id: b, when: {model: [gpt-5, claude]}, set: {team: y}}`}, []string{"ambiguous b by a"}},
		"a glob within a list of globs":    {[]string{`{id: a, when: {model: ["a*", "b*"]}, set: {team: x}}`, `{id: b, when: {model: "[ab]?c"}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"a union covers, no glob alone":    {[]string{`{id: a, when: {host: ["[a-m]*", "[^a-m]*"]}, set: {team: x}}`, `{id: b, when: {host: "?*"}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"a list within an expression":      {[]string{`{id: a, when: {model: "~ gpt-[0-9]+"}, set: {team: x}}`, `{id: b, when: {model: [gpt-5, gpt-4]}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"equal expressions":                {[]string{`{id: a, when: {model: "~ gpt-[0-9]+"}, set: {team: x}}`, `{id: b, when: {model: "~ gpt-[0-9]+", seller: openai}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"of other expressions nothing":     {[]string{`{id: a, when: {model: "~ gpt-.*"}, set: {team: x}}`, `{id: b, when: {model: "~ gpt-[0-9]+"}, set: {team: y}}`}, nil},
		"without conditions":               {[]string{`{id: a, set: {team: x}}`, `{id: b, when: {path: "~ x"}, set: {team: y}}`}, []string{"unreachable b by a"}},
		"one of two fields":                {[]string{`{id: a, set: {team: x}}`, `{id: b, when: {host: h}, set: {team: y, workflow: w}}`}, []string{"shadowed b by a"}},
		"other fields":                     {[]string{`{id: a, set: {team: x}}`, `{id: b, set: {workflow: y}}`}, nil},
		"more conditions first":            {[]string{`{id: a, when: {host: h, model: m}, set: {team: x}}`, `{id: b, when: {host: h}, set: {team: y}}`}, nil},
		"a value that may be empty":        {[]string{`{id: a, when: {path: "*"}, set: {team: "${path}"}}`, `{id: b, set: {team: y}}`}, nil},
		"a refinement behind a set":        {[]string{`{id: a, set: {team: x}}`, `{id: b, refine: {team: y}}`}, nil},
		"a set behind a refinement":        {[]string{`{id: a, refine: {team: x}}`, `{id: b, set: {team: y}}`}, []string{"unreachable b by a"}},
		"an earlier span":                  {[]string{`{id: a, until: 2026-07-01, set: {team: x}}`, `{id: b, from: 2026-07-01, set: {team: y}}`}, nil},
		"a span within":                    {[]string{`{id: a, until: 2026-07-01, set: {team: x}}`, `{id: b, from: 2026-01-01, until: 2026-07-01, set: {team: y}}`}, []string{"unreachable b by a"}},
		"a span that goes on":              {[]string{`{id: a, until: 2026-07-01, set: {team: x}}`, `{id: b, set: {team: y}}`}, nil},
		"a default behind a rule":          {[]string{`{id: b, default: true, set: {team: y}}`, `{id: a, set: {team: x}}`}, []string{"unreachable b by a"}},
		"a default behind a narrower rule": {[]string{`{id: a, when: {host: h}, set: {team: x}}`, `{id: b, default: true, set: {team: y}}`}, nil},
		"nothing satisfies it":             {[]string{`{id: a, when: {model: ["gpt-*", "!gpt*"]}, set: {team: x}}`}, []string{"unreachable a"}},
		"nothing in the list satisfies it": {[]string{`{id: a, when: {model: [x, "!?"]}, set: {team: x}}`}, []string{"unreachable a"}},
		"set where it is claimed":          {[]string{`{id: a, when: {team: core-*}, set: {team: core}}`}, []string{"unreachable a"}},
		"partly set where it is claimed":   {[]string{`{id: a, when: {team: core-*}, set: {team: core, workflow: w}}`}, []string{"shadowed a"}},
		"set where it may be open":         {[]string{`{id: a, when: {team: ["", core-*]}, set: {team: core}}`}, nil},
		"a group without use":              {[]string{`{id: a, when: {path: "~ (?P<a>x)(?P<b>y)"}, set: {team: "${a}"}}`}, []string{"unused a"}},
	} {
		if diff := cmp.Diff(c.want, linted(t, nil, c.rules...)); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}

func TestLintKnowsTheOrganisation(t *testing.T) {
	t.Parallel()
	known := func(field, name string) bool { return field == "team" && name == "core" }
	got := linted(t, known, `{id: a, when: {host: h}, set: {team: core, application: desk, feature: anything}}`, `{id: b, when: {path: "~ (?P<x>.*)"}, set: {team: "${x}"}}`)
	if diff := cmp.Diff([]string{"unknown a"}, got); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

// TestLintOfGreatRules: a comparison that would take too long claims nothing.
func TestLintOfGreatRules(t *testing.T) {
	t.Parallel()
	great := "*a" + strings.Repeat("?", 60)
	if got := linted(t, nil, `{id: a, when: {path: "`+great+`"}, set: {team: x}}`, `{id: b, when: {path: "?`+great+`"}, set: {team: y}}`); got != nil {
		t.Errorf("claimed %v", got)
	}
}
