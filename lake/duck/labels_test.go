package duck_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/lake/laketest"
)

func TestEachLabel(t *testing.T) {
	t.Parallel()
	l := open(t)
	ledger := laketest.NewGenerator(3).Ledger(300)
	if err := l.Append(t.Context(), lake.Batch{Charges: ledger}); err != nil {
		t.Fatal(err)
	}
	want, got := map[[3]string]bool{}, map[[3]string]bool{}
	since := ledger[len(ledger)/2].BookedAt
	for i := range ledger {
		s := &ledger[i].Scope
		if ledger[i].BookedAt.Before(since) {
			continue
		}
		for label, value := range map[string]string{
			"workflow": s.Workflow, "agent": s.Agent, "feature": s.Feature, "customer": s.Customer, "environment": s.Environment,
		} {
			want[[3]string{s.Credential, label, value}] = true
		}
		for key, value := range s.Tags {
			want[[3]string{s.Credential, "tags", key}] = true
			want[[3]string{s.Credential, "tag:" + key, value}] = true
		}
	}
	keep := func(credential, label, value string) { got[[3]string{credential, label, value}] = true }
	if err := l.EachLabel(t.Context(), since, keep); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels (-want +got)\n%.2000s", diff)
	}
	if err := l.EachLabel(t.Context(), since.Add(24*365*time.Hour), func(string, string, string) { t.Error("a label of the future") }); err != nil {
		t.Fatal(err)
	}
}
