package spend

import (
	"maps"
	"slices"
)

// Scope says who and what an event belongs to. An empty field is unattributed,
// never NULL. Application and above come from the credential or a rule; a
// client may name what stands below.
type Scope struct {
	BusinessUnit string `json:"business_unit,omitempty"`
	Team         string `json:"team,omitempty"`
	Application  string `json:"application,omitempty"`
	Workflow     string `json:"workflow,omitempty"`
	Agent        string `json:"agent,omitempty"`
	Run          string `json:"run,omitempty"`
	ParentRun    string `json:"parent_run,omitempty"`
	Step         string `json:"step,omitempty"`
	Trigger      string `json:"trigger,omitempty"` // human, schedule, event or agent
	Principal    string `json:"principal,omitempty"`
	Credential   string `json:"credential,omitempty"`
	Environment  string `json:"environment,omitempty"`
	CostCentre   string `json:"cost_centre,omitempty"`
	Feature      string `json:"feature,omitempty"`
	Customer     string `json:"customer,omitempty"`

	Tags map[string]string `json:"tags,omitempty"`
}

// Field gives the address of a scope field by its name, or nil for an unknown
// name. Tags have no field.
func (s *Scope) Field(name string) *string {
	i := slices.Index(ScopeFields(), name)
	if i < 0 {
		return nil
	}
	return s.Fields()[i]
}

// ScopeFields lists the names of the scope fields from the widest to the narrowest.
func ScopeFields() []string {
	return []string{
		"business_unit", "team", "application", "workflow", "agent", "run", "parent_run", "step",
		"trigger", "principal", "credential", "environment", "cost_centre", "feature", "customer",
	}
}

// Fields gives the addresses of the scope fields, named by ScopeFields in order.
func (s *Scope) Fields() [15]*string {
	return [15]*string{
		&s.BusinessUnit, &s.Team, &s.Application, &s.Workflow, &s.Agent, &s.Run, &s.ParentRun, &s.Step,
		&s.Trigger, &s.Principal, &s.Credential, &s.Environment, &s.CostCentre, &s.Feature, &s.Customer,
	}
}

// Equal compares every field and tag.
func (s *Scope) Equal(t *Scope) bool {
	mine, theirs := s.Fields(), t.Fields()
	for i := range mine {
		if *mine[i] != *theirs[i] {
			return false
		}
	}
	return maps.Equal(s.Tags, t.Tags)
}

// fill takes from t every field and tag that s leaves empty.
func (s *Scope) fill(t *Scope) {
	mine, theirs := s.Fields(), t.Fields()
	for i := range mine {
		if *mine[i] == "" {
			*mine[i] = *theirs[i]
		}
	}
	if len(t.Tags) == 0 {
		return
	}
	tags := maps.Clone(t.Tags)
	maps.Copy(tags, s.Tags)
	s.Tags = tags
}
