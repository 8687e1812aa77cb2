package spend

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/bursarhq/bursar/money"
)

// ID is a 128-bit identifier: the truncated SHA-256 of what it names, so that
// nobody can craft two things with one id. The zero ID means none.
type ID [16]byte

// IsZero says that the id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// String gives 32 hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID reads 32 hexadecimal digits.
func ParseID(s string) (ID, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(ID{}) {
		return ID{}, fmt.Errorf("id %.40q: want 32 hexadecimal digits", s)
	}
	return ID(b), nil
}

// Digest hashes parts into an ID; each part is length-prefixed, so that
// ("ab","c") and ("a","bc") differ.
func Digest[T string | []byte](parts ...T) ID {
	var room [1024]byte // a call on its way into the journal is about half of it
	buf := room[:0]
	for _, p := range parts {
		buf = appendString(buf, p)
	}
	return digestBytes(buf)
}

func digestBytes(b []byte) ID {
	sum := sha256.Sum256(b)
	return ID(sum[:16])
}

func appendString[T string | []byte](buf []byte, s T) []byte {
	return append(appendInt(buf, int64(len(s))), s...)
}

func appendInt(buf []byte, n int64) []byte {
	u := uint64(n)
	return append(buf, byte(u), byte(u>>8), byte(u>>16), byte(u>>24),
		byte(u>>32), byte(u>>40), byte(u>>48), byte(u>>56))
}

func appendAmount(b []byte, a money.Amount) []byte { return appendString(b, a.String()) }
