package ingest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Past looks up what is booked, by how it was attributed.
type Past interface {
	// EachKin calls f for lines that differ in nothing by which they are attributed
	// but their time of use; an error of f ends it.
	EachKin(ctx context.Context, k lake.Kinship, f func(*lake.Kin) error) error
	// Named gives lines by their ids, as far as they were used in a window.
	Named(ctx context.Context, ids []spend.ID, within lake.Window) ([]spend.Charge, error)
	// MembersOf gives attempts with a line of some kin.
	MembersOf(ctx context.Context, m lake.Members) ([]spend.ID, error)
	// Lines gives the current lines of attempts.
	Lines(ctx context.Context, attempts []spend.ID) ([]spend.Charge, error)
}

// Bounds of what a look at the past holds in memory.
const (
	kinAtOnce     = 2048  // with a line of each
	namesAtOnce   = 1024  // of kin whose members are asked for
	membersAtOnce = 65536 // ids
	linesAtOnce   = 8192  // that are decided, and booked in one transaction
)

// redecided is a line as it is due by the rules and the organisation in force:
// decided from what was claimed, as if it came now.
func (p *Pipeline) redecided(c *spend.Charge) (spend.Charge, error) {
	said, err := sightingOf(c)
	if err != nil {
		return *c, spend.Errorf(spend.KindInternal, "attribute anew", "the claims of line %s: %w", c.ID, err)
	}
	due := *c
	due.Scope, due.Claims, due.Rule = said.Scope, "", ""
	p.attribute(&due)
	return due, nil
}

// attributedAlike says that two lines are decided alike.
func attributedAlike(c, d *spend.Charge) bool { return c.Rule == d.Rule && c.Scope.Equal(&d.Scope) }

// survey decides anew for the past. It books nothing.
type survey struct {
	by   *Pipeline // which decides
	past Past
	runs bool // something is decided by runs or steps
}

// surveyBy looks at the past by an order.
func surveyBy(c Config, o Order, past Past) *survey {
	c.Order = o
	s := &survey{by: &Pipeline{Config: c}, past: past}
	for _, field := range []string{"run", "parent_run", "step"} {
		s.runs = s.runs || o.Rules.Names(field)
	}
	return s
}

// inForce is what the pipeline books by now.
func (p *Pipeline) inForce() Config {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Config
}

// decision is what is due for some kin.
type decision struct {
	line  *spend.Charge // one of them, as it is booked, or its reversal
	due   spend.Charge  // the same as it is due
	mixed bool          // the time of use decides: each line has to be looked at
}

// changes says that not all of the kin are booked as they are due.
func (d *decision) changes() bool { return d.mixed || !attributedAlike(d.line, &d.due) }

func (s *survey) kinship(within lake.Window) lake.Kinship {
	return lake.Kinship{Runs: s.runs, Query: &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: within.From, To: within.To, Measures: []spend.Measure{spend.Cost},
	}}
}

// day decides for all kin of a day or less. What holds from a day on is decided by
// the first and the last use of that day.
func (s *survey) day(ctx context.Context, within lake.Window, f func(*lake.Kin, *decision) error) error {
	k := s.kinship(within)
	return s.each(ctx, k, func(kin *lake.Kin, line *spend.Charge) error {
		d, err := s.decide(line, kin.First)
		if err != nil {
			return err
		}
		last, err := s.decide(line, kin.Last)
		if err != nil {
			return err
		}
		d.mixed = !attributedAlike(&d.due, &last.due)
		return f(kin, &d)
	})
}

// decide decides as if a line was used at an instant.
func (s *survey) decide(line *spend.Charge, at time.Time) (decision, error) {
	asked := *line
	asked.UsedAt = at
	due, err := s.by.redecided(&asked)
	return decision{line: line, due: due}, err
}

// each calls f for all kin with a line of each.
func (s *survey) each(ctx context.Context, k lake.Kinship, f func(*lake.Kin, *spend.Charge) error) error {
	within := lake.Window{}
	if k.Query.Axis == spend.ByUse {
		within = lake.Window{From: k.Query.From, To: k.Query.To}
	}
	var some []lake.Kin
	err := s.past.EachKin(ctx, k, func(kin *lake.Kin) error {
		if some = append(some, *kin); len(some) < kinAtOnce {
			return nil
		}
		err := s.sampled(ctx, some, within, f)
		some = some[:0]
		return err
	})
	if err != nil {
		return err
	}
	return s.sampled(ctx, some, within, f)
}

func (s *survey) sampled(ctx context.Context, some []lake.Kin, within lake.Window, f func(*lake.Kin, *spend.Charge) error) error {
	if len(some) == 0 {
		return nil
	}
	ids := make([]spend.ID, len(some))
	for i := range some {
		ids[i] = some[i].Sample
	}
	lines, err := s.past.Named(ctx, ids, within)
	if err != nil {
		return err
	}
	named := make(map[spend.ID]*spend.Charge, len(lines))
	for i := range lines {
		named[lines[i].ID] = &lines[i]
	}
	for i := range some {
		line := named[some[i].Sample]
		if line == nil { // removed for its age since
			continue
		}
		if err := f(&some[i], line); err != nil {
			return err
		}
	}
	return nil
}

// members calls f with the attempts of some kin, a number of them at a time.
func (s *survey) members(ctx context.Context, within lake.Window, names []string, f func([]spend.ID) error) error {
	m := lake.Members{Kinship: s.kinship(within), Names: names, Limit: membersAtOnce}
	for {
		attempts, err := s.past.MembersOf(ctx, m)
		if err != nil || len(attempts) == 0 {
			return err
		}
		for len(attempts) > 0 {
			n := min(len(attempts), linesAtOnce)
			if err := f(attempts[:n]); err != nil {
				return err
			}
			m.After, attempts = attempts[n-1], attempts[n:]
		}
	}
}

// within says that a line is one of those that are attributed anew.
func within(w lake.Window, c *spend.Charge) bool {
	return c.Book == spend.Metered && !c.UsedAt.Before(w.From) && c.UsedAt.Before(w.To)
}

// eachDay calls f for the days of a window in a zone; the first and the last may be
// parts of days. It ends between two of them when the context does.
func eachDay(ctx context.Context, w lake.Window, zone *time.Location, f func(lake.Window) error) error {
	for from := w.From; from.Before(w.To); {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		year, month, day := from.In(zone).Date()
		to := calendar.DayStart(year, month, day+1, zone)
		if !to.Before(w.To) {
			to = w.To
		}
		if err := f(lake.Window{From: from, To: to}); err != nil {
			return err
		}
		from = to
	}
	return nil
}
