package ingest

import (
	"context"
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Preview asks what an order would change in the past.
type Preview struct {
	Order  Order
	Window lake.Window
	By     []spend.Dimension // whose values are told
	Most   int               // moves that may be told
}

// MoveDimensions are those by which a preview tells what moves: neither persons nor
// single runs.
func MoveDimensions() []spend.Dimension {
	return []spend.Dimension{
		"business_unit", "team", "application", "workflow", "agent", "environment", "cost_centre", "feature", "customer",
	}
}

// Validate refuses what cannot be told.
func (v *Preview) Validate() error {
	if len(v.By) == 0 {
		return spend.Errorf(spend.KindInvalid, "preview", "no dimension is named").WithHint("some of %v", MoveDimensions())
	}
	for _, d := range v.By {
		if !slices.Contains(MoveDimensions(), d) {
			return spend.Errorf(spend.KindInvalid, "preview", "a move by %.40q is not told", string(d)).WithHint("some of %v", MoveDimensions())
		}
	}
	if v.Window.From.IsZero() || !v.Window.From.Before(v.Window.To) {
		return spend.Errorf(spend.KindInvalid, "preview", "the window has no two ends in their order").WithHint("give --from, and a later --to")
	}
	return nil
}

// Move is what goes from one value of the dimensions to another.
type Move struct {
	From []string `json:"from"` // in the order of the dimensions, "" is unattributed
	To   []string `json:"to"`
	lake.Sums
}

// Moves says what an order would change in the past. Moved and unchanged are all
// lines of the window.
type Moves struct {
	Moves     []Move    `json:"moves"`     // the largest amount first
	Moved     lake.Sums `json:"moved"`     // the sum of the moves
	Unchanged lake.Sums `json:"unchanged"` // the same in every dimension that was asked for
	Rebooked  lake.Sums `json:"rebooked"`  // by a restatement: what changes in any dimension, or is decided by another rule
}

// Preview says what it would change to attribute a window anew by an order. It
// books nothing, and no line waits for it.
func (p *Pipeline) Preview(ctx context.Context, past Past, v Preview) (Moves, error) {
	if err := v.Validate(); err != nil {
		return Moves{}, err
	}
	if err := p.Settle(ctx); err != nil {
		return Moves{}, err
	}
	t := tally{Preview: &v, moves: map[string]*Move{}}
	s := surveyBy(p.inForce(), v.Order, past)
	err := eachDay(ctx, v.Window, v.Order.Calendar.Location(), func(day lake.Window) error { return t.day(ctx, s, day) })
	t.all.Moves = make([]Move, 0, len(t.moves))
	for _, m := range t.moves {
		t.all.Moves = append(t.all.Moves, *m)
	}
	slices.SortFunc(t.all.Moves, compareMoves)
	return t.all, err
}

func compareMoves(a, b Move) int {
	if c := b.Cost.Abs().Cmp(a.Cost.Abs()); c != 0 {
		return c
	}
	return slices.Compare(append(slices.Clone(a.From), a.To...), append(slices.Clone(b.From), b.To...))
}

// tally gathers moves.
type tally struct {
	*Preview
	moves map[string]*Move
	all   Moves
}

func (t *tally) day(ctx context.Context, s *survey, day lake.Window) error {
	var mixed []string
	err := s.day(ctx, day, func(kin *lake.Kin, d *decision) error {
		if d.mixed {
			mixed = append(mixed, kin.Name)
			return nil
		}
		return t.count(d, &kin.Sums)
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(mixed, namesAtOnce) {
		if err := s.members(ctx, day, part, func(attempts []spend.ID) error { return t.lines(ctx, s, attempts, day) }); err != nil {
			return err
		}
	}
	return nil
}

// lines counts line by line where the time of use decides.
func (t *tally) lines(ctx context.Context, s *survey, attempts []spend.ID, day lake.Window) error {
	lines, err := s.past.Lines(ctx, attempts)
	if err != nil {
		return err
	}
	for i := range lines {
		if !within(day, &lines[i]) {
			continue
		}
		d, err := s.decide(&lines[i], lines[i].UsedAt)
		if err != nil {
			return err
		}
		sums := lake.SumsOf(&lines[i])
		if err := t.count(&d, &sums); err != nil {
			return err
		}
	}
	return nil
}

// count adds what is decided to its move.
func (t *tally) count(d *decision, sums *lake.Sums) error {
	if d.changes() {
		if err := t.all.Rebooked.Add(sums); err != nil {
			return err
		}
	}
	from, to := t.values(&d.line.Scope), t.values(&d.due.Scope)
	if slices.Equal(from, to) {
		return t.all.Unchanged.Add(sums)
	}
	key := fmt.Sprintf("%q %q", from, to)
	m := t.moves[key]
	if m == nil {
		if len(t.moves) >= t.Most {
			return spend.Errorf(spend.KindInvalid, "preview", "it has more than %d moves", t.Most).WithHint("ask by fewer dimensions, or for a shorter window")
		}
		m = &Move{From: from, To: to}
		t.moves[key] = m
	}
	if err := m.Add(sums); err != nil {
		return err
	}
	return t.all.Moved.Add(sums)
}

func (t *tally) values(s *spend.Scope) []string {
	values := make([]string, len(t.By))
	for i, d := range t.By {
		values[i] = *s.Field(string(d))
	}
	return values
}
