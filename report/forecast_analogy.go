package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/forecast"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/spend"
)

const (
	leastKin  = 3 // groups of one kind, before one that is too young is taken to be like them
	knownFrom = 7 // days of the ledger before a group's first, so that this is its beginning
)

// plan makes a series of what a launch will begin and nothing is booked of, beside what it
// is like.
func (p *pastOf) plan() {
	depth := len(p.f.Past.By) - 1
	for i := range p.f.Calendar {
		o := &p.f.Calendar[i]
		if depth < 0 || o.Like == "" || o.Where[p.f.Past.By[depth]] == "" || p.startOf(o) >= p.f.Days {
			continue
		}
		like := p.leaf(depth, o.Like)
		if like < 0 || p.days-p.branches[like].first < p.least || p.leaf(depth, o.Where[p.f.Past.By[depth]]) >= 0 {
			continue
		}
		keys := slices.Clone(p.branches[like].keys)
		keys[depth] = o.Where[p.f.Past.By[depth]]
		at := p.branch(keys, false)
		p.branches[at].planned = true
	}
}

// startOf is the day ahead on which a launch begins, 0 for one that should have begun.
func (p *pastOf) startOf(o *occasion.Occasion) int {
	return max(0, dateNumber(o.Days[0])-p.start-p.days)
}

// leaf finds a smallest group by its last key, -1 for none.
func (p *pastOf) leaf(depth int, value string) int {
	return slices.IndexFunc(p.branches, func(b branch) bool { return !b.other && len(b.keys) == depth+1 && b.keys[depth] == value })
}

// likeness says what a group that is too young is like: as a launch declares, else the
// others of its whole whose beginnings are known; nil for neither.
func (p *pastOf) likeness(b *branch) *forecast.Likeness {
	if b.other || len(b.parts) > 0 || p.days-b.first >= p.least || p.certain(b) {
		return nil
	}
	depth := len(p.f.Past.By) - 1
	for i := range p.f.Calendar {
		o := &p.f.Calendar[i]
		if depth < 0 || o.Like == "" || o.Where[p.f.Past.By[depth]] != b.keys[depth] {
			continue
		}
		at := p.leaf(depth, o.Like)
		if at >= 0 && (p.aged(at, b) || p.days-p.branches[at].first >= p.least) {
			like := forecast.Likeness{Nodes: []int{at}, Aged: p.aged(at, b), Scale: 1, Because: "declared like " + o.Like}
			if o.Effect.Valid {
				like.Scale = o.Effect.Amount.Approx()
			}
			if b.planned {
				like.Starts = p.startOf(o)
			}
			return &like
		}
	}
	return p.kin(b)
}

// kin are the groups of the same whole whose beginnings are known.
func (p *pastOf) kin(b *branch) *forecast.Likeness {
	var nodes []int
	for _, at := range p.branches[b.parent].parts {
		if !p.branches[at].other && p.aged(at, b) {
			nodes = append(nodes, at)
		}
	}
	if len(nodes) < leastKin || b.planned {
		return nil
	}
	return &forecast.Likeness{Nodes: nodes, Aged: true, Because: fmt.Sprintf("like %d others at its age", len(nodes))}
}

// aged says whether a group's beginning is known, and what it did at the ages that another
// will have.
func (p *pastOf) aged(at int, b *branch) bool {
	m := &p.branches[at]
	return m.first >= p.branches[0].first+knownFrom && p.days-m.first >= p.days-b.first+p.f.Days
}

// evidence refuses a question about what is too young and like nothing, with an error of
// kind notfound, unless something is booked ahead: that is told alone.
func (p *pastOf) evidence() error {
	days := p.days - p.branches[0].first
	why, next := "", ""
	switch {
	case p.silent:
		why, next = "the ledger knows nothing of the days before today", "import usage first (bursar import --help), or send calls through the gateway"
	case days == 0:
		why, next = "nothing that the question is about was booked before today", "widen the conditions, or ask bursar spend what is there"
	case days < p.least:
		why = fmt.Sprintf("%d days of history are fewer than %d, and nothing is like it", days, p.least)
		next = "ask again when there are more; forecast.least_days says how many"
	default:
		return nil
	}
	why = "not enough evidence yet: " + why
	if p.anyAhead() {
		p.alone = why + "; only what is booked ahead is told"
		return nil
	}
	return spend.Errorf(spend.KindNotFound, "forecast", "%s", why).WithHint("%s", next)
}

// analogies counts what is forecast by analogy, by what it is like.
func (o *Outlook) analogies() (lines []string) {
	var names []string
	counts := map[string]int{}
	for i := range o.Rows {
		if r := &o.Rows[i]; r.Likened {
			if counts[r.Analogy]++; counts[r.Analogy] == 1 {
				names = append(names, r.Analogy)
			}
		}
	}
	for _, name := range names {
		lines = append(lines, fmt.Sprintf("by analogy (%d): %s", counts[name], strings.TrimPrefix(name, "declared ")))
	}
	return lines
}
