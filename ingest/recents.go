package ingest

import (
	"encoding/binary"

	"github.com/bursarhq/bursar/spend"
)

// recents is what the pipeline remembers of recent keys, in about 60 bytes a key, half of
// what a map takes: the keys in the order in which they came, and where each of them is.
type recents struct {
	all    []recent
	places []uint32 // of keys in all, counted from one, 0 where free: open addressing, a power of two long
}

type recent struct {
	key   spend.ID
	known known
}

// put remembers a key, in the place of what was known of it before.
func (r *recents) put(key spend.ID, k known) {
	if 4*len(r.all) >= 3*len(r.places) {
		r.grow()
	}
	place := r.find(key)
	if *place == 0 {
		r.all = append(r.all, recent{key: key})
		*place = uint32(len(r.all)) //nolint:gosec // far fewer fit into memory
	}
	r.all[*place-1].known = k
}

func (r *recents) get(key spend.ID) (known, bool) {
	if len(r.all) == 0 {
		return known{}, false
	}
	place := *r.find(key)
	if place == 0 {
		return known{}, false
	}
	return r.all[place-1].known, true
}

// clear forgets all and keeps the room, unless a large transaction made it.
func (r *recents) clear() {
	if cap(r.all) > 2*recentKeys {
		*r = recents{}
		return
	}
	r.all = r.all[:0]
	clear(r.places)
}

func (r *recents) grow() {
	r.places = make([]uint32, max(2*len(r.places), 1024))
	for i := range r.all {
		*r.find(r.all[i].key) = uint32(i + 1) //nolint:gosec // as in put
	}
}

// find gives the place of a key, or the free one where it belongs. Keys are digests, so
// their bits need no further hashing.
func (r *recents) find(key spend.ID) *uint32 {
	mask := uint64(len(r.places) - 1)
	for at := binary.LittleEndian.Uint64(key[:]); ; at++ {
		place := &r.places[at&mask]
		if *place == 0 || r.all[*place-1].key == key {
			return place
		}
	}
}
