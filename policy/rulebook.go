package policy

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

// File is a text with the base name of its file.
type File struct{ Name, Text string }

// Rulebook is what files say of attribution: rules, and the organisation when it
// is among them.
type Rulebook struct {
	*Set
	Rules *attribute.Rules // in the order in which they are tried, with their dates in the organisation's zone
	zone  *time.Location
	files map[string]string // of the rules, by id
}

// ReadRulebook reads files of rules without a kind, as the server's configuration
// names one, and documents with one. As in a server, the rules of the former come
// first.
func ReadRulebook(files []File) (b Rulebook, err error) {
	b.files = map[string]string{}
	var rules []attribute.Rule
	var documents []Document
	for _, f := range files {
		if SaysKind(f.Text) {
			d, err := Read([]byte(f.Text))
			if err != nil {
				return b, in(f.Name, err)
			}
			documents = append(documents, d)
			b.from(f.Name, d.rules)
			continue
		}
		free, err := attribute.Read(strings.NewReader(f.Text))
		if err != nil {
			return b, in(f.Name, err)
		}
		rules = append(rules, free.All()...)
		b.from(f.Name, free.All())
	}
	if b.Set, err = Compile(documents); err != nil {
		return b, err
	}
	if b.zone, err = time.LoadLocation(b.Organisation.Zone); err != nil {
		return b, spend.Errorf(spend.KindUnavailable, "read the organisation's zone", "%w", err)
	}
	all, err := attribute.New(append(rules, b.Set.Rules.All()...))
	b.Rules = all.In(b.zone)
	return b, err
}

// SaysKind says that a text is a document that says its kind.
func SaysKind(text string) bool {
	return slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line, "kind:") })
}

// in names the file of an error.
func in(name string, err error) error {
	return spend.Errorf(spend.KindOf(err), "read "+name, "%w", err).WithHint("%s", spend.HintOf(err))
}

func (b *Rulebook) from(name string, rules []attribute.Rule) {
	for i := range rules {
		b.files[rules[i].ID] = name
	}
}

// Complete is what the organisation adds to a scope, nil when none is declared.
func (b *Rulebook) Complete() attribute.Organisation {
	if len(b.Organisation.Units) == 0 {
		return nil
	}
	h := b.Organisation.Hierarchy()
	return func(s *spend.Scope, at time.Time) string {
		if h.CompleteAt(s, at, b.zone) {
			return attribute.ByOrganisation
		}
		return ""
	}
}

// Located is a finding with its file.
type Located struct {
	File string `json:"file"`
	attribute.Finding
}

// Lint looks for rules that do not do what they say, by file and line.
func (b *Rulebook) Lint() []Located {
	found := []Located{}
	for _, f := range b.Rules.Lint(b.known()) {
		found = append(found, Located{b.files[f.Rule], f})
	}
	slices.SortStableFunc(found, func(x, y Located) int { return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line)) })
	return found
}

// known looks a name up among the units of all times, nil when none is declared.
func (b *Rulebook) known() attribute.Known {
	if len(b.Organisation.Units) == 0 {
		return nil
	}
	names := map[[2]string]bool{}
	for _, u := range b.Organisation.Units {
		names[[2]string{string(u.Kind), u.Name}] = true
	}
	return func(field, name string) bool { return names[[2]string{field, name}] }
}
