package api_test

import (
	"fmt"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// BenchmarkLive prints what a second of the live stream takes of a core with 100 clients
// together: one pulse of 60 agents and 20 runs, and ten batches that are booked. Half of
// the clients see one team. The clients run in the same process and are in the figure.
func BenchmarkLive(b *testing.B) {
	const clients = 100
	s := server(b, &fake{limits: api.Limits{Streams: 4 * clients}})
	web := httptest.NewServer(s)
	defer web.Close()
	defer s.Live.Close()
	heard := make(chan struct{}, clients)
	for i := range clients {
		l := listen(b, web.URL, []string{"viewer", "whole"}[i%2], "")
		l.Buffer(nil, 1<<20)
		l.next("retry")
		go func() {
			for l.next("event: pulse") == "" {
				heard <- struct{}{}
			}
		}()
	}
	p := &api.Pulse{Currency: "USD"}
	for i := range 60 {
		scope := []spend.Scope{claims(), sales()}[i%2]
		scope.Workflow, scope.Agent = fmt.Sprintf("workflow-%d", i/3), fmt.Sprintf("agent-%d", i)
		row := api.PulseRow{Scope: scope, PulseFigures: api.PulseFigures{Calls: 7, Cost: money.Must("0.012345678"), CallsMin: 400, CostMin: money.Must("1.234567891")}}
		p.Rows = append(p.Rows, row)
		if i < 20 {
			p.Runs = append(p.Runs, api.PulseRun{Run: fmt.Sprintf("application/run-%d", i), PulseRow: row})
		}
	}
	before := used(b)
	for b.Loop() {
		for range 10 {
			if err := s.Live.Publish(api.Message{Topic: "booked", Data: []byte("{}")}); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Live.PublishPulse(p); err != nil {
			b.Fatal(err)
		}
		for range clients {
			<-heard
		}
	}
	b.ReportMetric(100*(used(b)-before).Seconds()/float64(b.N), "%core")
	b.ReportMetric(0, "ns/op")
}

// used is the processor time of this process.
func used(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
