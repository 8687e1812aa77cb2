package app_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

const house = `kind: organisation
name: Example
zone: Europe/Zurich
currency: CHF
fiscal_year: {starts: october, scheme: 4-4-5}
business_units:
  - {name: retail, teams: [{name: support, cost_centre: CC-7, applications: [{name: desk, workflows: [triage]}]}]}
`

func documents(t *testing.T, texts ...string) (all []policy.Document) {
	t.Helper()
	for _, text := range texts {
		d, err := policy.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

func applied(t *testing.T, s *app.Server, dry bool, texts ...string) []organisation.Change {
	t.Helper()
	done, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, texts...), Dry: dry})
	if err != nil {
		t.Fatal(err)
	}
	return done.Changes
}

func entries(t *testing.T, s *app.Server) (n int64) {
	t.Helper()
	err := s.State.Read(t.Context(), func(tx *state.Tx) error {
		check, err := auth.Verify(t.Context(), tx, auth.Head{})
		n = int64(check.Entries)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestApply(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serverIn(t, data)
	noted := entries(t, s)
	tried := applied(t, s, true, house)
	if len(tried) != 8 || s.Currency() != "EUR" || entries(t, s) != noted {
		t.Errorf("trying changed %d things, currency %s, %d entries in the trail", len(tried), s.Currency(), entries(t, s)-noted)
	}
	if done := applied(t, s, false, house); !cmp.Equal(tried, done) || entries(t, s) != noted+1 {
		t.Errorf("applied what was not shown:\n%s", cmp.Diff(tried, done))
	}
	if again := applied(t, s, false, house); len(again) != 0 || entries(t, s) != noted+1 {
		t.Errorf("applying again changes %v", again)
	}
	if got := s.Calendar().Period(noon()); s.Currency() != "CHF" || got != "2027-02" {
		t.Errorf("currency %s, period %s; want CHF and 2027-02", s.Currency(), got)
	}
	closed(t, s)
	s = serverIn(t, data)
	defer closed(t, s)
	if s.Currency() != "CHF" || s.View().Location().String() != "Europe/Zurich" {
		t.Errorf("after opening again currency %s, zone %s", s.Currency(), s.View().Location())
	}
	err := s.State.Read(t.Context(), func(tx *state.Tx) error {
		settings, err := tx.Settings(t.Context())
		if settings.Name != "Example" || settings.ReportingCurrency != "CHF" {
			t.Errorf("settings %+v", settings)
		}
		units, _ := tx.Units(t.Context(), "2026-11-20")
		if len(units) != 4 {
			t.Errorf("%d units, want 4", len(units))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnlyWhatWasShownIsApplied(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	rules := func(team string) []policy.Document {
		return documents(t, "kind: attribution\nattribution: bursar/1\nrules:\n  - {id: by-host, when: {host: api.*}, set: {team: "+team+"}}\n")
	}
	shown, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: rules("support"), Dry: true})
	if err != nil || shown.Applied {
		t.Fatalf("%+v (%v), want a trial", shown, err)
	}
	meant := api.Declaration{Documents: rules("support"), Over: shown.Over}
	if done, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: rules("sales")}); err != nil || !done.Applied {
		t.Fatalf("%+v (%v), want the rules of somebody else in force", done, err)
	}
	if _, err := s.Apply(t.Context(), auth.Local(), meant); spend.KindOf(err) != spend.KindConflict || spend.HintOf(err) == "" {
		t.Errorf("%v, want a conflict: what is in force has changed since", err)
	}
	again, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: meant.Documents, Dry: true})
	if err != nil || again.Over == shown.Over {
		t.Errorf("%v, want another digest of another set in force", err)
	}
	meant.Over = again.Over
	if _, err := s.Apply(t.Context(), auth.Local(), meant); err != nil {
		t.Errorf("what was shown again is refused: %v", err)
	}
}

func TestWhatIsAppliedAppliesAgainWithoutAChange(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	applied(t, s, false, house,
		"kind: outcomes\nname: desk\noutcomes:\n  - {id: ticket, version: 1, unit: ticket, workflow: triage}\n",
		"kind: attribution\nattribution: bursar/1\nrules:\n  - {id: by-host, when: {host: api.*}, set: {team: support}}\n")
	kept, err := s.Applied(t.Context())
	if err != nil || len(kept) != 3 {
		t.Fatalf("%d documents are applied (%v), want 3", len(kept), err)
	}
	var texts []string
	for _, d := range kept {
		texts = append(texts, d.Text)
	}
	if changes := applied(t, s, true, texts...); len(changes) != 0 {
		t.Errorf("applying what is applied changes %v", changes)
	}
	other := serverIn(t, t.TempDir())
	defer closed(t, other)
	applied(t, other, false, texts...)
	again, err := other.Applied(t.Context())
	if err != nil || len(again) != 3 || again[0].Text != kept[0].Text {
		t.Errorf("elsewhere %d documents are applied (%v)", len(again), err)
	}
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	importInto(t, data, 10)
	s := serverIn(t, data)
	defer closed(t, s)
	noted := entries(t, s)
	changes := applied(t, s, true, house)
	refused := 0
	for _, c := range changes {
		if c.Refused != "" {
			refused++
		}
	}
	if refused != 2 {
		t.Errorf("%d changes are refused, want those of currency and periods: %v", refused, changes)
	}
	_, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, house)})
	if spend.KindOf(err) != spend.KindConflict || spend.HintOf(err) == "" || entries(t, s) != noted || s.Currency() != "EUR" {
		t.Errorf("%v, want a conflict with a hint that changed nothing", err)
	}
	nobody := strings.Replace(strings.Replace(strings.Replace(house, "CHF", "EUR", 1), "fiscal_year: {starts: october, scheme: 4-4-5}\n", "", 1), "cost_centre", "people: [nobody], cost_centre", 1)
	for _, dry := range []bool{true, false} {
		if _, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, nobody), Dry: dry}); spend.KindOf(err) != spend.KindNotFound {
			t.Errorf("a person whom nobody knows: %v, want an error of kind notfound", err)
		}
	}
	if kept, err := s.Applied(t.Context()); err != nil || len(kept) != 0 {
		t.Errorf("%d documents are applied (%v), want none", len(kept), err)
	}
}

func TestWhatIsBeingBookedKeepsItsCurrency(t *testing.T) {
	t.Parallel()
	s := serverIn(t, t.TempDir())
	defer closed(t, s)
	records := make([]ingest.Record, 5000)
	for i := range records {
		records[i] = ingest.Record{Revisions: spend.Immutable, Event: spend.Event{
			Source: "test", SourceKey: strconv.Itoa(i), Rank: spend.RankSpan, Seller: "acme", RequestedModel: "large",
			Status: spend.StatusOK, UsageSource: spend.UsageProvider, UsedAt: noon().Add(-time.Hour),
		}}
	}
	if _, err := s.Ingest.Pipeline.Book(t.Context(), records, nil); err != nil {
		t.Fatal(err)
	}
	_, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: documents(t, "kind: organisation\ncurrency: CHF\n")})
	if spend.KindOf(err) != spend.KindConflict || s.Currency() != "EUR" {
		t.Errorf("%v, currency %s; want a conflict, for lines are under way", err, s.Currency())
	}
}

func TestTheZoneOfViewsIsNotThatOfPeriods(t *testing.T) {
	t.Parallel()
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(app.Config{Data: t.TempDir(), Create: true, Zone: kolkata})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	if view, books := a.View().Location(), a.Calendar().Location(); view != kolkata || books != time.UTC {
		t.Errorf("shown in %s, booked in %s; want Asia/Kolkata and UTC", view, books)
	}
}

func TestADocumentThatCannotBeReadClosesNoFolder(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serverIn(t, data)
	applied(t, s, false, house)
	err := s.State.Write(t.Context(), func(tx *state.Tx) error {
		_, err := tx.Apply(t.Context(), state.Applied{Name: "organisation", YAML: "kind: organisation\ncolour: red\n", By: "system"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	s = serverIn(t, data)
	defer closed(t, s)
	if s.Currency() != "CHF" || s.Calendar().Location().String() != "Europe/Zurich" {
		t.Errorf("currency %s, zone %s; want those of the settings", s.Currency(), s.Calendar().Location())
	}
	rules := documents(t, "kind: attribution\nattribution: bursar/1\nrules: []\n")
	if _, err := s.Apply(t.Context(), auth.Local(), api.Declaration{Documents: rules}); spend.KindOf(err) != spend.KindConflict || spend.HintOf(err) == "" {
		t.Errorf("%v, want a conflict with a hint to apply the broken document again", err)
	}
	applied(t, s, false, house)
	if changes := applied(t, s, true, house); len(changes) != 0 {
		t.Errorf("mended, it still changes %v", changes)
	}
}
