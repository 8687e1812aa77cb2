package adoption

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Statement is what may be shown of a tally.
type Statement struct {
	Fewest int64 `json:"minimum_group"` // people that a group must have to be shown by itself
	Few    bool  `json:"few"`           // fewer were active than that, or than that beside the other groups: nothing more is said of people

	Active *int64     `json:"active"` // people with a call in the window
	New    *int64     `json:"new"`    // of them, those whose first call is in it; null where it would tell of few
	Known  *int64     `json:"known"`  // people with a call before its end; null likewise
	Calls  int64      `json:"calls"`  // of people, not of machines
	Cost   money.Null `json:"cost"`   // of those calls

	Days         []PeopleDay   `json:"days"` // a day with too few people is null, one without any 0
	First        []DayBin      `json:"first_use"`
	Last         []DayBin      `json:"last_use"`
	Workflows    Breadth       `json:"workflows"`
	Applications Breadth       `json:"applications"`
	Parts        []PeoplePart  `json:"concentration"` // people in equal parts, those with most calls first; none for few
	Groups       []PeopleGroup `json:"groups"`
	Seats        Seats         `json:"seats"`
}

// PeopleDay is one day of the window.
type PeopleDay struct {
	Day    time.Time `json:"day"` // its start
	People *int64    `json:"people"`
}

// Breadth says how many different things a person used in the window.
type Breadth struct {
	Median int64      `json:"median"`
	Bins   []CountBin `json:"bins"`
}

// CountBin counts the people who used so many.
type CountBin struct {
	From    int64  `json:"from"`
	Through *int64 `json:"through"` // null: and more
	People  int64  `json:"people"`
}

// PeoplePart is an equal part of the people.
type PeoplePart struct {
	People int64      `json:"people"`
	Calls  int64      `json:"calls"`
	Cost   money.Null `json:"cost"`
}

// PeopleGroup are the people of one value of the dimension that was asked for.
type PeopleGroup struct {
	Name   string     `json:"name"`
	Few    bool       `json:"few"`    // several groups, of which some have too few people
	People *int64     `json:"people"` // null then
	Calls  int64      `json:"calls"`
	Cost   money.Null `json:"cost"`
	First  *time.Time `json:"first_use"` // day of the first call of any of them, since ever
	Last   *time.Time `json:"last_use"`
}

// Show leaves of a tally what tells of no person and of no group below the limit.
func Show(t *Tally) (Statement, error) {
	s := Statement{Fewest: t.Fewest, Days: []PeopleDay{}, First: []DayBin{}, Last: []DayBin{}, Parts: []PeoplePart{}, Groups: []PeopleGroup{}}
	s.Workflows.Bins, s.Applications.Bins = []CountBin{}, []CountBin{}
	var err error
	if s.Seats, err = t.seats(); err != nil {
		return s, err
	}
	n := int64(len(t.People))
	if s.Few = t.small(n) || t.Hidden && n > 0; s.Few {
		return s, nil
	}
	s.Active = &n
	s.Days = t.shownDays()
	first, fresh := t.firstUse()
	last, known := t.lastUse()
	s.First, s.New = append(s.First, first...), fresh
	s.Last, s.Known = append(s.Last, last...), known
	s.Workflows = t.breadth(func(p *Person) int64 { return p.Workflows })
	s.Applications = t.breadth(func(p *Person) int64 { return p.Applications })
	s.group(t)
	whole, err := partOf(t.People)
	if err != nil {
		return s, err
	}
	s.Calls, s.Cost = whole.Calls, whole.Cost
	s.Parts, err = t.parts()
	return s, err
}

// breadth counts people by how many they used, from none to ten and more.
func (t *Tally) breadth(of func(*Person) int64) Breadth {
	b := Breadth{Bins: []CountBin{}}
	if len(t.People) == 0 {
		return b
	}
	starts := []int64{0, 1, 2, 3, 4, 6, 10}
	people, all := make([]int64, len(starts)), make([]int64, len(t.People))
	for i := range t.People {
		all[i] = of(&t.People[i])
		at, found := slices.BinarySearch(starts, all[i])
		if !found {
			at--
		}
		people[at]++
	}
	slices.Sort(all)
	b.Median = all[(len(all)-1)/2]
	for _, p := range folded(people, t.Fewest) {
		bin := CountBin{From: starts[p[0]], People: sum(people, p)}
		if p[1]+1 < len(starts) {
			through := starts[p[1]+1] - 1
			bin.Through = &through
		}
		b.Bins = append(b.Bins, bin)
	}
	return b
}

// parts cuts the people into up to five equal parts, none smaller than the limit, those
// with most calls first. The first parts have one more where they do not divide.
//
// Example: 28 people are parts of 6, 6, 6, 5 and 5; 12 are two of 6; 9 are none.
func (t *Tally) parts() ([]PeoplePart, error) {
	found := []PeoplePart{}
	n := len(t.People)
	k := min(5, n/int(max(t.Fewest, 1)))
	if k < 2 {
		return found, nil
	}
	rest := slices.SortedFunc(slices.Values(t.People), compareCalls)
	for i := range k {
		size := n / k
		if i < n%k {
			size++
		}
		part, err := partOf(rest[:size])
		if err != nil {
			return nil, err
		}
		found, rest = append(found, part), rest[size:]
	}
	return found, nil
}

// compareCalls sorts by calls, then by cost, so that who has as many of both is alike.
func compareCalls(a, b Person) int {
	return cmp.Or(cmp.Compare(b.Calls, a.Calls), b.Cost.Amount.Cmp(a.Cost.Amount))
}

func partOf(people []Person) (PeoplePart, error) {
	p := PeoplePart{People: int64(len(people))}
	for i := range people {
		p.Calls += people[i].Calls
		if err := add(&p.Cost, people[i].Cost); err != nil {
			return p, err
		}
	}
	return p, nil
}

func add(sum *money.Null, v money.Null) error {
	if !v.Valid {
		return nil
	}
	total, err := sum.Amount.Add(v.Amount)
	*sum = money.Known(total)
	return err
}

// group lists the groups, whose small ones are merged already.
func (s *Statement) group(t *Tally) {
	if t.Groups == nil {
		return
	}
	for _, row := range t.Groups.Rows {
		g := PeopleGroup{Few: row.Few, Cost: row.Values[2]}
		g.Calls, _ = row.Values[1].Amount.Int()
		if n, whole := row.Values[0].Amount.Int(); whole && row.Values[0].Valid && !row.Few {
			g.People = t.number(n)
		}
		if len(row.Keys) > 0 {
			g.Name = row.Keys[0]
		}
		if use, known := t.Uses[g.Name]; known && !row.Few && !row.Other && g.People != nil {
			g.First, g.Last = &use.First, &use.Last
		}
		g.Few = g.Few || row.Other
		s.Groups = append(s.Groups, g)
	}
}
