package ingest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// maxRestated bounds the kin that a view restates, about 30 MB with their names.
const maxRestated = 200_000

// Restate finds whose the lines of a question are as its organisation stands at
// the instant that the question names: decided from their claims, by rules and
// hierarchy of an order. Nothing of it is booked.
func Restate(ctx context.Context, past Past, o Order, q *spend.Query) (lake.Restating, error) {
	s := surveyBy(Config{}, o, past)
	found := finding{survey: s, at: q.Restated, seen: map[string]bool{}, scopes: map[[6]string]*lake.Restated{}}
	windows := []spend.Query{*q}
	if q.Previous {
		windows = append(windows, lake.Before(*q))
	}
	for i := range windows {
		if err := s.each(ctx, lake.Kinship{Query: &windows[i], Runs: s.runs, Gone: true}, found.look); err != nil {
			return lake.Restating{}, err
		}
	}
	restating := lake.Restating{Runs: s.runs}
	for _, r := range found.scopes {
		restating.Kin = append(restating.Kin, *r)
	}
	return restating, nil
}

// finding gathers kin whose scope is another one by now.
type finding struct {
	*survey
	at     time.Time
	seen   map[string]bool
	scopes map[[6]string]*lake.Restated // by what they become
}

func (f *finding) look(kin *lake.Kin, line *spend.Charge) error {
	d, err := f.decide(line, f.at)
	if err != nil || f.seen[kin.Name] || unitsOf(&d.due.Scope) == unitsOf(&line.Scope) {
		return err
	}
	if len(f.seen) >= maxRestated {
		return spend.Errorf(spend.KindInvalid, "restate", "more than %d kinds of line would change", maxRestated).WithHint("ask for a shorter window")
	}
	f.seen[kin.Name] = true
	units := unitsOf(&d.due.Scope)
	if f.scopes[units] == nil {
		f.scopes[units] = &lake.Restated{Scope: d.due.Scope}
	}
	f.scopes[units].Kin = append(f.scopes[units].Kin, kin.Name)
	return nil
}

// unitsOf is what an organisation and its register say of a scope.
func unitsOf(s *spend.Scope) [6]string {
	return [6]string{s.BusinessUnit, s.Team, s.Application, s.Workflow, s.Agent, s.CostCentre}
}
