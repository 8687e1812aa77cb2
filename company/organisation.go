package company

import (
	"fmt"
	"strings"
)

// Organisation is the company as a tree.
type Organisation struct {
	Name  string
	Units []Unit
}

// Unit is a business unit.
type Unit struct {
	Name  string // as it stands in scopes, "claims"
	Title string // for people
	Teams []Team
}

// Team owns applications and answers for a cost centre.
type Team struct {
	Name         string
	Title        string
	Owner        string // the person who answers for it, invented
	CostCentre   string
	Applications []Application
}

// Application is a deployable with a credential of its own.
type Application struct {
	Name      string
	Data      string // class of the data it handles: personal, internal or public
	Serves    bool   // named customers use it
	Workflows []Workflow
}

// Credential names the application's key.
func (a *Application) Credential() string { return "key-" + a.Name }

// Workflow is a repeatable job with one outcome definition.
type Workflow struct {
	Name    string
	Title   string
	Agents  []string // the first leads, the others are its sub-agents or peers
	Feature string   // the plan that proposed it, "" for none

	volume int64 // its weight in an average week at a trend of 100
	shape  *shape
	rhythm *rhythm
	plan   plan
	trend  *trend // nil is steady
	yields *yield // nil has no outcome definition
}

// Profile names the shape of its runs, "coding agent".
func (w *Workflow) Profile() string { return w.shape.name }

// Trigger is what starts its runs: human, schedule, event or agent.
func (w *Workflow) Trigger() string { return w.rhythm.trigger }

// Outcome is the kind of its outcomes, "" when it has no definition.
func (w *Workflow) Outcome() string {
	if w.yields == nil {
		return ""
	}
	return w.yields.kind
}

func tarnbrook() Organisation {
	return Organisation{Name: "Tarnbrook Mutual", Units: []Unit{
		claims(), underwriting(), service(), technology(), finance(), distribution(), people(),
	}}
}

// names splits a list of names written in one line.
func names(list string) []string { return strings.Fields(list) }

// numbered makes so many labels with two digits.
func numbered(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s%02d", prefix, i+1)
	}
	return all
}
