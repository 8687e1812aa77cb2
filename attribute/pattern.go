package attribute

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Bounds of what a pattern may be. Expressions are RE2: their time grows with the
// text alone.
const (
	maxPattern      = 512
	maxAlternatives = 1000
)

// pattern is one text of a condition, without its !.
type pattern struct {
	literal string // with isLiteral
	prefix  string // with isPrefix: anything that begins so
	glob    glob
	re      *regexp.Regexp

	isLiteral, isPrefix bool
}

// condition says what a field may be.
type condition struct {
	field string // canonical
	said  Patterns
	yes   []pattern // one has to match when there are any
	no    []pattern // none may match
	read  func(*spend.Event) string
	slot  int // of the value that read gives, among those of all conditions
}

func parseCondition(field string, said Patterns) (c condition, errs []error) {
	c = condition{field: canonical(field), said: said}
	known := false
	if c.read, known = reader(c.field); !known {
		return c, []error{fmt.Errorf("when: no event field %.60q", field)}
	}
	if len(said) == 0 || len(said) > maxAlternatives {
		return c, []error{fmt.Errorf("when %s: %d patterns; want 1 to %d", field, len(said), maxAlternatives)}
	}
	for _, text := range said {
		positive, negated := strings.CutPrefix(text, "!")
		p, err := parsePattern(positive)
		if err != nil {
			errs = append(errs, fmt.Errorf("when %s: pattern %.60q: %w", field, text, err))
			continue
		}
		if negated {
			c.no = append(c.no, p)
		} else {
			c.yes = append(c.yes, p)
		}
	}
	return c, errs
}

// parsePattern reads a glob, or an expression behind "~ ".
func parsePattern(text string) (p pattern, err error) {
	if len(text) > maxPattern {
		return p, fmt.Errorf("is %d bytes long, at most %d are read", len(text), maxPattern)
	}
	if expression, is := strings.CutPrefix(text, "~ "); is {
		p.re, err = parseExpression(expression)
		return p, err
	}
	if p.glob, err = parseGlob(text); err != nil {
		return p, err
	}
	if p.literal, p.isLiteral = p.glob.literal(); p.isLiteral {
		return p, nil
	}
	if last := len(p.glob) - 1; p.glob[last].star {
		p.prefix, p.isPrefix = p.glob[:last].literal()
	}
	return p, nil
}

// parseExpression compiles an expression, which has to match the whole value.
func parseExpression(text string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(text); err != nil { // as it was written, for the message
		return nil, err
	}
	re, err := regexp.Compile(`\A(?:` + text + `)\z`)
	if err != nil {
		return nil, err
	}
	if re.NumSubexp() > 20 {
		return nil, fmt.Errorf("%d groups, at most 20 are read; write (?:…) for those without a name", re.NumSubexp())
	}
	return re, nil
}

func (p *pattern) match(value string) bool {
	switch {
	case p.isLiteral:
		return value == p.literal
	case p.isPrefix:
		return strings.HasPrefix(value, p.prefix)
	case p.re != nil:
		return p.re.MatchString(value)
	}
	return p.glob.match(value)
}

func (c *condition) match(value string) bool {
	for i := range c.no {
		if c.no[i].match(value) {
			return false
		}
	}
	for i := range c.yes {
		if c.yes[i].match(value) {
			return true
		}
	}
	return len(c.yes) == 0
}

// finite says that the condition holds for the values of a list at most.
func (c *condition) finite() bool {
	return len(c.yes) > 0 && !slices.ContainsFunc(c.yes, func(p pattern) bool { return !p.isLiteral })
}

// captures lists the names of the groups that a match gives.
func (c *condition) captures() (names []string) {
	for i := range c.yes {
		if c.yes[i].re == nil {
			continue
		}
		for _, name := range c.yes[i].re.SubexpNames() {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// captured gives what a group holds in a value, "" without a match.
func (c *condition) captured(name, value string) string {
	for i := range c.yes {
		if !c.yes[i].match(value) {
			continue
		}
		if c.yes[i].re == nil {
			return ""
		}
		at := c.yes[i].re.SubexpIndex(name)
		if at < 0 {
			return ""
		}
		return c.yes[i].re.FindStringSubmatch(value)[at]
	}
	return ""
}
