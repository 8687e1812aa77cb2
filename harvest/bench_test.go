//go:build data

package harvest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/harvest"
)

// BenchmarkHarvest brings made-up logs of Claude Code into an empty folder, opening and
// closing it included, and then once more: 256 MB of them, 1 GB with
// BURSAR_BENCH_LOG_MB=1000.
func BenchmarkHarvest(b *testing.B) {
	megabytes := 256
	if n, err := strconv.Atoi(os.Getenv("BURSAR_BENCH_LOG_MB")); err == nil {
		megabytes = n
	}
	dir := b.TempDir()
	logs := filepath.Join(dir, "projects")
	size, calls := writeSessions(b, logs, int64(megabytes)<<20)
	for i := 0; b.Loop(); i++ {
		data := filepath.Join(dir, strconv.Itoa(i))
		resetPeak(b)
		start, busy := time.Now(), processor(b)
		if result := harvestOnce(b, data, logs); result.Booked != calls || result.Corrections+result.Quarantined > 0 {
			b.Fatalf("%+v, want %d calls", result, calls)
		}
		took := time.Since(start).Seconds()
		b.ReportMetric(float64(size)/1e6/took, "MB/s")
		b.ReportMetric(float64(size)/1e6/(processor(b)-busy).Seconds(), "MB/cpu-s")
		b.ReportMetric(float64(calls)/took, "calls/s")
		b.ReportMetric(peak(b), "peak-MB")
		start = time.Now()
		if result := harvestOnce(b, data, logs); result.Read != 0 {
			b.Fatalf("%+v, want nothing read again", result)
		}
		b.ReportMetric(time.Since(start).Seconds(), "again-s")
	}
}

func harvestOnce(b *testing.B, data, logs string) (result harvest.Result) {
	b.Helper()
	server, err := app.OpenServer(b.Context(), app.Config{Data: data, Create: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	h := harvest.Harvest{Program: agentlog.ClaudeCode(), Folders: []string{logs}}
	err = server.Inside(b.Context(), func(cl *client.Client) (err error) {
		result, err = h.Run(b.Context(), cl)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Close(); err != nil {
		b.Fatal(err)
	}
	return result
}

// writeSessions writes sessions of about 2 MB in the shape that Claude Code's have: a
// prompt, an answer in three lines of which the last counts, and the output of a tool
// of up to 16 KB.
func writeSessions(b *testing.B, folder string, size int64) (written, calls int64) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	text := strings.Repeat(codeLine, 400)
	for session := 0; written < size; session++ {
		var out bytes.Buffer
		for ; out.Len() < 2<<20; calls++ {
			writeTurn(&out, r, text, fmt.Sprintf("%08x-%06d", session, calls))
		}
		project := filepath.Join(folder, fmt.Sprintf("-src-app-%d", session%7))
		if err := os.MkdirAll(project, 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(project, fmt.Sprintf("%08x.jsonl", session)), out.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
		written += int64(out.Len())
	}
	return written, calls
}

const codeLine = `func main() { fmt.Println(\"usage\") }\n`

func writeTurn(out *bytes.Buffer, r *rand.Rand, text, id string) {
	head := fmt.Sprintf(`"sessionId":%q,"cwd":"/src/app","gitBranch":"main","version":"2.1.150","timestamp":"2026-11-%02dT%02d:%02d:%02d.100Z"`,
		id[:8], 1+r.IntN(25), r.IntN(24), r.IntN(60), r.IntN(60))
	for block, tokens := range []int{1, 40, 300 + r.IntN(900)} {
		fmt.Fprintf(out, `{"type":"assistant","uuid":"%s-%d",%s,"requestId":"req_%s","isSidechain":false,"message":{"id":"msg_%s","model":"claude-opus-4-6","role":"assistant",`+
			`"content":[{"type":"text","text":"%s"}],"usage":{"input_tokens":4,"cache_read_input_tokens":%d,"cache_creation_input_tokens":1800,`+
			`"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":1800},"output_tokens":%d,"service_tier":"standard"}}}`+"\n",
			id, block, head, id, id, text[:len(codeLine)*(1+r.IntN(20))], r.IntN(150_000), tokens)
	}
	fmt.Fprintf(out, `{"type":"user","uuid":"%s-u",%s,"message":{"role":"user","content":[{"type":"tool_result","content":"%s"}]}}`+"\n", id, head, text[:len(codeLine)*(1+r.IntN(400))])
}

// resetPeak forgets the peak of this process's memory.
func resetPeak(b *testing.B) {
	b.Helper()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Fatal(err)
	}
}

// peak is the most memory that this process held, in MB.
func peak(b *testing.B) float64 {
	b.Helper()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kilobytes float64
		if n, _ := fmt.Sscanf(lines.Text(), "VmHWM: %f kB", &kilobytes); n == 1 {
			return kilobytes / 1000
		}
	}
	b.Fatal("the system does not tell")
	return 0
}

// processor is the time that this process has had of all cores, which a busy machine
// does not change.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
