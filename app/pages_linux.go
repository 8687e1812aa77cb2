package app

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ForgetCode gives the pages of the program itself back to the system: what opening a
// folder ran once is a third of them. One that is needed again is mapped again from the
// system's cache, by itself: else the system maps all that it has there in one piece, up to
// 2 MB, and a server shows 30 MB of which it uses nothing.
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
	faults := openFaults()
	for _, m := range pagesOf(program, maps) {
		faults.watch(m)
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, m.from, m.to-m.from, unix.MADV_DONTNEED)
	}
}

// faults is a descriptor of userfaultfd(2). It is open as long as the process lives, and
// tells nothing: pages that it watches are mapped one by one, since it might.
type faults uintptr

// openFaults gives an invalid descriptor where the system has none for us, as in many
// containers: all goes on as it would without.
func openFaults() faults {
	const userMode = 1 // UFFD_USER_MODE_ONLY, for which no privilege is needed
	fd, _, refused := unix.Syscall(unix.SYS_USERFAULTFD, unix.O_CLOEXEC|unix.O_NONBLOCK|userMode, 0, 0)
	if refused != 0 {
		return ^faults(0)
	}
	const start = 0xc018aa3f // UFFDIO_API
	request := struct{ api, features, ioctls uint64 }{api: 0xaa, features: 1 << 15 /* UFFD_FEATURE_WP_ASYNC, for files too */}
	_, _, _ = unix.Syscall(unix.SYS_IOCTL, fd, start, uintptr(unsafe.Pointer(&request)))
	return faults(fd)
}

// watch has pages mapped one by one. It is for writes, which never come to these.
func (f faults) watch(p pages) {
	const register = 0xc020aa00 // UFFDIO_REGISTER
	request := struct{ from, size, mode, ioctls uint64 }{uint64(p.from), uint64(p.to - p.from), 2 /* UFFDIO_REGISTER_MODE_WP */, 0}
	_, _, refused := unix.Syscall(unix.SYS_IOCTL, uintptr(f), register, uintptr(unsafe.Pointer(&request)))
	if refused == 0 { // and not many as one huge page
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, p.from, p.to-p.from, unix.MADV_NOHUGEPAGE)
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
