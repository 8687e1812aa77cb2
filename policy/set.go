package policy

import (
	"slices"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/plan"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// Set is what documents declare together. It is immutable.
type Set struct {
	Documents    []Document // ordered by id
	Declared     bool       // an organisation is among them
	Organisation organisation.Document
	Outcomes     *outcome.Definitions
	Rules        *attribute.Rules
	Register     register.Declared // what the documents say of it; Over puts that over the rest
	Occasions    []occasion.Occasion
	Planned      []plan.Line
	Incomplete   bool // documents that are applied are missing, since they could not be read
}

// Compile makes a set of documents, which have different ids, and refuses what
// they contradict each other in. Attribution rules are tried in the order of their
// documents' names.
func Compile(documents []Document) (*Set, error) {
	s := &Set{Documents: slices.SortedFunc(slices.Values(documents), byID), Organisation: organisation.Default()}
	var definitions []outcome.Definition
	var rules []attribute.Rule
	for i := range s.Documents {
		d := &s.Documents[i]
		if i > 0 && s.Documents[i-1].ID() == d.ID() {
			return nil, spend.Errorf(spend.KindInvalid, "compile the documents", "there are two of %s", d.ID()).
				WithHint("give each a name:, or write them as one")
		}
		if d.Kind == Organisation {
			s.Organisation, s.Declared = d.organisation, true
		}
		s.Register.Entries = append(s.Register.Entries, d.register.Entries...)
		s.Register.Aliases = append(s.Register.Aliases, d.register.Aliases...)
		definitions = append(definitions, d.outcomes...)
		s.Occasions = append(s.Occasions, d.occasions...)
		s.Planned = append(s.Planned, d.planned...)
		rules = append(rules, d.rules...)
	}
	var err error
	if s.Outcomes, err = outcome.NewDefinitions(definitions); err != nil {
		return nil, err
	}
	if s.Rules, err = attribute.New(rules); err != nil {
		return nil, err
	}
	if err = occasion.Unique(s.Occasions); err != nil {
		return nil, err
	}
	if err = plan.Unique(s.Planned); err != nil {
		return nil, err
	}
	return s, s.Register.Validate()
}

// Over puts what the documents say of the register over what is known of it
// otherwise. The error is of kind invalid when the two contradict each other.
func (s *Set) Over(known register.Declared) error {
	s.Register = known.Over(s.Register)
	return s.Register.Validate()
}

// Digest stands for the texts of a set and its register: another set has another.
func (s *Set) Digest() string {
	register, _ := s.Register.YAML() // what was read can be written
	parts := []string{register}
	for i := range s.Documents {
		parts = append(parts, s.Documents[i].ID(), s.Documents[i].Text)
	}
	return spend.Digest(parts...).String()
}

// With gives the documents of a set with others over them.
func (s *Set) With(documents []Document) []Document {
	all := slices.Clone(documents)
	for i := range s.Documents {
		same := func(d Document) bool { return d.ID() == s.Documents[i].ID() }
		if !slices.ContainsFunc(documents, same) {
			all = append(all, s.Documents[i])
		}
	}
	return all
}
