package app

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/journal"
)

// errBeyond ends a replay behind the last record that was asked for.
var errBeyond = errors.New("beyond")

// tailOf digests the records of a replay up to a position.
func tailOf(from, to uint64, replay func(func(journal.Position, journal.Record) error) error) (backup.Tail, error) {
	t, h := backup.Tail{End: from}, sha256.New()
	err := replay(func(at journal.Position, r journal.Record) error {
		if uint64(at) > to {
			return errBeyond
		}
		t.Records, t.End = t.Records+1, uint64(at)
		head := binary.LittleEndian.AppendUint64([]byte{r.Kind}, uint64(at))
		h.Write(append(head, r.Key[:]...))
		h.Write(r.Payload)
		return nil
	})
	if errors.Is(err, errBeyond) {
		err = nil
	}
	t.Digest = hex.EncodeToString(h.Sum(nil))
	return t, err
}
