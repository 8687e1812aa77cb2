package attribute

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// maxRules bounds a set of rules.
const maxRules = 5000

// compiled is a rule, ready to be tried.
type compiled struct {
	Rule
	ref         string
	from, until time.Time // zero for always and for ever
	conditions  []condition
	acts        []act
}

// act is what a rule does to one field.
type act struct {
	target
	name   string
	value  template
	fixed  string // the value, when it is the same for every event
	refine bool
	held   bool // identity may decide the field
}

// New checks and compiles rules; their dates are days in UTC until In says
// otherwise. All errors come at once.
func New(rules []Rule) (*Rules, error) {
	if len(rules) > maxRules {
		return nil, spend.Errorf(spend.KindInvalid, "read attribution rules", "there are %d rules, more than %d", len(rules), maxRules).
			WithHint("let one rule with an expression and ${name} stand for many")
	}
	var errs []error
	set := &Rules{}
	seen := map[string]bool{}
	for i := range rules {
		c, wrong := compile(&rules[i])
		if seen[c.ID] {
			wrong = append(wrong, errors.New("its id is used twice"))
		}
		seen[c.ID] = true
		for _, err := range wrong {
			errs = append(errs, fmt.Errorf("%s: %w", placeOf(&rules[i], i), err))
		}
		set.rules = append(set.rules, c)
	}
	if len(errs) > 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read attribution rules", "%w", errors.Join(errs...)).
			WithHint("the language of rules is in docs/attribution.md")
	}
	set.arrange()
	return set, nil
}

// placeOf says which rule is meant.
func placeOf(r *Rule, i int) string {
	if r.Line > 0 {
		return fmt.Sprintf("line %d: rule %.60q", r.Line, r.ID)
	}
	return fmt.Sprintf("rule %d, %.60q", i+1, r.ID)
}

func compile(r *Rule) (c compiled, errs []error) {
	c = compiled{Rule: *r, ref: r.Ref()}
	if !isID(r.ID) {
		errs = append(errs, errors.New("its id is none: write 1 to 80 letters, digits, - _ and ., and not organisation"))
	}
	errs = append(errs, c.dates(time.UTC)...)
	for _, field := range slices.Sorted(maps.Keys(r.When)) {
		one, wrong := parseCondition(field, r.When[field])
		if slices.ContainsFunc(c.conditions, func(other condition) bool { return other.field == one.field }) {
			wrong = append(wrong, fmt.Errorf("when: %s is named twice", one.field))
		}
		for _, name := range one.captures() {
			if c.capturing(name) != nil {
				wrong = append(wrong, fmt.Errorf("when: two conditions have a group %.60q", name))
			}
		}
		errs = append(errs, wrong...)
		c.conditions = append(c.conditions, one)
	}
	slices.SortStableFunc(c.conditions, func(a, b condition) int { return cmp.Compare(a.field, b.field) })
	errs = append(errs, c.actions()...)
	return c, errs
}

// The names under which a charge says that no rule decided, and what else did.
const (
	ByOrganisation = "organisation" // it completed the scope
	ByRegister     = "register"     // a name stood for another, or an owner filled the team
)

func isID(s string) bool {
	return s != "" && len(s) <= 80 && s != ByOrganisation && s != ByRegister && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c)
	})
}

// dates reads the first day and the one behind the last.
func (c *compiled) dates(zone *time.Location) (errs []error) {
	for _, d := range []struct {
		name, text string
		to         *time.Time
	}{{"from", c.From, &c.from}, {"until", c.Until, &c.until}} {
		if d.text == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, d.text)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %.40q is no day; write one like 2026-10-01", d.name, d.text))
			continue
		}
		*d.to = calendar.DayStart(day.Year(), day.Month(), day.Day(), zone)
	}
	if len(errs) == 0 && c.From != "" && c.Until != "" && c.From >= c.Until {
		errs = append(errs, fmt.Errorf("it never holds: until %s, which is not included, does not come after from %s", c.Until, c.From))
	}
	return errs
}

// actions reads set and refine in the order of the scope's fields.
func (c *compiled) actions() (errs []error) {
	for _, field := range slices.Sorted(maps.Keys(c.Set)) {
		errs = append(errs, c.action(field, c.Set[field], false)...)
	}
	for _, field := range slices.Sorted(maps.Keys(c.Refine)) {
		if _, twice := c.Set[field]; twice {
			errs = append(errs, fmt.Errorf("it sets and refines %.60q: refine also fills what is open", field))
		}
		errs = append(errs, c.action(field, c.Refine[field], true)...)
	}
	if len(c.Set)+len(c.Refine) == 0 {
		errs = append(errs, errors.New("it sets nothing"))
	}
	if c.Default && len(c.Refine) > 0 {
		errs = append(errs, errors.New("a default comes last and only sets: it refines nothing"))
	}
	slices.SortStableFunc(c.acts, func(a, b act) int {
		return cmp.Or(cmp.Compare(uint(a.field), uint(b.field)), cmp.Compare(a.tag, b.tag))
	})
	return errs
}

func (c *compiled) action(field, value string, refine bool) (errs []error) {
	to, writable := targetOf(field)
	if !writable {
		errs = append(errs, fmt.Errorf("set: no scope field %.60q that a rule may write; one of %v or tag:KEY", field, Writable()))
	}
	if refine && to.tag != "" {
		errs = append(errs, fmt.Errorf("refine: %.60q is evidence, which stays as it came; set another tag", field))
	}
	t, err := parseTemplate(value)
	if err != nil {
		errs = append(errs, fmt.Errorf("set %s: %w", field, err))
	}
	for _, name := range t.names() {
		if c.sourceOf(name) == nil {
			errs = append(errs, fmt.Errorf("set %s: nothing is called %.60q: %w", field, name, errTemplate))
		}
	}
	a := act{target: to, name: field, value: t, refine: refine, held: slices.Contains(heldFields(), field)}
	a.fixed, _ = t.fixed()
	c.acts = append(c.acts, a)
	return errs
}

// sourceOf is the condition that gives a name of a template its value.
func (c *compiled) sourceOf(name string) *condition {
	if from := c.capturing(name); from != nil {
		return from
	}
	return c.on(canonical(name))
}

// capturing is the condition whose expressions have a group of a name.
func (c *compiled) capturing(name string) *condition {
	for i := range c.conditions {
		if slices.Contains(c.conditions[i].captures(), name) {
			return &c.conditions[i]
		}
	}
	return nil
}

// on is the condition on a field, nil without one.
func (c *compiled) on(field string) *condition {
	for i := range c.conditions {
		if c.conditions[i].field == field {
			return &c.conditions[i]
		}
	}
	return nil
}

// valueOf is what an act writes for an event, "" when the event gives it nothing.
func (c *compiled) valueOf(a *act, e *spend.Event) string {
	if a.fixed != "" {
		return a.fixed
	}
	return a.value.expand(func(name string) string {
		from := c.sourceOf(name)
		value := from.read(e)
		if slices.Contains(from.captures(), name) {
			return from.captured(name, value)
		}
		return value
	})
}
