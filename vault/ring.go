package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// The variables that bring the master key: itself, or the path of a file that holds it.
const (
	Variable     = "BURSAR_MASTER_KEY"
	FileVariable = "BURSAR_MASTER_KEY_FILE"
)

// Environment is where the master key comes from.
type Environment struct {
	Get  func(name string) (string, bool)
	Read func(path string) ([]byte, error)
}

// System is the environment of the process.
func System() Environment { return Environment{os.LookupEnv, os.ReadFile} }

// Ring holds master keys: the first seals, and each opens what it has sealed. The zero
// Ring holds none.
type Ring struct{ masters []master }

// master is a key of 256 bits, with the name by which boxes know it.
type master struct {
	id   string
	aead cipher.AEAD
}

// masterBytes is the length of a master key.
const masterBytes = 32

// HowToMake says how a master key comes into being.
const HowToMake = "make one with openssl rand -base64 32, keep it where your backups are not, and give it to the server in " + Variable + " or in a file that " + FileVariable + " names"

// ReadRing reads the master keys of an environment: one, or several with the newest
// first while one is replaced. A ring without any is no error. The error is of kind
// invalid, and repeats nothing of a key.
func ReadRing(from Environment) (Ring, error) {
	const op = "read the master key"
	text, _ := from.Get(Variable)
	path, _ := from.Get(FileVariable)
	switch {
	case text != "" && path != "":
		return Ring{}, spend.Errorf(spend.KindInvalid, op, "%s and %s are both set", Variable, FileVariable).WithHint("set one of them")
	case path != "":
		raw, err := from.Read(path)
		if err != nil {
			return Ring{}, spend.Errorf(spend.KindInvalid, op, "the file that %s names cannot be read", FileVariable).WithHint("it must be there, and readable by the server alone")
		}
		text = string(raw)
	}
	var r Ring
	for word := range strings.FieldsSeq(text) {
		m, err := readMaster(word)
		if err != nil {
			return Ring{}, spend.Errorf(spend.KindInvalid, op, "key %d of them %w", len(r.masters)+1, err).WithHint(HowToMake)
		}
		r.masters = append(r.masters, m)
	}
	return r, nil
}

func readMaster(text string) (master, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != masterBytes {
		return master{}, errors.New("is not 32 bytes in base64")
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return master{}, errors.New("is no key")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return master{}, errors.New("is no key")
	}
	sum := sha256.Sum256(append([]byte("bursar master key\x00"), raw...))
	return master{hex.EncodeToString(sum[:4]), aead}, nil
}

// Newest names the master key that seals, "" when there is none.
func (r Ring) Newest() string {
	if len(r.masters) == 0 {
		return ""
	}
	return r.masters[0].id
}

// find gives the master key of a name.
func (r Ring) find(id string) (master, bool) {
	for _, m := range r.masters {
		if m.id == id {
			return m, true
		}
	}
	return master{}, false
}
