//go:build data

package app_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func open(b testing.TB, dir string) *app.App {
	b.Helper()
	a, err := app.Open(app.Config{Data: dir, Create: true})
	if err != nil {
		b.Fatal(err)
	}
	return a
}

// BenchmarkImportFile imports a CSV file of a million calls, checkpoint and
// closing included, and then the same file again.
func BenchmarkImportFile(b *testing.B) {
	rows := fromEnv("BURSAR_BENCH_ROWS", 1_000_000)
	dir := b.TempDir()
	path := filepath.Join(dir, "calls.csv")
	writeCompany(b, path, rows)
	mapping, err := connect.LoadMapping(filepath.Join("testdata", "company.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		data := filepath.Join(dir, strconv.Itoa(i))
		report(b, rows, "import-rows/s", func() { importOnce(b, data, path, mapping, int64(rows)) })
		if err := os.Rename(path, path+".again"); err != nil { // another name: read it all again
			b.Fatal(err)
		}
		report(b, rows, "again-rows/s", func() { importOnce(b, data, path+".again", mapping, 0) })
		if err := os.Rename(path+".again", path); err != nil {
			b.Fatal(err)
		}
	}
}

func report(b *testing.B, rows int, unit string, f func()) {
	b.Helper()
	start := time.Now()
	f()
	b.ReportMetric(float64(rows)/time.Since(start).Seconds(), unit)
}

func importOnce(b *testing.B, data, path string, m *connect.Mapping, want int64) {
	b.Helper()
	a := open(b, data)
	result, err := a.Import(b.Context(), app.File{Path: path, Mapping: m})
	if err != nil || result.Booked != want || result.Quarantined != 0 {
		b.Fatalf("%+v (%v), want %d booked", result, err, want)
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSustained books the simulated company for a while, five minutes with
// BURSAR_BENCH_SECONDS=300, checkpoints included.
func BenchmarkSustained(b *testing.B) {
	length := time.Duration(fromEnv("BURSAR_BENCH_SECONDS", 30)) * time.Second
	a := open(b, b.TempDir())
	for b.Loop() {
		pipeline, err := a.Pipeline(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		im := ingest.Import{Pipeline: pipeline, Reader: &companies{until: start.Add(length)}, Progress: func(ingest.Result) {
			if _, err := a.Lake.MaybeCheckpoint(b.Context(), time.Now()); err != nil {
				b.Fatal(err)
			}
		}}
		result, err := im.Run(b.Context())
		if err == nil {
			err = a.Lake.Checkpoint(b.Context())
		}
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(result.Booked)/time.Since(start).Seconds(), "events/s")
	}
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAccepted accepts the simulated company in batches of 500, with the
// journal in front, until all of it is booked.
func BenchmarkAccepted(b *testing.B) {
	s, err := app.OpenServer(b.Context(), app.Config{Data: b.TempDir(), Create: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	events := fromEnv("BURSAR_BENCH_ROWS", 1_000_000)
	for b.Loop() {
		start := time.Now()
		var batch []ingest.Record
		for e := range company.New(company.Config{Seed: 1, Events: events}).Events() {
			batch = append(batch, ingest.Record{Event: e, Revisions: spend.Immutable})
			if len(batch) == 500 {
				accept(b, s, batch)
				batch = nil
			}
		}
		accept(b, s, batch)
		for s.Ingest.Waiting() > 0 {
			time.Sleep(time.Millisecond)
		}
		b.ReportMetric(float64(events)/time.Since(start).Seconds(), "events/s")
	}
	stop()
	if err := errors.Join(<-done, s.Close()); err != nil {
		b.Fatal(err)
	}
}

// accept waits while too much waits to be booked.
func accept(b *testing.B, s *app.Server, batch []ingest.Record) {
	b.Helper()
	for {
		err := s.Ingest.Accept(b.Context(), batch)
		if err == nil {
			return
		}
		if spend.KindOf(err) != spend.KindUnavailable {
			b.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}

// companies reads one simulated company after another until a time.
type companies struct {
	until time.Time
	seed  uint64
	next  func() (spend.Event, bool)
}

func (c *companies) Next(r *ingest.Record) error {
	for {
		if c.next != nil {
			if e, ok := c.next(); ok {
				e.SourceKey = fmt.Sprint(c.seed, "/", e.SourceKey)
				e.Response, e.Attempt = "", ""
				*r = ingest.Record{Event: e, Revisions: spend.Immutable}
				return nil
			}
		}
		if time.Now().After(c.until) {
			return io.EOF
		}
		c.seed++
		c.next, _ = iter.Pull(company.New(company.Config{Seed: c.seed, Events: 250_000}).Events())
	}
}

// writeCompany writes the calls of the simulated company as a CSV file.
func writeCompany(b testing.TB, path string, rows int) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := csv.NewWriter(f)
	write := func(cells ...string) {
		if err := w.Write(cells); err != nil {
			b.Fatal(err)
		}
	}
	write("id", "at", "seller", "model", "team", "workflow", "agent", "run", "status", "input", "cache_read", "output", "reported")
	for e := range company.New(company.Config{Seed: 1, Events: rows}).Events() {
		cached := e.Usage.Get(spend.CacheRead)
		n, _ := cached.Int()
		write(e.SourceKey, e.UsedAt.Format(time.RFC3339Nano), e.Seller, e.Model(), e.Scope.Team, e.Scope.Workflow, e.Scope.Agent, e.Scope.Run,
			string(e.Status), fmt.Sprint(e.Usage.PromptTokens()), fmt.Sprint(n), fmt.Sprint(e.Usage.CompletionTokens()), cost(e.Reported))
	}
	w.Flush()
	if err := w.Error(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

func cost(n money.Null) string {
	if !n.Valid {
		return ""
	}
	return n.Amount.String()
}
