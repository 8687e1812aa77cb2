package ingest

import "github.com/bursarhq/bursar/spend"

// seen answers "certainly new" for the keys of a ledger in about five bytes a key:
// exact for recent keys, fingerprints for the rest. They never deny a key that they
// hold; a key that they claim wrongly costs one look-up in the ledger.
type seen struct {
	old    []fingerprints // each twice the one before, the last is being filled
	recent recents        // the newest keys
	before recents        // the generation before
}

// known is what the pipeline remembers of a recent key.
type known struct {
	attempt spend.ID
	content spend.ID
}

// recentKeys is how many a generation of exact memory has at least, about 3 MB of them, and
// the keys of one transaction beside them: the ledger cannot answer for those yet.
const recentKeys = 1 << 16

func newSeen() *seen {
	return &seen{old: []fingerprints{newFingerprints(1 << 18)}}
}

// add remembers that a key names an attempt with a content.
func (s *seen) add(key spend.ID, k known) {
	s.addKey(key)
	s.recent.put(key, k)
}

// age forgets the generation before when the recent one is full. It is for who has just
// handed the last lines of a transaction to the ledger, which has those before it: so the
// ledger holds whatever is forgotten.
func (s *seen) age() {
	if s.recent.size() < recentKeys {
		return
	}
	s.before, s.recent = s.recent, s.before
	s.recent.clear()
}

// addKey remembers a key of the ledger without its content.
func (s *seen) addKey(key spend.ID) {
	last := &s.old[len(s.old)-1]
	if last.left == 0 {
		s.old = append(s.old, newFingerprints(last.size*2))
		last = &s.old[len(s.old)-1]
	}
	last.add(key)
}

// get gives what is remembered of a recent key.
func (s *seen) get(key spend.ID) (known, bool) {
	if k, ok := s.recent.get(key); ok {
		return k, true
	}
	return s.before.get(key)
}

// forget drops the contents of recent keys, not the keys.
func (s *seen) forget() {
	s.recent.clear()
	s.before.clear()
}

// maybe says that the ledger may hold the key; false is certain.
func (s *seen) maybe(key spend.ID) bool {
	for i := range s.old {
		if s.old[i].maybe(key) {
			return true
		}
	}
	return false
}
