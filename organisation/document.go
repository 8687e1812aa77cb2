package organisation

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Document is everything that is declared of an organisation.
type Document struct {
	Name     string
	Zone     string         // IANA name
	Currency money.Currency // of its reports
	Fiscal   spend.Fiscal
	Units    []Unit // ordered, each place with the days that it holds without a break
}

// Default is the document of an organisation that declared nothing: UTC, the
// calendar year, the US dollar and no units.
func Default() Document { return Document{Zone: "UTC", Currency: "USD"} }

// Hierarchy makes the units ready to look up.
func (d *Document) Hierarchy() *Hierarchy { return New(d.Units) }

// ordered sorts units and joins the spans of one place that touch each other.
func ordered(units []Unit) []Unit {
	kinds := []UnitKind{BusinessUnit, Team, Application, Workflow, PersonUnit}
	slices.SortStableFunc(units, func(a, b Unit) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.From, b.From), cmp.Compare(a.Parent, b.Parent))
	})
	var joined []Unit
	for _, u := range units {
		i := slices.IndexFunc(joined, func(j Unit) bool {
			return keyOf(&j) == keyOf(&u) && j.CostCentre == u.CostCentre && j.To == u.From
		})
		if i < 0 {
			joined = append(joined, u)
			continue
		}
		joined[i].To = u.To
	}
	return joined
}
