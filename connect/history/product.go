package history

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/spend"
)

// Product is a tool whose records of calls can be read.
type Product struct {
	Name  string     // "litellm"; the source of its events too
	Title string     // what people call it, "LiteLLM"
	Table string     // of its PostgreSQL database, whose dumps are read; "" for none
	Rank  spend.Rank // how far its word counts

	columns []column
	read    func(*reading)
}

// column is something that a product's records say, in whatever form.
type column struct {
	names  []string // under which it is told; letters alone count: startTime is start_time
	needed bool     // without it nothing can be read
}

// also is a column that a file may lack.
func also(names ...string) column { return column{names: names} }

// needed is a column that every file has.
func needed(names ...string) column { return column{names: names, needed: true} }

// Products lists what can be read.
func Products() []Product { return []Product{LiteLLM(), Langfuse(), Helicone(), OpenRouter()} }

// Named gives the product of a name.
func Named(name string) (Product, bool) {
	all := Products()
	i := slices.IndexFunc(all, func(p Product) bool { return p.Name == name })
	if i < 0 {
		return Product{}, false
	}
	return all[i], true
}

// Names lists the names of the products.
func Names() (names []string) {
	for _, p := range Products() {
		names = append(names, p.Name)
	}
	return names
}

// place is where the value of a column goes.
type place struct {
	slot int // of the product's columns, −1 for one that is passed over
	rank int // of its name among those of the column: the first that says something counts
}

// places gives the place of every column by its folded names.
func (p *Product) places() map[string]place {
	all := map[string]place{}
	for slot, c := range p.columns {
		for rank, name := range c.names {
			all[fold(name)] = place{slot, rank}
		}
	}
	return all
}

// placesOf gives the places of a header.
func (p *Product) placesOf(header []string) (found []place) {
	all := p.places()
	for _, name := range header {
		at, known := all[fold(name)]
		if !known {
			at.slot = -1
		}
		found = append(found, at)
	}
	return found
}

// lacking lists the needed columns that a header does not have.
func (p *Product) lacking(header []place) (names []string) {
	for slot, c := range p.columns {
		if c.needed && !slices.ContainsFunc(header, func(at place) bool { return at.slot == slot }) {
			names = append(names, c.names[0])
		}
	}
	return names
}

// fold brings the spellings of a column together: startTime, start_time and "Start
// Time" are one.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, name)
}

// record is what a product's record begins with.
func (p *Product) record(o *Options) connect.Record {
	return connect.Record{Event: spend.Event{Source: o.Source, Rank: p.Rank, Status: spend.StatusOK, UsageSource: spend.UsageProvider}}
}
