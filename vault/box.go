package vault

import (
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// boxStart begins every box: the cipher (AES-256 in GCM, with a random nonce before the
// text) and what is authenticated with it.
const boxStart = "bursar1"

// MaxSecret is the length of the longest key that is sealed, in bytes.
const MaxSecret = 4096

var nameShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// CheckName refuses what is no name of a key of an upstream. The error is of kind invalid.
func CheckName(name string) error {
	if !nameShape.MatchString(name) {
		return spend.Errorf(spend.KindInvalid, "name a key of an upstream", "%.70q is no name", name).
			WithHint("1 to 64 of a-z, 0-9, dot, dash and underscore, like openai or azure-eu")
	}
	return nil
}

// CheckSecret refuses what no field of a request can carry. The error is of kind
// invalid, and says nothing of the text.
func CheckSecret(secret auth.Secret) error {
	text := secret.Reveal()
	beyond := func(c rune) bool { return c <= ' ' || c > '~' }
	if text == "" || len(text) > MaxSecret || strings.ContainsFunc(text, beyond) {
		return spend.Errorf(spend.KindInvalid, "read a key of an upstream", "it is not 1 to %d visible characters without a space", MaxSecret).
			WithHint("give the vendor's key alone, on one line")
	}
	return nil
}

// Seal makes a box of a secret, which opens under its name alone. The error is of kind
// conflict when there is no master key.
func (r Ring) Seal(name string, secret auth.Secret) (string, error) {
	if len(r.masters) == 0 {
		return "", spend.Errorf(spend.KindConflict, "seal a key", "there is no master key").WithHint(HowToMake)
	}
	m := r.masters[0]
	sealed := m.aead.Seal(nil, nil, []byte(secret.Reveal()), bound(m.id, name))
	return strings.Join([]string{boxStart, m.id, base64.RawURLEncoding.EncodeToString(sealed)}, "."), nil
}

// Open gives the secret of a box that was sealed under this name. The error is of kind
// conflict: its master key is not here, or the box is not as it was sealed.
func (r Ring) Open(name, box string) (auth.Secret, error) {
	const op = "open a key"
	anew := "set it anew: bursar upstream-key set " + name
	id, text, ours := split(box)
	if !ours {
		return auth.Secret{}, spend.Errorf(spend.KindConflict, op, "%s is no box of ours", name).WithHint("%s", anew)
	}
	m, found := r.find(id)
	if !found {
		return auth.Secret{}, spend.Errorf(spend.KindConflict, op, "%s is sealed under the master key %s, which is not here", name, id).
			WithHint("give that master key in %s or in the file that %s names, after the present one if there is one; if it is lost, %s", Variable, FileVariable, anew)
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err == nil {
		sealed, err = m.aead.Open(nil, nil, sealed, bound(id, name))
	}
	if err != nil {
		return auth.Secret{}, spend.Errorf(spend.KindConflict, op, "the box of %s was changed, or was sealed for another name", name).WithHint("%s", anew)
	}
	return auth.NewSecret(string(sealed)), nil
}

// SealedUnder names the master key of a box, "" when it is no box.
func SealedUnder(box string) string {
	id, _, _ := split(box)
	return id
}

func split(box string) (id, text string, ours bool) {
	parts := strings.Split(box, ".")
	if len(parts) != 3 || parts[0] != boxStart {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// bound is what a box is good for, and nothing else.
func bound(id, name string) []byte {
	return []byte("bursar upstream key\x00" + boxStart + "\x00" + id + "\x00" + name)
}
