package adoption_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const limit = 5

func day(n int) time.Time { return time.Date(2026, 10, 1+n, 0, 0, 0, 0, time.UTC) }

// tally is one of October 2026, of people by the number of workflows and calls that they
// have, all since and on the first day.
func tally(people ...adoption.Person) *adoption.Tally {
	n := int64(len(people))
	t := &adoption.Tally{Fewest: limit, From: day(0), To: day(31), Zone: time.UTC, People: people}
	if n > 0 {
		t.Days = []adoption.Day{{Start: day(0), People: n}}
		t.Spans = []adoption.Span{{First: day(0), Last: day(0), People: n}}
	}
	return t
}

func show(t interface{ Fatal(...any) }, tally *adoption.Tally) adoption.Statement {
	s, err := adoption.Show(tally)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNeighboursAreMerged is the worked example of the package comment.
func TestNeighboursAreMerged(t *testing.T) {
	t.Parallel()
	var people []adoption.Person
	for workflows, n := range map[int64]int{1: 7, 2: 2, 3: 1, 4: 6} {
		people = append(people, slices.Repeat([]adoption.Person{{Calls: 1, Workflows: workflows}}, n)...)
	}
	var got []string
	for _, b := range show(t, tally(people...)).Workflows.Bins {
		got = append(got, fmt.Sprint(b.From, " to ", *b.Through, ": ", b.People))
	}
	if diff := cmp.Diff([]string{"1 to 1: 7", "2 to 5: 9"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFewPeopleAreNotShown(t *testing.T) {
	t.Parallel()
	s := show(t, tally(slices.Repeat([]adoption.Person{{Calls: 3, Cost: money.Known(money.FromInt(2)), Workflows: 1}}, 4)...))
	if !s.Few || s.Active != nil || s.Known != nil || s.New != nil || s.Calls != 0 || s.Cost.Valid || len(s.Days)+len(s.First)+len(s.Last)+len(s.Workflows.Bins)+len(s.Parts) > 0 {
		t.Errorf("four people are told of: %+v", s)
	}
	if s := show(t, tally()); s.Few || *s.Active != 0 {
		t.Errorf("nobody is told as a few: %+v", s)
	}
}

func TestEqualParts(t *testing.T) {
	t.Parallel()
	for n, want := range map[int][]int64{28: {6, 6, 6, 5, 5}, 12: {6, 6}, 9: nil} {
		var people []adoption.Person
		for i := range n {
			people = append(people, adoption.Person{Calls: int64(1 + i), Cost: money.Known(money.FromInt(1))})
		}
		var got []int64
		calls := int64(1 << 40)
		for _, p := range show(t, tally(people...)).Parts {
			if got = append(got, p.People); p.Calls > calls || p.Cost.Amount != money.FromInt(p.People) {
				t.Errorf("of %d people, %+v comes after %d calls", n, p, calls)
			}
			calls = p.Calls
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d people: %s", n, diff)
		}
	}
}

// TestNothingTellsOfFew draws people with any days and looks at every number, and at
// what totals leave for what is not shown.
func TestNothingTellsOfFew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := tally()
		days := map[int]int64{}
		for range rapid.IntRange(0, 40).Draw(t, "people") {
			first := rapid.IntRange(-150, 30).Draw(t, "first")
			last := rapid.IntRange(first, 30).Draw(t, "last")
			all.Spans = append(all.Spans, adoption.Span{First: day(first), Last: day(last), People: 1})
			if days[first]++; last != first {
				days[last]++
			}
			if last >= 0 {
				all.People = append(all.People, adoption.Person{Calls: 1, Workflows: rapid.Int64Range(0, 12).Draw(t, "workflows")})
			}
		}
		for n := -150; n <= 30; n++ {
			if days[n] > 0 {
				all.Days = append(all.Days, adoption.Day{Start: day(n), People: days[n]})
			}
		}
		s := show(t, all)
		tells := func(what string, n *int64) {
			if n != nil && *n > 0 && *n < limit {
				t.Fatalf("%s tells of %d", what, *n)
			}
		}
		tells("active", s.Active)
		tells("new", s.New)
		tells("known", s.Known)
		for _, d := range s.Days {
			tells("a day", d.People)
		}
		var first, last, known, breadth, fresh int64
		for _, b := range s.First {
			tells("first use", &b.People)
			if first += b.People; !b.From.Before(all.From) {
				fresh += b.People
			}
		}
		for _, b := range s.Last {
			tells("last use", &b.People)
			if known += b.People; !b.From.Before(all.From) {
				last += b.People
			}
		}
		for _, b := range s.Workflows.Bins {
			tells("breadth", &b.People)
			breadth += b.People
		}
		if s.Few {
			return
		}
		if first != *s.Active || last != *s.Active || breadth != *s.Active {
			t.Fatalf("%d active, %d by first use, %d by last, %d by breadth", *s.Active, first, last, breadth)
		}
		if s.New != nil {
			rest := *s.Active - *s.New
			if tells("not new", &rest); *s.New != fresh {
				t.Fatalf("%d new, and %d by first use", *s.New, fresh)
			}
		}
		if s.Known != nil {
			rest := *s.Known - *s.Active
			if tells("not active", &rest); *s.Known != known {
				t.Fatalf("%d known, and %d by last use", *s.Known, known)
			}
		}
	})
}

func seats(seller string, at, number int, active string, cost int64) adoption.SeatDay {
	d := adoption.SeatDay{Seller: seller, Product: "chat", Day: day(at), Seats: money.Known(money.FromInt(int64(number))), Purchases: 1, Cost: money.Known(money.FromInt(cost))}
	if active != "" {
		d.Active = money.Known(money.Must(active))
	}
	return d
}

func TestIdleSeatsCostTheirPart(t *testing.T) {
	t.Parallel()
	all := tally()
	all.Seats = []adoption.SeatDay{seats("a", 29, 12, "7", 12), seats("a", 30, 12, "9", 12), seats("b", 30, 20, "", 40), seats("c", 3, 8, "8", 8)}
	s := show(t, all).Seats
	text := func(x *adoption.Subscription) string {
		return fmt.Sprint(x.Seller, " ", x.Assigned, " ", x.Active, " ", x.Idle, " ", x.Cost, " ", x.IdleCost, " ", x.Untold)
	}
	var got []string
	for i := range s.Rows {
		got = append(got, text(&s.Rows[i]))
	}
	got = append(got, text(&s.Total))
	unknown := money.Null{}.String()
	want := []string{
		"a 12 9 3 24 8 0", fmt.Sprintf("b 20 %s %[1]s 40 %[1]s 40", unknown), fmt.Sprintf("c %s %[1]s %[1]s 8 0 0", unknown),
		fmt.Sprintf(" 32 %s %[1]s 72 8 40", unknown),
	}
	if diff := cmp.Diff(want, got); diff != "" || !s.On.Equal(day(30)) {
		t.Errorf("on %s: %s", s.On, diff)
	}
}

func TestFewSeatsAreMerged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		seats []int
		want  []string
	}{
		"two small":          {[]int{9, 3, 4}, []string{"a 9", "other 7"}},
		"the next joins":     {[]int{9, 7, 4}, []string{"a 9", "other 11"}},
		"few, and no others": {[]int{3}, []string{"other null"}},
		"all are large":      {[]int{9, 7}, []string{"a 9", "b 7"}},
	} {
		all := tally()
		for i, n := range c.seats {
			all.Seats = append(all.Seats, seats(string(rune('a'+i)), 30, n, "1", int64(100-i)))
		}
		s := show(t, all).Seats
		var got []string
		var cost money.Amount
		for _, r := range s.Rows {
			if r.Few {
				r.Seller = "other"
			}
			number := "null"
			if r.Assigned.Valid {
				number = r.Assigned.Amount.String()
			}
			got = append(got, r.Seller+" "+number)
			cost, _ = cost.Add(r.Cost.Amount)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" || cost != s.Total.Cost.Amount {
			t.Errorf("%s: %s of %s in rows\n%s", name, cost, s.Total.Cost, diff)
		}
	}
}

func TestGroupsKeepTheirMergedRow(t *testing.T) {
	t.Parallel()
	all := tally(slices.Repeat([]adoption.Person{{Calls: 1}}, 9)...)
	row := func(name string, people int64, few bool) spend.Row {
		r := spend.Row{Keys: []string{name}, Few: few, Other: few, Values: []money.Null{money.Known(money.FromInt(people)), money.Known(money.FromInt(3)), money.Known(money.FromInt(1))}}
		if few {
			r.Values[0] = money.Null{}
		}
		return r
	}
	all.Groups = &spend.Table{Rows: []spend.Row{row("claims", 9, false), row("", 0, true)}}
	all.Uses = map[string]adoption.Span{"claims": {First: day(0), Last: day(3)}, "": {First: day(1), Last: day(1)}}
	got := show(t, all).Groups
	if len(got) != 2 || *got[0].People != 9 || !got[0].Last.Equal(day(3)) || !got[1].Few || got[1].People != nil || got[1].First != nil {
		t.Errorf("%+v", got)
	}
}
