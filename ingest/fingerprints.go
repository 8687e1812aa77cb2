package ingest

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// fingerprints is a set of keys that keeps 32 bits of each, in one of two buckets
// that the key names: the emptier one, so that they fill evenly (the power of two
// choices). A key that is in the set is always claimed; one that is not is claimed
// once in about 150 million.
type fingerprints struct {
	buckets []bucket
	spilled map[spend.ID]struct{} // keys whose buckets were both full, hardly any
	size    int                   // keys it is made for
	left    int
}

// bucket is as long as a line of the processor's cache; a free place is zero, and
// there is none before a taken one.
type bucket [16]uint32

// load is how many places of a bucket are taken on average when the set is full.
const load = 14

func newFingerprints(size int) fingerprints {
	return fingerprints{buckets: make([]bucket, size/load+1), spilled: map[spend.ID]struct{}{}, size: size, left: size}
}

// add takes a key, also one that it has already.
func (f *fingerprints) add(key spend.ID) {
	f.left--
	first, second, print := f.places(key)
	a, b := first.find(print), second.find(print)
	switch n := min(a, b); {
	case n == len(first):
		f.spilled[key] = struct{}{}
	case n == a:
		first[n] = print
	default:
		second[n] = print
	}
}

// maybe says that the set may hold the key; false is certain.
func (f *fingerprints) maybe(key spend.ID) bool {
	first, second, print := f.places(key)
	if slices.Contains(first[:], print) || slices.Contains(second[:], print) {
		return true
	}
	_, is := f.spilled[key]
	return is
}

// places gives the buckets and the fingerprint of a key, which is never zero. Keys
// are digests, so their bits need no further hashing.
func (f *fingerprints) places(key spend.ID) (first, second *bucket, print uint32) {
	a, b := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	i, _ := bits.Mul64(a, uint64(len(f.buckets)))
	j, _ := bits.Mul64(b, uint64(len(f.buckets)))
	return &f.buckets[i], &f.buckets[j], max(uint32(b), 1)
}

// find gives the place where a fingerprint is, else the first free one, else the
// length of the bucket.
func (b *bucket) find(print uint32) int {
	for i, p := range b {
		if p == print || p == 0 {
			return i
		}
	}
	return len(b)
}
