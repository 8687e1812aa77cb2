package app

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ForgetCode gives the pages of the program itself back to the system: what opening a
// folder ran once is a third of them. A page that is needed again is mapped again from the
// system's cache. Where there is no /proc it does nothing.
func ForgetCode() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer maps.Close() //nolint:errcheck // it was read
	for _, m := range pagesOf(program, maps) {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, m.from, m.to-m.from, unix.MADV_DONTNEED)
	}
}

// pages are a part of the memory of a process.
type pages struct{ from, to uintptr }

// pagesOf finds in what the system tells of a process the pages that show the program's
// file as it is on disk: they cannot be written, and none of them was.
func pagesOf(program string, maps io.Reader) (all []pages) {
	var part pages
	own := false
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 3 && fields[0] == "Anonymous:": // those that were written
			if own && fields[1] == "0" {
				all = append(all, part)
			}
		case len(fields) >= 5 && !strings.HasSuffix(fields[0], ":"):
			from, to, _ := strings.Cut(fields[0], "-")
			start, errStart := strconv.ParseUint(from, 16, 64)
			end, errEnd := strconv.ParseUint(to, 16, 64)
			part = pages{uintptr(start), uintptr(end)}
			own = errStart == nil && errEnd == nil && strings.HasPrefix(fields[1], "r-") && strings.HasSuffix(lines.Text(), " "+program)
		}
	}
	return all
}
