//go:build data

package app_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// fiveLimits are what a recount of the simulated company counts by.
const fiveLimits = `kind: budget
budgets:
  - {id: year, amount: 1000000, currency: USD, period: year, alerts: []}
  - {id: team, each: team, amount: 100000, currency: USD, period: month, alerts: []}
  - {id: workflow, each: workflow, amount: 10000, currency: USD, period: day, alerts: []}
  - {id: models, each: model, amount: 1000000000, counts: tokens, period: rolling 24h, alerts: []}
  - {id: keys, each: credential, amount: 100000, currency: USD, period: week, alerts: []}
`

// BenchmarkRecount counts five budgets over the simulated company, as a start of the
// server and every change of limits do.
func BenchmarkRecount(b *testing.B) {
	events := fromEnv("BURSAR_BENCH_ROWS", 1_000_000)
	var last time.Time
	s, err := app.OpenServer(b.Context(), app.Config{Data: b.TempDir(), Create: true, Now: func() time.Time { return last }}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	last = time.Now()
	var batch []ingest.Record
	for e := range company.New(company.Config{Seed: 1, Events: events}).Events() {
		if batch = append(batch, ingest.Record{Event: e, Revisions: spend.Immutable}); len(batch) == 8192 {
			book(b, s, batch)
			batch = batch[:0]
		}
		last = e.UsedAt
	}
	book(b, s, batch)
	declare(b, s, fiveLimits)
	for b.Loop() {
		if err := s.Recount(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
	b.ReportMetric(float64(len(s.Budgets.Standings())), "windows")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

func book(b *testing.B, s *app.Server, batch []ingest.Record) {
	b.Helper()
	_, err := s.Ingest.Pipeline.Deliver(b.Context(), ingest.Delivery{Records: batch})
	if err == nil {
		err = s.Ingest.Pipeline.Settle(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
}
