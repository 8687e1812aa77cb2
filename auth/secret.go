package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

const (
	stars        = "********"
	randomLength = 26 // base32 characters: 130 bits
)

// Secret is a text that nobody may see by accident: every way to print it,
// encode it or log it gives stars. Only Reveal gives the text. Two secrets are
// compared by their hashes, never with ==.
type Secret struct {
	text *string // a pointer, so that printing a struct around it shows an address
}

// NewSecret wraps a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal gives the text itself, for the one place that shows or sends it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String gives stars.
func (s Secret) String() string { return stars }

// GoString gives stars.
func (s Secret) GoString() string { return stars }

// Format writes stars for every verb, the numeric ones too.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, stars) }

// MarshalJSON gives stars.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + stars + `"`), nil }

// MarshalText gives stars to encoders of XML, YAML and map keys.
func (s Secret) MarshalText() ([]byte, error) { return []byte(stars), nil }

// LogValue gives stars.
func (s Secret) LogValue() slog.Value { return slog.StringValue(stars) }

// hash is what a store keeps of a secret: its SHA-256 in hexadecimal. A secret
// holds 130 random bits, so a slow hash would protect nothing more.
func (s Secret) hash() string {
	sum := sha256.Sum256([]byte(s.Reveal()))
	return hex.EncodeToString(sum[:])
}

// matches compares with a stored hash in constant time.
func (s Secret) matches(hash string) bool {
	return subtle.ConstantTimeCompare([]byte(s.hash()), []byte(hash)) == 1
}

// Is compares two secrets in constant time. A secret of nothing is no other.
func (s Secret) Is(other Secret) bool { return s.Reveal() != "" && s.matches(other.hash()) }

// random gives 26 characters of lower-case base32, 130 bits.
func random() string { return strings.ToLower(rand.Text()[:randomLength]) }

// isRandom says that a text has the shape of random.
func isRandom(s string) bool { return len(s) == randomLength && strings.Trim(s, base32) == "" }

const base32 = "abcdefghijklmnopqrstuvwxyz234567"
