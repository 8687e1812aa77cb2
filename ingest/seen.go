package ingest

import (
	"encoding/binary"
	"math/bits"

	"github.com/bursarhq/bursar/spend"
)

// seen answers "certainly new" for the keys of a ledger in bounded memory: exact
// for recent keys, a Bloom filter for the rest. A filter never denies a key that
// it holds; a key that it claims wrongly costs one look-up in the ledger.
type seen struct {
	filters []filter
	recent  map[spend.ID]known // the newest keys
	before  map[spend.ID]known // the generation before
}

// known is what the pipeline remembers of a recent key.
type known struct {
	attempt spend.ID
	content spend.ID
}

// recentKeys bounds one generation of exact memory, about 40 MB. It is more than
// the keys of all lines that may wait for a commit: the ledger cannot answer for
// those yet.
const recentKeys = 1 << 19

func newSeen() *seen {
	return &seen{filters: []filter{newFilter(1 << 20)}, recent: map[spend.ID]known{}}
}

// add remembers that a key names an attempt with a content.
func (s *seen) add(key spend.ID, k known) {
	s.addKey(key)
	if len(s.recent) >= recentKeys {
		s.before, s.recent = s.recent, make(map[spend.ID]known, recentKeys)
	}
	s.recent[key] = k
}

// addKey remembers a key of the ledger without its content.
func (s *seen) addKey(key spend.ID) {
	last := &s.filters[len(s.filters)-1]
	if last.left == 0 {
		s.filters = append(s.filters, newFilter(last.size*2))
		last = &s.filters[len(s.filters)-1]
	}
	last.add(key)
}

// get gives what is remembered of a recent key.
func (s *seen) get(key spend.ID) (known, bool) {
	if k, ok := s.recent[key]; ok {
		return k, true
	}
	k, ok := s.before[key]
	return k, ok
}

// forget drops the contents of recent keys, not the keys.
func (s *seen) forget() { s.recent, s.before = map[spend.ID]known{}, nil }

// maybe says that the ledger may hold the key; false is certain.
func (s *seen) maybe(key spend.ID) bool {
	for i := range s.filters {
		if s.filters[i].maybe(key) {
			return true
		}
	}
	return false
}

// filter is a Bloom filter of 24 bits a key and 12 probes: one wrong claim in
// 70,000 when full. Keys are digests, so their bits need no further hashing.
type filter struct {
	bits []uint64
	size int // keys it is made for
	left int
}

const (
	bitsPerKey = 24
	probes     = 12
)

func newFilter(size int) filter {
	return filter{bits: make([]uint64, size*bitsPerKey/64), size: size, left: size}
}

func (f *filter) add(key spend.ID) {
	f.left--
	at, step := hashes(key)
	for range probes {
		word, bit := f.place(at)
		f.bits[word] |= bit
		at += step
	}
}

func (f *filter) maybe(key spend.ID) bool {
	at, step := hashes(key)
	for range probes {
		word, bit := f.place(at)
		if f.bits[word]&bit == 0 {
			return false
		}
		at += step
	}
	return true
}

// place scales a hash to the length of the filter.
func (f *filter) place(at uint64) (word, bit uint64) {
	n, _ := bits.Mul64(at, uint64(len(f.bits))*64)
	return n >> 6, 1 << (n & 63)
}

func hashes(key spend.ID) (start, step uint64) {
	return binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:]) | 1
}
