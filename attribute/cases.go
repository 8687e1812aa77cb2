package attribute

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/spend"
)

// Case is an event, and what has to become of it.
type Case struct {
	Name  string
	Line  int // in its file
	Event spend.Event
	Scope map[string]string // fields of the scope to their values, "" for open
	Rule  string            // the id of the rule that decides, default:ID of a default, organisation, none; "" for any
}

// NoRule is what a case says of an event that nothing decides.
const NoRule = "none"

// maxCases bounds a file of cases.
const maxCases = 10_000

// ReadCases reads a file of cases (YAML, unknown keys refused). All errors come at
// once, each with its line. A case that names no time is of the day that is given.
//
//	cases: bursar/1
//	tests:
//	  - name: the shop's repository
//	    event: {used_at: 2026-10-01, repository: acme/shop-web}
//	    scope: {team: retail, application: shop-web}
//	    rule: shop
func ReadCases(r io.Reader, today time.Time) (cases []Case, err error) {
	const op = "read cases of attribution"
	top, err := root(r, op)
	if err != nil {
		return nil, err
	}
	in := reading{op: op}
	schema := ""
	in.mapping(top, map[string]func(*yaml.Node){
		"cases": func(n *yaml.Node) { schema = in.text(n) },
		"tests": func(n *yaml.Node) { in.list(n, func(n *yaml.Node) { cases = append(cases, in.example(n, today)) }) },
	})
	switch {
	case len(in.errs) > 0:
	case schema != Schema:
		in.fail(top, "cases: %.40q, want %s", schema, Schema)
	case len(cases) == 0 || len(cases) > maxCases:
		in.fail(top, "there are %d tests; want 1 to %d", len(cases), maxCases)
	}
	return cases, in.err()
}

func (in *reading) example(n *yaml.Node, today time.Time) (c Case) {
	c.Line, c.Event.UsedAt = n.Line, today
	in.mapping(n, map[string]func(*yaml.Node){
		"name":  func(n *yaml.Node) { c.Name = in.text(n) },
		"event": func(n *yaml.Node) { in.event(n, &c.Event) },
		"scope": func(n *yaml.Node) { c.Scope = in.expected(n) },
		"rule":  func(n *yaml.Node) { c.Rule = in.text(n) },
	})
	if c.Name == "" {
		c.Name = fmt.Sprint("line ", c.Line)
	}
	if c.Scope == nil && c.Rule == "" {
		in.fail(n, "the case expects nothing: name a scope, a rule, or both")
	}
	return c
}

// event reads the fields of an event by the names that rules read.
func (in *reading) event(n *yaml.Node, e *spend.Event) {
	in.entries(n, func(key, value *yaml.Node) {
		text := in.text(value)
		if key.Value == "used_at" {
			in.instant(value, &e.UsedAt)
			return
		}
		if !write(e, canonical(key.Value), text) {
			in.fail(key, "no event field %.60q", key.Value)
		}
	})
}

func (in *reading) instant(n *yaml.Node, to *time.Time) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		at, err := time.Parse(layout, n.Value)
		if err == nil {
			*to = at.UTC()
			return
		}
	}
	in.fail(n, "used_at: %.40q is no time; write 2026-10-01 or 2026-10-01T10:00:00Z", n.Value)
}

func (in *reading) expected(n *yaml.Node) map[string]string {
	all := map[string]string{}
	in.entries(n, func(key, value *yaml.Node) {
		if _, known := scopeValue(&spend.Scope{}, key.Value); !known {
			in.fail(key, "no scope field %.60q; one of %v or tag:KEY", key.Value, spend.ScopeFields())
			return
		}
		all[key.Value] = in.text(value)
	})
	return all
}

// write sets a field of an event by the name under which rules read it.
func write(e *spend.Event, field, value string) bool {
	if to := e.Scope.Field(field); to != nil {
		*to = value
		return true
	}
	if key, isTag := spend.Dimension(field).Tag(); isTag && key != "" {
		if e.Scope.Tags == nil {
			e.Scope.Tags = map[string]string{}
		}
		e.Scope.Tags[key] = value
		return true
	}
	to, known := map[string]*string{
		"source": &e.Source, "seller": &e.Seller, "account": &e.Account, "host": &e.Host, "model": &e.RequestedModel,
		"requested_model": &e.RequestedModel, "served_model": &e.ServedModel, "service_tier": &e.RequestedTier,
		"region": &e.Region, "kind": &e.Kind,
	}[field]
	if known {
		*to = value
	}
	return known
}

// scopeValue gives a field or a tag of a scope by name.
func scopeValue(s *spend.Scope, name string) (string, bool) {
	if key, isTag := spend.Dimension(canonical(name)).Tag(); isTag && key != "" {
		return s.Tags[key], true
	}
	field := s.Field(name)
	if field == nil {
		return "", false
	}
	return *field, true
}

// Verdict is how a case went.
type Verdict struct {
	Name        string       `json:"name"`
	Line        int          `json:"line"`
	Passed      bool         `json:"passed"`
	Wrong       []Difference `json:"wrong,omitempty"`
	Rule        string       `json:"rule"`                  // that decided, with its version
	Explanation *Explanation `json:"explanation,omitempty"` // of a case that failed
}

// Difference is what a case wanted and did not get.
type Difference struct {
	Field string `json:"field"` // of the scope, or rule
	Want  string `json:"want"`
	Got   string `json:"got"`
}

// Tested is how cases went, and which rules they reach.
type Tested struct {
	Verdicts []Verdict `json:"verdicts"`
	Failed   int       `json:"failed"`
	Rules    int       `json:"rules"`  // how many there are
	Untold   []string  `json:"untold"` // ids of rules that decide in no case
}

// Test tries cases. Complete is nil where there is no organisation.
func (r *Rules) Test(cases []Case, complete Organisation) Tested {
	t := Tested{Verdicts: []Verdict{}, Untold: []string{}}
	deciding := map[string]bool{}
	for i := range cases {
		c := &cases[i]
		x := r.Explain(&c.Event, complete)
		for _, step := range x.Steps {
			if slices.ContainsFunc(step.Outcome, func(o Outcome) bool { return o.Fate == Filled || o.Fate == Refined }) {
				deciding[step.Rule] = true
			}
		}
		v := c.judge(&x)
		if !v.Passed {
			t.Failed++
		}
		t.Verdicts = append(t.Verdicts, v)
	}
	for _, rule := range r.All() {
		t.Rules++
		if !deciding[rule.Ref()] {
			t.Untold = append(t.Untold, rule.ID)
		}
	}
	return t
}

func (c *Case) judge(x *Explanation) Verdict {
	v := Verdict{Name: c.Name, Line: c.Line, Rule: x.Rule}
	for _, field := range slices.Sorted(maps.Keys(c.Scope)) {
		if got, _ := scopeValue(&x.Scope, field); got != c.Scope[field] {
			v.Wrong = append(v.Wrong, Difference{field, c.Scope[field], got})
		}
	}
	want := c.Rule
	if want == NoRule {
		want = ""
	}
	if got := IDOf(x.Rule); c.Rule != "" && got != want && x.Rule != want {
		v.Wrong = append(v.Wrong, Difference{"rule", c.Rule, got})
	}
	if v.Passed = len(v.Wrong) == 0; !v.Passed {
		v.Explanation = x
	}
	return v
}
