package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// pairs is how often each way is measured beside a direct run: BURSAR_BENCH_PAIRS, 5
// when it is not set. One is quick, and says little.
func pairs() int {
	if n, err := strconv.Atoi(os.Getenv("BURSAR_BENCH_PAIRS")); err == nil && n > 0 {
		return n
	}
	return 5
}

// lasting is the length of one run.
const lasting = 2 * time.Second

// sample is one way measured once.
type sample struct {
	p50, p99 time.Duration
	cpu      time.Duration // of the process, until everything was booked
	calls    int
	failed   int   // of them
	resident int64 // bytes
	program  int64 // of them, pages of the program and its libraries
	slow     int64 // syncs of the journal over 40 ms
	lines    bool  // of the ledger are the upstream's requests
	exact    bool  // so is the money
}

// BenchmarkGateway sets calls through the running server beside direct ones and a plain
// reverse proxy, each in a process of its own, and prints one table. Speed fails nothing;
// a line or a digit that is missing does.
func BenchmarkGateway(b *testing.B) {
	for b.Loop() {
		var t table
		ways := startWays(b)
		for _, wait := range []time.Duration{60 * time.Millisecond, 0} {
			for _, rate := range []int{500, 1000, 2000} {
				p := pace{rate: rate, lasts: lasting, wait: wait}
				t.add(measured(b, ways, p.String(), p.run))
			}
			t.add(measured(b, ways, fmt.Sprintf("%v, 100 streams", wait), func(w *way) ([]time.Duration, *failures) { return streams(w, 100, wait) }))
		}
		t.print(b)
	}
}

func (p pace) String() string { return fmt.Sprintf("%v, %d/s", p.wait, p.rate) }

// startWays starts every process. The gateway whose folder is in memory shows what the
// disk costs: nothing waits for a sync there.
func startWays(b *testing.B) []*way {
	b.Helper()
	up := startPeer(b, "upstream")
	const path = "/v1/chat/completions"
	proxy := startPeer(b, up.url)
	ways := []*way{newWay("direct", up.url+path, 0), newWay("reverse proxy", proxy.url+path, proxy.cmd.Process.Pid)}
	if memory, err := os.MkdirTemp("/dev/shm", "bursar"); err == nil {
		b.Cleanup(func() { _ = os.RemoveAll(memory) })
		ways = append(ways, startGateway(b, "gateway, folder in memory", memory, up.url))
	}
	folder := filepath.Join(b.TempDir(), "plain")
	limited := filepath.Join(b.TempDir(), "limited")
	for _, f := range []string{folder, limited} {
		if err := os.Mkdir(f, 0o700); err != nil {
			b.Fatal(err)
		}
	}
	five := startGateway(b, "gateway, five budgets", limited, up.url)
	five.ledger.limit(b, limited)
	return append(ways, startGateway(b, "gateway", folder, up.url), five)
}

// group is every sample under one load, by way, pair by pair.
type group struct {
	load    string
	ways    []*way
	samples [][]sample
}

// measured runs the ways in turn, so that what else the machine does meets them all.
func measured(b *testing.B, ways []*way, load string, run func(*way) ([]time.Duration, *failures)) group {
	b.Helper()
	g := group{load, ways, make([][]sample, len(ways))}
	for range pairs() {
		for i, w := range ways {
			g.samples[i] = append(g.samples[i], w.sample(b, run))
		}
	}
	return g
}

func (w *way) sample(b *testing.B, run func(*way) ([]time.Duration, *failures)) (s sample) {
	b.Helper()
	var slow int64
	if w.ledger != nil {
		slow = w.ledger.slowSyncs(b)
	}
	before := processorTime(w.process)
	took, failed := run(w)
	if s.failed = failed.n; s.failed > 0 && (w.ledger != nil || w.process == 0) {
		b.Fatal(w.name, failed.err) // a plain proxy may break a stream; it is told
	}
	s.p50, s.p99, s.calls = quantile(took, 50), quantile(took, 99), len(took)
	if w.ledger != nil {
		w.ledger.rest(b)
	}
	s.cpu = processorTime(w.process) - before
	s.resident, s.program = resident(w.process)
	if w.ledger != nil {
		s.slow = w.ledger.slowSyncs(b) - slow
		s.lines, s.exact = w.ledger.recount(b)
	}
	return s
}

// processorTime is what a process has had of all cores.
func processorTime(process int) time.Duration {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	_, rest, _ := strings.Cut(string(raw), ") ") // the name may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // of 100 ticks a second
}

// resident is the memory of a process in bytes, and what of it shows files, which the
// system has once for all who run the program, and takes back at will.
func resident(process int) (all, files int64) {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", process))
	fields := strings.Fields(string(raw))
	if len(fields) < 3 {
		return 0, 0
	}
	page := int64(os.Getpagesize())
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	shared, _ := strconv.ParseInt(fields[2], 10, 64)
	return pages * page, shared * page
}

// table gathers what is printed.
type table struct{ text, apart strings.Builder }

func (t *table) add(g group) {
	for i, w := range g.ways {
		t.row(g, i, w)
	}
}

// row sums up one way under one load. Runs with a slow sync stand apart.
func (t *table) row(g group, i int, w *way) {
	var p50, p99, more50, more99 []time.Duration
	var cpu time.Duration
	var calls, failed int
	var most, program int64
	good := w.ledger != nil
	for n, s := range g.samples[i] {
		failed += s.failed
		cpu, calls, good = cpu+s.cpu, calls+s.calls, good && s.lines && s.exact
		most, program = max(most, s.resident), max(program, s.program)
		direct := g.samples[0][n]
		if s.slow > 0 {
			fmt.Fprintf(&t.apart, "%-18s %-26s %s %s (added %s %s), %d syncs over 40 ms\n",
				g.load, w.name, ms(s.p50), ms(s.p99), ms(s.p50-direct.p50), ms(s.p99-direct.p99), s.slow)
			continue
		}
		p50, p99 = append(p50, s.p50), append(p99, s.p99)
		more50, more99 = append(more50, s.p50-direct.p50), append(more99, s.p99-direct.p99)
	}
	fmt.Fprintf(&t.text, "%-18s %-26s %s %s   ", g.load, w.name, middle(p50), middle(p99))
	if i == 0 {
		fmt.Fprintln(&t.text)
		return
	}
	fmt.Fprintf(&t.text, "%s %-17s %s %-17s  %5.2f  %5d %7d", middle(more50), spread(more50), middle(more99), spread(more99),
		cpu.Seconds()*1000/float64(calls), most>>20, program>>20)
	switch {
	case w.ledger != nil:
		fmt.Fprintf(&t.text, "  %s", map[bool]string{true: "equal", false: "NOT EQUAL"}[good])
	case failed > 0:
		fmt.Fprintf(&t.text, "  %d calls failed", failed)
	}
	fmt.Fprintln(&t.text)
}

// print shows the table with the machine, the load and how to get it again.
func (t *table) print(b *testing.B) {
	b.Helper()
	average, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("\nmachine: %s, %d cores, %s; load average %s\n", processor(), runtime.NumCPU(), runtime.Version(), strings.TrimSpace(string(average)))
	fmt.Printf("load: open loop over HTTP/1.1 and loopback, latency from when a call was due; %d runs of %v each, alternated; milliseconds\n", pairs(), lasting)
	fmt.Printf("command: BURSAR_BENCH_PAIRS=%d go test -run '^$' -bench BenchmarkGateway ./cmd/bursar\n", pairs())
	fmt.Printf("%-18s %-26s %7s %7s   %7s %-17s %7s %-17s  %5s  %5s %7s  %s\n", "upstream, load", "way", "p50", "p99",
		"+p50", "least, most", "+p99", "least, most", "CPU s", "MB", "program", "lines and money")
	fmt.Print(t.text.String())
	fmt.Println("CPU s: seconds of the process for 1,000 calls, booking included; MB: resident; program: of them, pages of its file and libraries; lines and money: the ledger's beside the upstream's requests, at every level")
	if t.apart.Len() > 0 {
		fmt.Print("apart, for the disk stalled:\n", t.apart.String())
	}
}

func processor() string {
	raw, _ := os.ReadFile("/proc/cpuinfo")
	_, rest, _ := strings.Cut(string(raw), "model name\t: ")
	name, _, _ := strings.Cut(rest, "\n")
	return name
}

func ms(d time.Duration) string { return fmt.Sprintf("%7.2f", float64(d.Microseconds())/1000) }

// middle is the median.
func middle(all []time.Duration) string {
	if len(all) == 0 {
		return "      -"
	}
	return ms(slices.Sorted(slices.Values(all))[len(all)/2])
}

func spread(all []time.Duration) string {
	if len(all) == 0 {
		return ""
	}
	return strings.TrimSpace(ms(slices.Min(all))) + ", " + strings.TrimSpace(ms(slices.Max(all)))
}
