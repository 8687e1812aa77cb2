package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"

	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Registered lists applications, workflows and agents that traffic or people told,
// with what they cost in a window, the largest amount first.
func (a *App) Registered(ctx context.Context, q api.RegisterQuestion) (api.Registered, error) {
	found := api.Registered{From: known(q.From), To: known(q.To), Currency: a.Currency()}
	if _, err := a.learnNames(ctx); err != nil {
		return found, err
	}
	l, err := a.listing(ctx, &q)
	if err != nil {
		return found, err
	}
	for _, kind := range register.Kinds() {
		if q.Kind != "" && q.Kind != kind {
			continue
		}
		if err := a.spent(ctx, l, kind); err != nil {
			return found, err
		}
	}
	found.Items = l.largest()
	found.More = len(found.Items) - min(len(found.Items), q.Most)
	found.Items = found.Items[:len(found.Items)-found.More]
	return found, nil
}

// listing gathers entries under the names that they have today.
type listing struct {
	*api.RegisterQuestion
	order *order
	today int
	all   map[state.Seen]*api.RegisteredEntry // by kind and name
}

// listing begins with what people and traffic told.
func (a *App) listing(ctx context.Context, q *api.RegisterQuestion) (*listing, error) {
	l := &listing{RegisterQuestion: q, order: a.order.Load(), all: map[state.Seen]*api.RegisteredEntry{}}
	l.today = int(exchange.DayOf(a.Now(), a.Calendar().Location()))
	err := a.State.Read(ctx, func(tx *state.Tx) error {
		d, err := tx.Register(ctx)
		if err != nil {
			return err
		}
		for i := range d.Entries {
			l.entry(d.Entries[i].Kind, d.Entries[i].Name)
		}
		for i := range d.Aliases {
			l.entry(d.Aliases[i].Kind, d.Aliases[i].Name)
			l.entry(d.Aliases[i].Kind, d.Aliases[i].Of)
		}
		seen, err := tx.Seen(ctx)
		for i := range seen {
			l.entry(seen[i].Kind, seen[i].Name).see(&seen[i])
		}
		return err
	})
	return l, err
}

// row is an entry that is added to.
type row struct{ *api.RegisteredEntry }

// entry finds what a name means today, and begins it when it is new.
func (l *listing) entry(kind register.Kind, name string) row {
	means := l.order.Register.Resolve(kind, name, l.today)
	id := state.Seen{Kind: kind, Name: means}
	e := l.all[id]
	if e == nil {
		e = l.order.entry(kind, means, l.today)
		l.all[id] = e
	}
	if name != means && !slices.Contains(e.Names, name) {
		e.Names = append(e.Names, name)
	}
	return row{e}
}

// entry is what register and organisation say of a name on a day.
func (o *order) entry(kind register.Kind, name string, day int) *api.RegisteredEntry {
	said := o.Register.Entry(kind, name)
	e := &api.RegisteredEntry{Kind: kind, Name: name, Status: said.Status(), Team: said.Team, Purpose: said.Purpose, Names: []string{}}
	if e.Team != "" {
		e.TeamBy = attribute.ByRegister
		return e
	}
	scope := spend.Scope{}
	*scope.Field(string(kind)) = name
	o.Hierarchy.Complete(&scope, day)
	if scope.Team == "" {
		return e
	}
	e.Team, e.TeamBy = scope.Team, attribute.ByOrganisation
	if e.Status == register.Discovered {
		e.Status = register.Claimed
	}
	return e
}

func (r row) see(s *state.Seen) {
	if r.FirstSeen.IsZero() || s.First.Before(r.FirstSeen) {
		r.FirstSeen = s.First
	}
	if s.Last.After(r.LastSeen) {
		r.LastSeen = s.Last
	}
}

// spent adds what lines cost, by the names under which they are booked.
func (a *App) spent(ctx context.Context, l *listing, kind register.Kind) error {
	t, err := a.Answer(ctx, l.question(a, kind))
	if err != nil {
		return err
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Other || !inRegister(r.Keys[0]) {
			continue
		}
		if err := l.entry(kind, r.Keys[0]).add(r); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) question(a *App, kind register.Kind) *spend.Query {
	q := &spend.Query{
		Book: spend.Metered, Axis: spend.ByUse, From: l.From, To: l.To, By: []spend.Dimension{spend.Dimension(kind)},
		Measures: []spend.Measure{spend.Cost, spend.Calls, spend.Exposed}, Zone: a.View().Location(), Fiscal: a.View().Fiscal,
	}
	fields := l.Scope.Fields()
	for i, name := range spend.ScopeFields() {
		if *fields[i] != "" {
			q.Where = append(q.Where, spend.Filter{By: spend.Dimension(name), Values: []string{*fields[i]}})
		}
	}
	return q
}

func (r row) add(line *spend.Row) (err error) {
	calls, _ := line.Values[1].Amount.Int()
	r.Calls += calls
	if cost := line.Values[0]; cost.Valid {
		sum, err := r.Cost.Amount.Add(cost.Amount)
		if err != nil {
			return err
		}
		r.Cost = money.Known(sum)
	}
	r.Exposure, err = r.Exposure.Add(line.Values[2].Amount)
	return err
}

// largest lists what was asked for.
func (l *listing) largest() []api.RegisteredEntry {
	var all []api.RegisteredEntry
	for _, e := range l.all {
		if e.Calls == 0 && e.Exposure.IsZero() {
			e.Cost.Valid = true // nothing cost nothing
		}
		if l.asked(e) {
			slices.Sort(e.Names)
			all = append(all, *e)
		}
	}
	slices.SortFunc(all, func(a, b api.RegisteredEntry) int {
		return cmp.Or(b.Cost.Amount.Cmp(a.Cost.Amount), b.Exposure.Cmp(a.Exposure), cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// asked says that an entry is one of those that were asked for. Who may see one
// scope sees what has lines in it, or is its team's.
func (l *listing) asked(e *api.RegisteredEntry) bool {
	switch {
	case l.Kind != "" && e.Kind != l.Kind, l.Unowned && (e.Team != "" || e.Status == register.Retired):
		return false
	case l.Name != "" && e.Name != l.order.Register.Resolve(l.Kind, l.Name, l.today):
		return false
	case l.Scope.Equal(&spend.Scope{}):
		return true
	}
	return e.Calls != 0 || !e.Cost.Amount.IsZero() || l.Scope.Team != "" && e.Team == l.Scope.Team
}

// RegisteredOne gives the entry of a name with its history. The error is of kind
// notfound when nobody knows the name, or may not be told of it.
func (a *App) RegisteredOne(ctx context.Context, q api.RegisterQuestion) (api.RegisteredOne, error) {
	one := api.RegisteredOne{Currency: a.Currency(), History: []api.RegisteredSomeday{}}
	found, err := a.Registered(ctx, q)
	if err != nil {
		return one, err
	}
	if len(found.Items) == 0 {
		return one, spend.Errorf(spend.KindNotFound, "show an entry", "there is no %s of this name", q.Kind).
			WithHint("bursar register list --kind %s has the names", q.Kind)
	}
	one.RegisteredEntry = found.Items[0]
	one.Contact = a.order.Load().Register.Entry(one.Kind, one.Name).Contact
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		history, err := tx.RegisterHistory(ctx, one.Kind, one.Name)
		for i := range history {
			one.History = append(one.History, someday(&history[i]))
		}
		return err
	})
	return one, err
}

func someday(c *state.RegisterChange) api.RegisteredSomeday {
	day := api.RegisteredSomeday{At: c.At, By: c.By}
	switch {
	case c.Entry != nil:
		day.What = string(c.Entry.Kind) + " " + c.Entry.Name + ": " + c.Entry.String()
	case c.Alias.Of == "":
		day.What = string(c.Alias.Kind) + " " + c.Alias.Name + " means nothing else"
	default:
		day.What = c.Alias.String()
	}
	return day
}

// Touched completes the kind of a change, and gives the scope of every team that it
// is about, an empty one of what is nobody's. What is nobody's may be claimed by
// whoever may claim for the team and for all in which it is used.
func (a *App) Touched(ctx context.Context, c register.Change) (register.Change, []spend.Scope, error) {
	names, err := a.namesOf(ctx)
	if err != nil {
		return c, nil, err
	}
	if c.Kind == "" && len(c.Names) > 0 {
		if c.Kind, err = names.kindOf(c.Names[0]); err != nil {
			return c, nil, err
		}
	}
	if err := c.Validate(); err != nil {
		return c, nil, err
	}
	o, today := a.order.Load(), int(exchange.DayOf(a.Now(), a.Calendar().Location()))
	var scopes []spend.Scope
	if c.Act == register.Claim {
		scopes = append(scopes, o.of(c.Kind, c.Names[0], c.Team, today))
	}
	about := slices.Clone(c.Names)
	if c.To != "" && names.knows(c.Kind, c.To) {
		about = append(about, c.To)
	}
	for _, name := range about {
		team := o.entry(c.Kind, name, today).Team
		if team == "" && c.Act == register.Claim {
			used, err := a.usedIn(ctx, &c, names.called(c.Kind, name), today)
			if err != nil {
				return c, nil, err
			}
			scopes = append(scopes, used...)
			continue
		}
		scopes = append(scopes, o.of(c.Kind, name, team, today))
	}
	return c, scopes, nil
}

// of is the scope of a name that is a team's, the whole organisation of none.
func (o *order) of(kind register.Kind, name, team string, day int) spend.Scope {
	if team == "" {
		return spend.Scope{}
	}
	return o.above(kind, name, spend.Scope{Team: team}, day)
}

// above completes the scope in which a name stands.
func (o *order) above(kind register.Kind, name string, s spend.Scope, day int) spend.Scope {
	o.Hierarchy.Complete(&s, day)
	s.CostCentre = ""
	if kind == register.Application {
		s.Application = name
	}
	return s
}

// knownNames are the names that people or traffic told, of each kind, with what they
// mean today.
type knownNames map[register.Kind]map[string]string

func (a *App) namesOf(ctx context.Context) (knownNames, error) {
	all := knownNames{}
	for _, kind := range register.Kinds() {
		all[kind] = map[string]string{}
	}
	if _, err := a.learnNames(ctx); err != nil {
		return nil, err
	}
	l, err := a.listing(ctx, &api.RegisterQuestion{})
	if err != nil {
		return nil, err
	}
	for id, e := range l.all {
		all[id.Kind][id.Name] = id.Name
		for _, name := range e.Names {
			all[id.Kind][name] = id.Name
		}
	}
	return all, nil
}

func (t knownNames) knows(kind register.Kind, name string) bool { return t[kind][name] != "" }

// called is a name with those that mean it, itself first.
func (t knownNames) called(kind register.Kind, name string) []string {
	all := []string{name}
	for other, means := range t[kind] {
		if means == name && other != name {
			all = append(all, other)
		}
	}
	slices.Sort(all[1:])
	return all
}

// kindOf is the only kind that has a name.
func (t knownNames) kindOf(name string) (found register.Kind, err error) {
	for _, kind := range register.Kinds() {
		switch {
		case !t.knows(kind, name):
		case found != "":
			return "", spend.Errorf(spend.KindConflict, "find a name", "a %s and a %s have this name", found, kind).WithHint("say which with --kind")
		default:
			found = kind
		}
	}
	if found == "" {
		return "", spend.Errorf(spend.KindNotFound, "find a name", "nobody knows this name yet").
			WithHint("bursar register list has the names; --kind application, workflow or agent says what a new one is")
	}
	return found, nil
}

// unownedIn lists what nobody answers for and called in a window.
func (a *App) unownedIn(ctx context.Context, from, to time.Time) ([]api.RegisteredEntry, error) {
	q := api.RegisterQuestion{Unowned: true, From: from, To: to}
	l, err := a.listing(ctx, &q)
	if err != nil {
		return nil, err
	}
	for _, kind := range register.Kinds() {
		if err := a.spent(ctx, l, kind); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(l.largest(), func(e api.RegisteredEntry) bool { return e.Calls == 0 }), nil
}
