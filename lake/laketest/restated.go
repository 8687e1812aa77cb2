package laketest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// reorganised is whose a line is by another organisation: some teams are merged,
// some are gone, and what was nobody's has a team.
func reorganised(s spend.Scope) spend.Scope {
	switch {
	case s.Team == "":
		s.Team, s.BusinessUnit = "'; DROP TABLE charges; --", "found, "+s.BusinessUnit
	case strings.HasSuffix(s.Workflow, "7"):
		s.Team, s.Application, s.CostCentre, s.Agent = "", "seventh", "", "renamed"
	case s.Team == "team-1":
		s.Team = "team-2"
	}
	return s
}

// restatedEqualsRecount: a question that is restated is answered as if the lines had
// been booked so, and whatever is no attribution stays to the last digit.
func restatedEqualsRecount(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(19).Ledger(size)
	e := filled(t, open, ledger)
	restated := slices.Clone(ledger)
	for i := range restated {
		restated[i].Scope = reorganised(restated[i].Scope)
	}
	for name, q := range Queries() {
		table, err := lake.AnswerRestated(t.Context(), e, &q, restating(t, e, q, ledger))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(comparable(Recount(q, restated)), comparable(table)); diff != "" {
			t.Errorf("%s differs (-recount +engine):\n%.3000s", name, diff)
		}
		if len(q.Where) > 0 || q.Top > 0 {
			continue // another question
		}
		plain, view := answer(t, e, q).Totals, table.Totals
		view.Unattributed = plain.Unattributed
		if diff := cmp.Diff(plain, view); diff != "" {
			t.Errorf("%s: the totals move (-plain +restated):\n%s", name, diff)
		}
	}
}

// restating finds the kin of a question and what becomes of each.
func restating(t *testing.T, e Engine, q spend.Query, ledger []spend.Charge) (found lake.Restating) {
	t.Helper()
	at, windows := map[[6]string]int{}, []spend.Query{q}
	if q.Previous {
		windows = append(windows, lake.Before(q))
	}
	for i := range windows {
		err := lake.EachKin(t.Context(), e, lake.Kinship{Query: &windows[i], Gone: true}, func(k *lake.Kin) error {
			was := ledger[slices.IndexFunc(ledger, func(c spend.Charge) bool { return c.ID == k.Sample })].Scope
			now := reorganised(was)
			if now.Equal(&was) {
				return nil
			}
			units := [6]string{now.BusinessUnit, now.Team, now.Application, now.Workflow, now.Agent, now.CostCentre}
			if _, known := at[units]; !known {
				at[units] = len(found.Kin)
				found.Kin = append(found.Kin, lake.Restated{Scope: now})
			}
			r := &found.Kin[at[units]]
			r.Kin = append(r.Kin, k.Name)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// kinAddUp: kin have the figures of their lines, all of them together those of the
// window, and each line that stands is a member of one.
func kinAddUp(t *testing.T, open func(t *testing.T) Engine) {
	ledger := NewGenerator(20).Ledger(size)
	e := filled(t, open, ledger)
	for _, runs := range []bool{false, true} {
		for _, name := range []string{"everything at once", "as of", "one period", "compared", "filters"} {
			q := Queries()[name]
			t.Run(fmt.Sprintf("%s, runs %t", name, runs), func(t *testing.T) { checkKin(t, e, lake.Kinship{Query: &q, Runs: runs}, ledger) })
		}
	}
}

func checkKin(t *testing.T, e Engine, k lake.Kinship, ledger []spend.Charge) {
	t.Helper()
	asked := *k.Query
	asked.Where = nil
	all, byAttempt := lake.Sums{}, map[spend.ID]lake.Sums{}
	for _, c := range selected(&asked, ledger) {
		one, sums := lake.SumsOf(c), byAttempt[c.AttemptID]
		mustAdd(t, &all, &one)
		mustAdd(t, &sums, &one)
		byAttempt[c.AttemptID] = sums
	}
	var total, members lake.Sums
	var names []string
	err := lake.EachKin(t.Context(), e, k, func(kin *lake.Kin) error {
		names = append(names, kin.Name)
		return total.Add(&kin.Sums)
	})
	if err != nil || total != all {
		t.Fatalf("kin of %+v, lines of %+v, %v", total, all, err)
	}
	m := lake.Members{Kinship: k, Names: names, Limit: 400}
	for {
		attempts, err := lake.MembersOf(t.Context(), e, m)
		if err != nil {
			t.Fatal(err)
		}
		if len(attempts) == 0 {
			break
		}
		for _, id := range attempts {
			sums := byAttempt[id]
			mustAdd(t, &members, &sums)
		}
		m.After = attempts[len(attempts)-1]
	}
	if members != all {
		t.Errorf("members of %+v, lines of %+v", members, all)
	}
}

func mustAdd(t *testing.T, to, sums *lake.Sums) {
	t.Helper()
	if err := to.Add(sums); err != nil {
		t.Fatal(err)
	}
}
