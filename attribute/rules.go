package attribute

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/spend"
)

// Rule sets scope fields on the events that match all its conditions.
type Rule struct {
	ID   string            `yaml:"id"`   // unique, stored on every charge that it decided
	When map[string]string `yaml:"when"` // event or scope field to a pattern: text with * and ?
	Set  map[string]string `yaml:"set"`  // scope field to its value
}

// Rules is an ordered set. Each scope field is decided by the first matching
// rule that sets it; a field that the event itself names is kept.
type Rules struct {
	rules []compiled
}

type compiled struct {
	Rule
	conditions []condition
	sets       []string // the fields of Set in a fixed order
}

type condition struct {
	read    func(*spend.Event) string
	pattern string
}

// file is the shape of a rules file.
type file struct {
	Schema string `yaml:"attribution"` // bursar/1
	Rules  []Rule `yaml:"rules"`
}

// Read reads a rules file (YAML, unknown keys refused). All errors come at once.
func Read(r io.Reader) (*Rules, error) {
	raw, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return nil, fmt.Errorf("read attribution rules: %w", err)
	}
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "read attribution rules", "%w", err)
	}
	if !errors.Is(dec.Decode(&struct{}{}), io.EOF) {
		return nil, spend.Errorf(spend.KindInvalid, "read attribution rules", "the file holds more than one document").
			WithHint("write all rules in one, in the order in which they are tried")
	}
	if f.Schema != "bursar/1" {
		return nil, spend.Errorf(spend.KindInvalid, "read attribution rules", "attribution: %.40q, want bursar/1", f.Schema)
	}
	return New(f.Rules)
}

// New checks and compiles rules. All errors come at once.
func New(rules []Rule) (*Rules, error) {
	var errs []error
	set := &Rules{}
	seen := map[string]bool{}
	for i, rule := range rules {
		if rule.ID == "" || seen[rule.ID] {
			errs = append(errs, fmt.Errorf("rule %d: id %.60q is empty or used twice", i+1, rule.ID))
		}
		seen[rule.ID] = true
		c, err := compile(rule)
		if err != nil {
			errs = append(errs, fmt.Errorf("rule %.60q: %w", rule.ID, err))
		}
		set.rules = append(set.rules, c)
	}
	if len(errs) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read attribution rules", "%w", errors.Join(errs...))
	}
	return set, nil
}

// All lists the rules in their order.
func (r *Rules) All() []Rule {
	if r == nil {
		return nil
	}
	all := make([]Rule, len(r.rules))
	for i := range r.rules {
		all[i] = r.rules[i].Rule
	}
	return all
}

func compile(rule Rule) (compiled, error) {
	c := compiled{Rule: rule}
	var errs []error
	for _, field := range sortedKeys(rule.When) {
		read, known := reader(field)
		if !known {
			errs = append(errs, fmt.Errorf("when: no event field %.60q", field))
			continue
		}
		pattern := flat(rule.When[field])
		if _, err := path.Match(pattern, ""); err != nil {
			errs = append(errs, fmt.Errorf("when %s: pattern %.60q: %w", field, rule.When[field], err))
		}
		c.conditions = append(c.conditions, condition{read, pattern})
	}
	for _, field := range sortedKeys(rule.Set) {
		if new(spend.Scope).Field(field) == nil {
			errs = append(errs, fmt.Errorf("set: no scope field %.60q; one of %v", field, spend.ScopeFields()))
		}
		c.sets = append(c.sets, field)
	}
	if len(rule.Set) == 0 {
		errs = append(errs, errors.New("sets nothing"))
	}
	return c, errors.Join(errs...)
}

// reader gives the accessor of an event field by name.
func reader(field string) (func(*spend.Event) string, bool) {
	if new(spend.Scope).Field(field) != nil {
		return func(e *spend.Event) string { return *e.Scope.Field(field) }, true
	}
	if key, isTag := spend.Dimension(field).Tag(); isTag && key != "" {
		return func(e *spend.Event) string { return e.Scope.Tags[key] }, true
	}
	switch field {
	case "source":
		return func(e *spend.Event) string { return e.Source }, true
	case "seller":
		return func(e *spend.Event) string { return e.Seller }, true
	case "account":
		return func(e *spend.Event) string { return e.Account }, true
	case "host":
		return func(e *spend.Event) string { return e.Host }, true
	case "model":
		return (*spend.Event).Model, true
	case "region":
		return func(e *spend.Event) string { return e.Region }, true
	case "kind":
		return func(e *spend.Event) string { return e.Kind }, true
	}
	return nil, false
}

// Decide fills the scope that the event leaves open and names the rule that
// decided most widely, "" when none did. A nil set decides nothing.
func (r *Rules) Decide(e *spend.Event) (spend.Scope, string) {
	scope, decided := e.Scope, ""
	if r == nil {
		return scope, decided
	}
	for i := range r.rules {
		if !r.rules[i].matches(e) {
			continue
		}
		if r.rules[i].fill(&scope) && decided == "" {
			decided = r.rules[i].ID
		}
	}
	return scope, decided
}

func (c *compiled) matches(e *spend.Event) bool {
	for _, cond := range c.conditions {
		value := flat(cond.read(e))
		if value == cond.pattern {
			continue
		}
		if ok, err := path.Match(cond.pattern, value); !ok || err != nil {
			return false
		}
	}
	return true
}

// flat hides slashes, which a * of path.Match would not cross.
func flat(s string) string { return strings.ReplaceAll(s, "/", "\x00") }

func (c *compiled) fill(scope *spend.Scope) bool {
	filled := false
	for _, field := range c.sets {
		if f := scope.Field(field); *f == "" {
			*f, filled = c.Set[field], true
		}
	}
	return filled
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
