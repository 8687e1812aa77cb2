package vault_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/vault"
)

const secret = "sk-canary-5d1e"

// masterOf is a made-up master key: one byte, 32 times.
func masterOf(b byte) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(rune(b)), 32)))
}

func environment(variables map[string]string, files map[string]string) vault.Environment {
	return vault.Environment{
		Get: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		Read: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, errors.New("no such file")
		},
	}
}

func ring(t *testing.T, masters ...string) vault.Ring {
	t.Helper()
	r, err := vault.ReadRing(environment(map[string]string{vault.Variable: strings.Join(masters, " ")}, nil))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func sealed(t *testing.T, r vault.Ring, name string) string {
	t.Helper()
	box, err := r.Seal(name, auth.NewSecret(secret))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func refused(t *testing.T, err error, kind spend.Kind, says string) {
	t.Helper()
	if err == nil || spend.KindOf(err) != kind || !strings.Contains(err.Error()+spend.HintOf(err), says) {
		t.Errorf("want an error of kind %s with %q, got %v → %s", kind, says, err, spend.HintOf(err))
	}
	if err != nil && strings.Contains(err.Error()+spend.HintOf(err), secret) {
		t.Errorf("the error tells the secret: %v", err)
	}
}

func TestABoxOpensUnderItsNameAndMasterAlone(t *testing.T) {
	t.Parallel()
	r := ring(t, masterOf('a'))
	box := sealed(t, r, "openai")
	if strings.Contains(box, secret) || vault.SealedUnder(box) != r.Newest() || r.Newest() == "" {
		t.Errorf("the box %s is sealed under %q", box, vault.SealedUnder(box))
	}
	if got, err := r.Open("openai", box); err != nil || got.Reveal() != secret {
		t.Fatalf("%q, %v", got.Reveal(), err)
	}
	if again := sealed(t, r, "openai"); again == box {
		t.Error("two boxes of one secret are the same")
	}
	_, err := r.Open("azure", box)
	refused(t, err, spend.KindConflict, "sealed for another name")
	_, err = ring(t, masterOf('b')).Open("openai", box)
	refused(t, err, spend.KindConflict, "master key "+r.Newest()+", which is not here")
	_, err = vault.Ring{}.Open("openai", box)
	refused(t, err, spend.KindConflict, "bursar upstream-key set openai")
	_, err = vault.Ring{}.Seal("openai", auth.NewSecret(secret))
	refused(t, err, spend.KindConflict, "openssl rand -base64 32")
}

// TestEveryChangeOfABoxIsFound changes, removes and adds each character of a box.
func TestEveryChangeOfABoxIsFound(t *testing.T) {
	t.Parallel()
	r := ring(t, masterOf('a'))
	box := sealed(t, r, "openai")
	for i := range box {
		other := byte('A')
		if box[i] == other {
			other = 'B'
		}
		for _, changed := range []string{box[:i] + string(other) + box[i+1:], box[:i] + box[i+1:], box[:i], box[:i] + "A" + box[i:]} {
			if changed == box {
				continue
			}
			got, err := r.Open("openai", changed)
			refused(t, err, spend.KindConflict, "openai")
			if got.Reveal() != "" {
				t.Errorf("%s opens", changed)
			}
		}
	}
}

// TestAMasterIsReplaced opens what the one before sealed, and seals under the new one.
func TestAMasterIsReplaced(t *testing.T) {
	t.Parallel()
	before := ring(t, masterOf('a'))
	box := sealed(t, before, "openai")
	both := ring(t, masterOf('b'), masterOf('a'))
	got, err := both.Open("openai", box)
	if err != nil || got.Reveal() != secret {
		t.Fatal(err)
	}
	anew := sealed(t, both, "openai")
	if vault.SealedUnder(anew) == vault.SealedUnder(box) {
		t.Error("it is sealed under the old master")
	}
	if _, err := ring(t, masterOf('b')).Open("openai", anew); err != nil {
		t.Error(err)
	}
}

func TestMastersAreReadStrictly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		variables, files map[string]string
		says             string
	}{
		{map[string]string{vault.Variable: "short"}, nil, "key 1 of them is not 32 bytes"},
		{map[string]string{vault.Variable: masterOf('a') + " " + secret}, nil, "key 2 of them is not 32 bytes"},
		{map[string]string{vault.Variable: masterOf('a'), vault.FileVariable: "m"}, map[string]string{"m": masterOf('a')}, "both set"},
		{map[string]string{vault.FileVariable: "/nowhere"}, nil, "cannot be read"},
	} {
		_, err := vault.ReadRing(environment(c.variables, c.files))
		refused(t, err, spend.KindInvalid, c.says)
	}
	r, err := vault.ReadRing(environment(map[string]string{vault.FileVariable: "m"}, map[string]string{"m": masterOf('a') + "\n"}))
	if err != nil || r.Newest() != ring(t, masterOf('a')).Newest() {
		t.Errorf("of a file: %q, %v", r.Newest(), err)
	}
	if none, err := vault.ReadRing(environment(nil, nil)); err != nil || none.Newest() != "" {
		t.Errorf("of nothing: %q, %v", none.Newest(), err)
	}
}

func TestNamesAndSecretsAreChecked(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "A", "a/b", "../a", "a b", "-a", strings.Repeat("a", 65)} {
		refused(t, vault.CheckName(name), spend.KindInvalid, "is no name")
	}
	for _, text := range []string{"", "two words", "two\nlines", "ä", "\x00", strings.Repeat("a", vault.MaxSecret+1)} {
		refused(t, vault.CheckSecret(auth.NewSecret(text)), spend.KindInvalid, "visible characters")
	}
	if err := errors.Join(vault.CheckName("azure-eu.2"), vault.CheckSecret(auth.NewSecret(secret))); err != nil {
		t.Error(err)
	}
	if text := fmt.Sprint(auth.NewSecret(secret)); strings.Contains(text, secret) {
		t.Error(text)
	}
}

// FuzzOpen gets a secret out of nothing but what was sealed.
func FuzzOpen(f *testing.F) {
	r, err := vault.ReadRing(environment(map[string]string{vault.Variable: masterOf('a')}, nil))
	if err != nil {
		f.Fatal(err)
	}
	box, err := r.Seal("openai", auth.NewSecret(secret))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{box, box[:len(box)-1], "bursar1..", "bursar1." + r.Newest() + ".", "", "…"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, other string) {
		got, err := r.Open("openai", other)
		if (err == nil) != (got.Reveal() == secret) || err != nil && spend.KindOf(err) != spend.KindConflict {
			t.Errorf("%q gives %q: %v", other, got.Reveal(), err)
		}
	})
}
