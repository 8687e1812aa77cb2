package policy

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// Kind is what a document declares.
type Kind string

// The kinds of document.
const (
	Organisation Kind = "organisation" // units, zone, currency, fiscal year; there is one
	Outcomes     Kind = "outcomes"     // what counts as a result, see package outcome
	Attribution  Kind = "attribution"  // rules of scope, see package attribute
	Register     Kind = "register"     // owners and names of applications, workflows and agents, see package register
	Budget       Kind = "budget"       // limits on what calls use, see package budget
	Calendar     Kind = "calendar"     // holidays and launches, see package occasion
	Plan         Kind = "plan"         // what is meant to be spent by month, see package plan
)

// Kinds lists every kind.
func Kinds() []Kind {
	return []Kind{Organisation, Outcomes, Attribution, Register, Budget, Calendar, Plan}
}

// MaxBytes bounds a document.
const MaxBytes = 4 << 20

// Document is a text that declares something.
type Document struct {
	Kind Kind
	Name string // tells documents of one kind apart, "" for the only one
	Text string // as it was written

	organisation organisation.Document
	outcomes     []outcome.Definition
	rules        []attribute.Rule
	register     register.Declared
	budgets      budget.Document
	occasions    []occasion.Occasion
	planned      []plan.Line
}

// ID names the document among all: "organisation", "outcomes/support".
func (d *Document) ID() string {
	if d.Name == "" {
		return string(d.Kind)
	}
	return string(d.Kind) + "/" + d.Name
}

// Read reads one document of any kind. Its first keys are kind and, where there
// are several of a kind, name; the rest is that kind's own. The error is of kind
// invalid and names every mistake.
func Read(text []byte) (Document, error) {
	d := Document{Text: string(text)}
	if len(text) > MaxBytes {
		return d, spend.Errorf(spend.KindInvalid, "read a document", "it is larger than 4 MiB")
	}
	var node yaml.Node
	if err := yaml.Unmarshal(text, &node); err != nil {
		return d, spend.Errorf(spend.KindInvalid, "read a document", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	kind, name := valueOf(&node, "kind"), valueOf(&node, "name")
	d.Kind = Kind(kind.Value)
	if !slices.Contains(Kinds(), d.Kind) {
		return d, spend.Errorf(spend.KindInvalid, "read a document", "line %d: kind %.40q is not known", max(kind.Line, 1), kind.Value).
			WithHint("write kind: organisation, kind: outcomes, kind: attribution, kind: register, kind: budget, kind: calendar or kind: plan on a line of its own")
	}
	var err error
	if d.Kind == Organisation {
		d.organisation, err = organisation.Parse(text)
		return d, err
	}
	if node.Content[0].Style&yaml.FlowStyle != 0 {
		return d, spend.Errorf(spend.KindInvalid, "read a document", "line %d: kind and name stand in braces", kind.Line).
			WithHint("write each on a line of its own, as in docs/organisation.md")
	}
	d.Name = name.Value
	if said := name.Kind != 0; said && (name.Kind != yaml.ScalarNode || d.Name != "" && !document.IsName(d.Name, "")) {
		return d, spend.Errorf(spend.KindInvalid, "read a document", "line %d: the name %.40q is none", name.Line, d.Name).
			WithHint("1 to 60 of a-z, 0-9, - and _")
	}
	return d, d.parse([]byte(without(d.Text, kind.Line, name.Line)))
}

// parse reads what is not of the envelope.
func (d *Document) parse(body []byte) (err error) {
	switch d.Kind {
	case Outcomes:
		definitions, err := outcome.ParseDefinitions(body)
		d.outcomes = definitions.All()
		return err
	case Register:
		d.register, err = register.Parse(body)
		return err
	case Budget:
		d.budgets, err = budget.Parse(body, calendar.Calendar{}) // in force it has the organisation's
		return err
	case Calendar:
		d.occasions, err = occasion.Parse(body)
		return err
	case Plan:
		d.planned, err = plan.Parse(body)
		return err
	}
	rules, err := attribute.Read(strings.NewReader(string(body)))
	d.rules = rules.All()
	return err
}

// valueOf gives the value of a key at the top, an empty node without one.
func valueOf(document *yaml.Node, key string) *yaml.Node {
	if len(document.Content) > 0 && document.Content[0].Kind == yaml.MappingNode {
		top := document.Content[0].Content
		for i := 0; i+1 < len(top); i += 2 {
			if top[i].Value == key {
				return top[i+1]
			}
		}
	}
	return &yaml.Node{}
}

// without empties lines, so that the others keep their numbers.
func without(text string, numbers ...int) string {
	lines := strings.Split(text, "\n")
	for _, n := range numbers {
		if n > 0 {
			lines[n-1] = ""
		}
	}
	return strings.Join(lines, "\n")
}

// byID orders documents by their ids.
func byID(a, b Document) int { return cmp.Compare(a.ID(), b.ID()) }
