package journal

import "hash/maphash"

// sighting is what is remembered of a record that has a key.
type sighting struct {
	position Position
	digest   uint64 // of kind and payload, under a seed of this process
}

// keyring remembers the newest keys, a fixed number of them, and forgets the
// oldest first.
type keyring struct {
	seed   maphash.Seed
	recent map[[16]byte]sighting
	order  [][16]byte
	next   int // the place in order that is overwritten next
	room   int
}

func newKeyring(room int) *keyring {
	return &keyring{seed: maphash.MakeSeed(), recent: map[[16]byte]sighting{}, room: room}
}

func (k *keyring) digest(kind uint8, payload []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(k.seed)
	h.WriteByte(kind)
	h.Write(payload)
	return h.Sum64()
}

func (k *keyring) remember(key [16]byte, s sighting) {
	if key == [16]byte{} || k.room <= 0 {
		return
	}
	_, known := k.recent[key]
	switch {
	case known: // forgotten once and appended again; a rebuild finds both
	case len(k.order) < k.room:
		k.order = append(k.order, key)
	default:
		delete(k.recent, k.order[k.next])
		k.order[k.next] = key
		k.next = (k.next + 1) % k.room
	}
	k.recent[key] = s
}

func (k *keyring) find(key [16]byte) (sighting, bool) {
	s, known := k.recent[key]
	return s, known && key != [16]byte{}
}
