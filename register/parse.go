package register

import (
	"bytes"
	"errors"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

// written is the shape of a file.
type written struct {
	Applications []item `yaml:"applications,omitempty"`
	Workflows    []item `yaml:"workflows,omitempty"`
	Agents       []item `yaml:"agents,omitempty"`
}

type item struct {
	Name    string  `yaml:"name"`
	Team    string  `yaml:"team,omitempty"`
	Contact string  `yaml:"contact,omitempty"`
	Purpose string  `yaml:"purpose,omitempty"`
	Retired bool    `yaml:"retired,omitempty"`
	Names   []alias `yaml:"names,omitempty"`
}

type alias struct {
	Name string `yaml:"name"`
	From string `yaml:"from,omitempty"`
	To   string `yaml:"to,omitempty"`
}

func (w *written) of(kind Kind) *[]item {
	switch kind {
	case Application:
		return &w.Applications
	case Workflow:
		return &w.Workflows
	}
	return &w.Agents
}

// Parse reads a document of the register (YAML, unknown keys refused). All
// mistakes come at once, in an error of kind invalid.
func Parse(text []byte) (Declared, error) {
	var file written
	if err := document.Decode(text, &file); err != nil {
		return Declared{}, refused([]string{err.Error()})
	}
	var d Declared
	for _, kind := range Kinds() {
		for _, i := range *file.of(kind) {
			d.Entries = append(d.Entries, Entry{Kind: kind, Name: i.Name, Team: i.Team, Contact: i.Contact, Purpose: i.Purpose, Retired: i.Retired})
			for _, n := range i.Names {
				d.Aliases = append(d.Aliases, Alias{Kind: kind, Name: n.Name, Of: i.Name, From: or(n.From, Beginning), To: n.To})
			}
		}
	}
	return d.ordered(), d.Validate()
}

// YAML writes a register as a document that Parse reads: a name of which nothing
// is said but others that mean it stands there with those alone.
func (d *Declared) YAML() (string, error) {
	sorted := d.ordered()
	if len(sorted.Entries)+len(sorted.Aliases) == 0 {
		return "", nil
	}
	var file written
	at := map[key]int{}
	put := func(e Entry) *item {
		into := file.of(e.Kind)
		i, there := at[key{e.Kind, e.Name}]
		if !there {
			i = len(*into)
			at[key{e.Kind, e.Name}] = i
			*into = append(*into, item{Name: e.Name, Team: e.Team, Contact: e.Contact, Purpose: e.Purpose, Retired: e.Retired})
		}
		return &(*into)[i]
	}
	for _, e := range sorted.Entries {
		put(e)
	}
	for _, a := range sorted.Aliases {
		i := put(Entry{Kind: a.Kind, Name: a.Of})
		n := alias{Name: a.Name, From: a.From, To: a.To}
		if n.From == Beginning {
			n.From = ""
		}
		i.Names = append(i.Names, n)
	}
	text := &bytes.Buffer{}
	out := yaml.NewEncoder(text)
	out.SetIndent(2)
	if err := errors.Join(out.Encode(file), out.Close()); err != nil {
		return "", spend.Errorf(spend.KindInternal, "write the register", "%w", err)
	}
	return text.String(), nil
}
