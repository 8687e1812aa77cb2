package ingest

import "github.com/bursarhq/bursar/spend"

// seen answers "certainly new" for the keys of a ledger in about five bytes a key:
// exact for recent keys, fingerprints for the rest. They never deny a key that they
// hold; a key that they claim wrongly costs one look-up in the ledger.
type seen struct {
	old    []fingerprints     // each twice the one before, the last is being filled
	recent map[spend.ID]known // the newest keys
	before map[spend.ID]known // the generation before
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
	return &seen{old: []fingerprints{newFingerprints(1 << 18)}, recent: map[spend.ID]known{}}
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
	last := &s.old[len(s.old)-1]
	if last.left == 0 {
		s.old = append(s.old, newFingerprints(last.size*2))
		last = &s.old[len(s.old)-1]
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
	for i := range s.old {
		if s.old[i].maybe(key) {
			return true
		}
	}
	return false
}
