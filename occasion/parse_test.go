package occasion_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/occasion"
	"github.com/bursarhq/bursar/spend"
)

const whole = `holidays:
  - {name: Christmas, dates: [2027-12-25, 2026-12-25]}
  - {name: Closed, dates: [2026-12-28/2026-12-30], where: {team: claims}, effect: 0.1}
launches:
  - {name: copilot, dates: [2026-12-01], where: {workflow: triage}, effect: "1.4"}
  - {name: triage in German, dates: [2026-12-08], where: {workflow: triage-de}, like: triage}
`

func TestParse(t *testing.T) {
	t.Parallel()
	got, err := occasion.Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := []occasion.Occasion{
		{Kind: occasion.Holiday, Name: "Christmas", Days: []string{"2026-12-25", "2027-12-25"}},
		{Kind: occasion.Holiday, Name: "Closed", Days: []string{"2026-12-28", "2026-12-29", "2026-12-30"}, Where: map[spend.Dimension]string{"team": "claims"}, Effect: money.Known(money.Must("0.1"))},
		{Kind: occasion.Launch, Name: "copilot", Days: []string{"2026-12-01"}, Where: map[spend.Dimension]string{"workflow": "triage"}, Effect: money.Known(money.Must("1.4"))},
		{Kind: occasion.Launch, Name: "triage in German", Days: []string{"2026-12-08"}, Where: map[spend.Dimension]string{"workflow": "triage-de"}, Like: "triage"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := occasion.Differences(got)["holiday Closed of team claims"]; text != "2026-12-28, 2026-12-29, 2026-12-30; times 0.1" {
		t.Errorf("said %q", text)
	}
}

// TestParseRefuses: every mistake of a calendar at once.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	bad := `holidays:
  - {dates: [25.12.2026, 2026-12-30/2026-12-28], effect: -1}
  - {name: a@example.com, where: {principal: x, tem: y}}
launches:
  - {name: two, dates: [2026-01-01/2026-01-02], like: other}
`
	_, err := occasion.Parse([]byte(bad))
	if spend.KindOf(err) != spend.KindInvalid {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{
		"holidays[0].name", `"25.12.2026" is no day`, `"2026-12-30/2026-12-28" is no day`, "holidays[0].effect", "holidays[1].name", "holidays[1].dates: want at least one",
		"single persons", `"tem"`, "launches[0].dates: a launch has single days", "launches[0].like",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	for _, text := range []string{"holidays: 3", "holidays: []\n---\nholidays: []", "days: []", "holidays:\n  - {name: a, dates: [2026-01-01]}\n  - {name: a, dates: [2026-01-02]}\n"} {
		if _, err := occasion.Parse([]byte(text)); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestApplies(t *testing.T) {
	t.Parallel()
	o := occasion.Occasion{Where: map[spend.Dimension]string{"team": "claims"}}
	for team, want := range map[string]bool{"claims": true, "other": false} {
		if got := o.Applies(map[spend.Dimension]string{"team": team, "workflow": "x"}); got != want {
			t.Errorf("of %s: %t", team, got)
		}
	}
	if o.Applies(map[spend.Dimension]string{"workflow": "x"}) {
		t.Error("a group of which the team is not known is not wholly the team's")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("launches: [{name: x, dates: [2026-01-01/9999-01-01]}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := occasion.Parse(text)
		if err != nil {
			if spend.KindOf(err) != spend.KindInvalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		for i := range all {
			if len(all[i].Days) == 0 || strings.Contains(all[i].Name, "@") {
				t.Errorf("%q gives %+v", text, all[i])
			}
		}
	})
}
