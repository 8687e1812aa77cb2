package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Key signs what a webhook sends. It prints as stars.
type Key struct{ secret []byte }

// String keeps the key out of logs.
func (Key) String() string { return "***" }

// GoString keeps the key out of logs.
func (Key) GoString() string { return "***" }

// The bounds of a key, in bytes: those of the Standard Webhooks specification.
const (
	minKey = 24
	maxKey = 64
)

const keyPrefix = "whsec_"

// ParseKey reads a key as Standard Webhooks writes it: "whsec_" and base64 of 24
// to 64 bytes. The error, of kind invalid, does not repeat it.
func ParseKey(s string) (Key, error) {
	encoded, prefixed := strings.CutPrefix(s, keyPrefix)
	secret, err := base64.StdEncoding.DecodeString(encoded)
	if !prefixed || err != nil || len(secret) < minKey || len(secret) > maxKey {
		return Key{}, spend.Errorf(spend.KindInvalid, "read the key of a webhook", "it is not %s and the base64 of %d to %d bytes", keyPrefix, minKey, maxKey).
			WithHint("make one: echo whsec_$(openssl rand -base64 32)")
	}
	return Key{secret}, nil
}

// Signed is what travels in the headers of a webhook, by their names.
type Signed struct {
	ID        string // webhook-id: the same at every try, so that a receiver can drop what it has
	Timestamp string // webhook-timestamp: seconds of the try
	Signature string // webhook-signature: one for each key, separated by a blank
}

// Sign signs a body as Standard Webhooks does, with each of the keys: while one is
// replaced a receiver may know either.
//
//	"v1," + base64(HMAC-SHA256(key, id + "." + timestamp + "." + body))
func Sign(id string, at time.Time, body []byte, keys ...Key) Signed {
	s := Signed{ID: id, Timestamp: strconv.FormatInt(at.Unix(), 10)}
	signatures := make([]string, len(keys))
	for i, key := range keys {
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(key.digest(&s, body))
	}
	s.Signature = strings.Join(signatures, " ")
	return s
}

func (k Key) digest(s *Signed, body []byte) []byte {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(s.ID + "." + s.Timestamp + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// tolerance is how far the clocks of sender and receiver may be apart.
const tolerance = 5 * time.Minute

// Verify says at an instant that a body was signed with the key not long ago. The
// error is of kind forbidden.
func (k Key) Verify(s Signed, body []byte, now time.Time) error {
	seconds, err := strconv.ParseInt(s.Timestamp, 10, 64)
	if err != nil || time.Unix(seconds, 0).Sub(now).Abs() > tolerance {
		return spend.Errorf(spend.KindForbidden, "verify a webhook", "its timestamp is not within %s", tolerance)
	}
	want := k.digest(&s, body)
	for signature := range strings.FieldsSeq(s.Signature) {
		encoded, v1 := strings.CutPrefix(signature, "v1,")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if v1 && err == nil && hmac.Equal(got, want) {
			return nil
		}
	}
	return spend.Errorf(spend.KindForbidden, "verify a webhook", "no signature is that of the key")
}
