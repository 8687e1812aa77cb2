package app_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/app"
)

// TestOnlyPagesThatShowTheFileAreForgotten keeps what a program has written, be it as
// little as the addresses that its start filled in, and what is not its own.
func TestOnlyPagesThatShowTheFileAreForgotten(t *testing.T) {
	t.Parallel()
	const maps = `00400000-00500000 r--p 00000000 fe:00 7                                  /opt/the bursar
Rss:                  64 kB
Anonymous:             0 kB
VmFlags: rd mr mw me
00500000-00900000 r-xp 00100000 fe:00 7                                  /opt/the bursar
Rss:                4096 kB
Anonymous:             0 kB
00900000-00901000 r--p 00500000 fe:00 7                                  /opt/the bursar
Rss:                   4 kB
Anonymous:             4 kB
00901000-00a00000 rw-p 00501000 fe:00 7                                  /opt/the bursar
Rss:                  16 kB
Anonymous:             0 kB
7f0000000000-7f0000100000 r-xp 00000000 fe:00 9                          /lib/libc.so.6
Rss:                  64 kB
Anonymous:             0 kB
7f0000200000-7f0000300000 r--p 00000000 00:00 0 
Rss:                  64 kB
Anonymous:             0 kB
`
	want := [][2]uintptr{{0x400000, 0x500000}, {0x500000, 0x900000}}
	if diff := cmp.Diff(want, app.PagesOf("/opt/the bursar", strings.NewReader(maps))); diff != "" {
		t.Errorf("what is given back (-want +got):\n%s", diff)
	}
}

// TestPagesOfTheProgramAreMappedAlone reads of the program's code, which nobody has written
// to, what the system tells of it: uw is that its pages are watched, nh that none is huge.
func TestPagesOfTheProgramAreMappedAlone(t *testing.T) {
	t.Parallel()
	app.ForgetCode()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	_, code, found := strings.Cut(string(maps), " r-xp ")
	first, rest, _ := strings.Cut(code, "\n")
	if !found || !strings.HasSuffix(first, program) {
		t.Fatalf("the first code of the process is of %q", first)
	}
	_, flags, _ := strings.Cut(rest, "VmFlags:")
	flags, _, _ = strings.Cut(flags, "\n")
	for _, flag := range []string{"uw", "nh"} {
		if got := slices.Contains(strings.Fields(flags), flag); got != app.HasFaults() {
			t.Errorf("%s is %v in %q; the system lets a process watch its pages: %v", flag, got, flags, app.HasFaults())
		}
	}
}
