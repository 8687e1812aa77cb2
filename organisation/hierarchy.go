package organisation

import (
	"math"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Hierarchy is the organisation made ready to look up; nil is the empty one. It
// is immutable.
type Hierarchy struct {
	places map[UnitKind]map[string][]place
}

// place is where a unit stood over some days, counted from 1970-01-01.
type place struct {
	from, to   int // to is not included
	parent     string
	costCentre string
}

// New makes a hierarchy of valid units.
func New(units []Unit) *Hierarchy {
	h := &Hierarchy{places: map[UnitKind]map[string][]place{}}
	for _, u := range units {
		if h.places[u.Kind] == nil {
			h.places[u.Kind] = map[string][]place{}
		}
		p := place{from: dayNumber(u.From, math.MinInt), to: dayNumber(u.To, math.MaxInt), parent: u.Parent, costCentre: u.CostCentre}
		h.places[u.Kind][u.Name] = append(h.places[u.Kind][u.Name], p)
	}
	return h
}

func dayNumber(day string, open int) int {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || day == Beginning {
		return open
	}
	return int(at.Unix() / (24 * 60 * 60))
}

// on gives the one place of a unit on a day, false when it has none or several.
func (h *Hierarchy) on(kind UnitKind, name string, day int) (found place, ok bool) {
	for _, p := range h.places[kind][name] {
		if p.from <= day && day < p.to {
			if ok {
				return place{}, false
			}
			found, ok = p, true
		}
	}
	return found, ok
}

// Complete fills what a scope leaves open above its workflow, application or
// person, as the organisation stood on a day (counted from 1970-01-01), and says
// whether it filled anything. It changes nothing that the scope says, and adds
// nothing from under a team that the scope is not of.
func (h *Hierarchy) Complete(s *spend.Scope, day int) bool {
	if h == nil {
		return false
	}
	before := [4]string{s.Application, s.Team, s.BusinessUnit, s.CostCentre}
	h.completeApplication(s, day)
	h.completeTeam(s, day)
	if team, ok := h.on(Team, s.Team, day); ok && (s.BusinessUnit == "" || s.BusinessUnit == team.parent) {
		s.BusinessUnit = team.parent
		if s.CostCentre == "" {
			s.CostCentre = team.costCentre
		}
	}
	return before != [4]string{s.Application, s.Team, s.BusinessUnit, s.CostCentre}
}

// CompleteAt is Complete on the local day of an instant.
func (h *Hierarchy) CompleteAt(s *spend.Scope, at time.Time, zone *time.Location) bool {
	year, month, day := at.In(zone).Date()
	return h.Complete(s, int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400))
}

func (h *Hierarchy) completeApplication(s *spend.Scope, day int) {
	if s.Application != "" || s.Workflow == "" {
		return
	}
	workflow, ok := h.on(Workflow, s.Workflow, day)
	if !ok {
		return
	}
	owner, owned := h.on(Application, workflow.parent, day)
	if s.Team == "" || owned && owner.parent == s.Team {
		s.Application = workflow.parent
	}
}

func (h *Hierarchy) completeTeam(s *spend.Scope, day int) {
	if s.Team != "" {
		return
	}
	below, ok := h.on(Application, s.Application, day)
	if s.Application == "" {
		below, ok = h.on(PersonUnit, s.Principal, day)
	}
	if !ok {
		return
	}
	above, known := h.on(Team, below.parent, day)
	if s.BusinessUnit == "" || known && above.parent == s.BusinessUnit {
		s.Team = below.parent
	}
}
