//go:build data

package connect_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// sums are what a whole file adds up to.
type sums struct {
	Rows, Calls, Prompt, Cached, Completion, Unreported, Contradictory, Bad int64
	Reported                                                                money.Amount
	Keys                                                                    int
}

func dataFile(t *testing.T, name string) *os.File {
	t.Helper()
	dir := os.Getenv("BURSAR_DATA")
	if dir == "" {
		dir = "../../shared/data"
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatalf("%v; set BURSAR_DATA to the folder with the public data", err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func sumFile(t *testing.T, mapping, name string) (s sums) {
	t.Helper()
	m, err := connect.LoadMapping(mapping)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	r := connect.Open(dataFile(t, name), m, connect.Options{})
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			s.Keys = len(keys)
			return s
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(rec.Problems) > 0 {
			t.Logf("line %d: %v", rec.Line, rec.Problems)
			s.Bad++
			continue
		}
		keys[rec.Event.SourceKey] = true
		s.add(t, &rec.Event)
	}
}

func (s *sums) add(t *testing.T, e *spend.Event) {
	t.Helper()
	s.Rows++
	s.Calls += e.Calls()
	s.Prompt += e.Usage.PromptTokens()
	s.Cached += e.Usage.Tokens[spend.CacheRead]
	s.Completion += e.Usage.CompletionTokens()
	if e.Flags&spend.UsageInconsistent != 0 {
		s.Contradictory++
	}
	if !e.Reported.Valid {
		s.Unreported++
		return
	}
	total, err := s.Reported.Add(e.Reported.Amount)
	if err != nil {
		t.Fatal(err)
	}
	s.Reported = total
}
