package laketest

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// adoptionEqualsRecount counts people line by line.
func adoptionEqualsRecount(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(41).Ledger(size)
	e := filled(t, open, ledger)
	q := everything()
	q.By, q.Fewest = []spend.Dimension{"team"}, 5
	q.From, q.To = Start().AddDate(0, 0, 5), Start().AddDate(0, 0, 20)
	got, err := lake.Adoption(t.Context(), e, &q)
	if err != nil {
		t.Fatal(err)
	}
	before := q
	before.From = time.Time{}
	days, spans := recountDays(&before, ledger)
	if diff := cmp.Diff(days, daysOf(got.Days)); diff != "" || len(days) < 5 {
		t.Errorf("people by day (-recount +engine):\n%s", diff)
	}
	if diff := cmp.Diff(spans, spansOf(got.Spans)); diff != "" {
		t.Errorf("first and last days (-recount +engine):\n%s", diff)
	}
	if diff := cmp.Diff(recountPeople(&q, ledger), sortedPeople(got.People)); diff != "" || len(got.People) < 5 {
		t.Errorf("people (-recount +engine):\n%s", diff)
	}
	if _, err := lake.Adoption(t.Context(), e, &before); err != nil {
		t.Errorf("since the beginning: %v", err)
	}
	q.By = nil
	if _, err := lake.Adoption(t.Context(), e, &q); err == nil {
		t.Error("people by nothing")
	}
}

type personDay struct {
	person string
	day    time.Time
}

func recountDays(q *spend.Query, ledger []spend.Charge) (days map[int64]int64, spans map[[2]int64]int64) {
	calls := map[personDay]int64{}
	daily := *q
	daily.Grain = spend.Day
	for _, c := range selected(q, ledger) {
		if c.Scope.Principal != "" {
			calls[personDay{c.Scope.Principal, lake.BucketOf(&daily, c.UsedAt)}] += c.Calls
		}
	}
	days, spans = map[int64]int64{}, map[[2]int64]int64{}
	of := map[string][2]int64{}
	for at, n := range calls {
		if n == 0 {
			continue
		}
		day := at.day.Unix()
		days[day]++
		span, known := of[at.person]
		if !known {
			span = [2]int64{day, day}
		}
		of[at.person] = [2]int64{min(span[0], day), max(span[1], day)}
	}
	for _, span := range of {
		spans[span]++
	}
	return days, spans
}

func daysOf(all []adoption.Day) map[int64]int64 {
	found := map[int64]int64{}
	for _, d := range all {
		found[d.Start.Unix()] = d.People
	}
	return found
}

func spansOf(all []adoption.Span) map[[2]int64]int64 {
	found := map[[2]int64]int64{}
	for _, s := range all {
		found[[2]int64{s.First.Unix(), s.Last.Unix()}] = s.People
	}
	return found
}

func recountPeople(q *spend.Query, ledger []spend.Charge) []adoption.Person {
	people, uses := map[string]*adoption.Person{}, map[string]map[[2]string]int64{}
	for _, c := range selected(q, ledger) {
		who := c.Scope.Principal
		if who == "" {
			continue
		}
		if people[who] == nil {
			people[who], uses[who] = &adoption.Person{}, map[[2]string]int64{}
		}
		people[who].Calls += c.Calls
		if c.Reporting.Valid {
			people[who].Cost = money.Known(mustSum(people[who].Cost.Amount.Add(c.Reporting.Amount)))
		}
		uses[who][[2]string{c.Scope.Workflow, c.Scope.Application}] += c.Calls
	}
	var all []adoption.Person
	for who, p := range people {
		if p.Workflows, p.Applications = different(uses[who], 0), different(uses[who], 1); p.Calls != 0 {
			all = append(all, *p)
		}
	}
	return sortedPeople(all)
}

// different counts the values at a place of names whose calls do not net to zero.
func different(uses map[[2]string]int64, place int) int64 {
	found := map[string]bool{}
	for name, calls := range uses {
		if calls != 0 && name[place] != "" {
			found[name[place]] = true
		}
	}
	return int64(len(found))
}

func sortedPeople(all []adoption.Person) []adoption.Person {
	slices.SortFunc(all, func(a, b adoption.Person) int {
		if a.Calls != b.Calls {
			return int(a.Calls - b.Calls)
		}
		if c := a.Cost.Amount.Cmp(b.Cost.Amount); c != 0 {
			return c
		}
		return int(100*(a.Workflows-b.Workflows) + a.Applications - b.Applications)
	})
	return all
}
