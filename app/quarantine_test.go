package app_test

import (
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// TestRejectedIsRetriedOverHTTP rejects an event from the future, and retries it
// when its time has come.
func TestRejectedIsRetriedOverHTTP(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	now := func() time.Time { return time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(ahead.Load())) }
	s, err := app.OpenServer(t.Context(), app.Config{Data: t.TempDir(), Create: true, Now: now}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	receipt, err := s.Accept(t.Context(), holderOf("triage"), []byte(posted(1)))
	if err != nil || len(receipt.Rejected) != 1 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	digest := receipt.Rejected[0].Digest
	if err := s.Ingest.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.Inside(t.Context(), func(cl *client.Client) error {
		for i, want := range []lake.ResolutionResult{lake.RetryRefused, lake.RetryBooked} {
			ahead.Store(int64(time.Duration(i) * 60 * 24 * time.Hour))
			var tried api.Retried
			if err := cl.Post(t.Context(), "/api/v1/quarantine/"+digest+"/retry", api.RetryOrder{}, &tried); err != nil {
				return err
			}
			if len(tried.Tries) != 1 || tried.Tries[0].Result != want {
				t.Errorf("try %d: %+v, want %s", i, tried.Tries, want)
			}
		}
		err := cl.Post(t.Context(), "/api/v1/quarantine/"+digest+"/retry", api.RetryOrder{}, nil)
		if spend.KindOf(err) != spend.KindConflict || !strings.Contains(err.Error(), "booked since") {
			t.Errorf("once more: %v, want a conflict", err)
		}
		for all, want := range map[string]int{"false": 0, "true": 1} {
			var page api.Page[api.RejectedRecord]
			if err := cl.Get(t.Context(), "/api/v1/quarantine", url.Values{"all": {all}}, &page); err != nil || len(page.Items) != want {
				t.Errorf("all=%s: %+v, %v; want %d", all, page.Items, err, want)
			}
		}
		var shown api.RejectedRecords
		if err := cl.Get(t.Context(), "/api/v1/quarantine/"+digest, nil, &shown); err != nil || len(shown.Tries) != 2 || shown.Records[0].Event.Scope.Application != "triage" {
			t.Errorf("%+v, %v; want the event and both tries", shown, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
