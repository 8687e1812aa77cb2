package connect_test

import (
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
)

// endless gives n bytes of one character without holding them.
type endless struct {
	n int64
	c byte
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), e.n)]
	for i := range p {
		p[i] = e.c
	}
	e.n -= int64(len(p))
	return len(p), nil
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A line of two gigabytes is passed over: one problem, and nothing of it held.
func TestLineOfTwoGigabytes(t *testing.T) {
	const size = 2 << 30
	in := io.MultiReader(strings.NewReader(head+row("a")), &endless{size, 'x'}, strings.NewReader("\n"+row("b")))
	before := heap()
	r := connect.Open(in, mapping(t, simple), connect.Options{})
	recs := all(t, r)
	if after := heap(); after > before+64<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
	if diff := cmp.Diff([]string{"2 ok a", "3 bad record", "4 ok b"}, outline(recs)); diff != "" {
		t.Error(diff)
	}
	if end := recs[1].End; end != int64(len(head+row("a")))+size+1 {
		t.Errorf("the long line ends at %d", end)
	}
	if msg := recs[1].Problems[0].Msg; msg != "is longer than 1 MiB" {
		t.Error(msg)
	}
	runtime.KeepAlive(r)
}

// Whatever the shape of what is too long, the rest of the file is read.
func TestTooLong(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20+1)
	lines := strings.Repeat(strings.Repeat("x", 1023)+"\n", 1100)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"last line", head + row("a") + long, []string{"2 ok a", "3 bad record"}},
		{"just fits", head + "z" + strings.Repeat("x", 1<<20-len(row(""))) + row("") + row("b"), []string{"2 ok z" + strings.Repeat("x", 1<<20-len(row(""))), "3 ok b"}},
		{"one byte more", head + "zz" + strings.Repeat("x", 1<<20-len(row(""))) + row("") + row("b"), []string{"2 bad record", "3 ok b"}},
		{"quoted", head + "\"" + long + "\"\n" + row("b"), []string{"2 bad record", "3 ok b"}},
	} {
		recs := all(t, connect.Open(strings.NewReader(c.text), mapping(t, simple), connect.Options{}))
		if diff := cmp.Diff(c.want, outline(recs)); diff != "" {
			t.Errorf("%s: %.300s", c.name, diff)
		}
	}
	recs := all(t, connect.Open(strings.NewReader(head+"\"open\n"+lines+row("b")), mapping(t, simple), connect.Options{}))
	if len(recs) != 1102 || recs[len(recs)-1].Event.SourceKey != "b" {
		t.Errorf("%d records after a quote that stays open", len(recs))
	}
}
