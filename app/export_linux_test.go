package app

import "io"

// PagesOf gives the bounds of the pages of a program that can be forgotten.
func PagesOf(program string, maps io.Reader) (all [][2]uintptr) {
	for _, p := range pagesOf(program, maps) {
		all = append(all, [2]uintptr{p.from, p.to})
	}
	return all
}

// HasFaults says that the system lets a process watch its own pages.
func HasFaults() bool { return openFaults() != ^faults(0) }
