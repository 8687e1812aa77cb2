package auth_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/auth"
)

func TestKeysAreToldFromNames(t *testing.T) {
	t.Parallel()
	for text, key := range map[string]bool{
		"sk-1234": true, "AKIAIOSFODNN7EXAMPLE": true, "AIza" + "SyA-0123456789abcdef": true, "Bearer sk-aaaaaaaaaaaaa": true,
		"ASIA": false, "hf_model": false, "key-17": false, "": false, "msk-0123456789abcdef0123": false,
	} {
		if auth.IsKey(text) != key || (auth.Hashed(text) == text) == key {
			t.Errorf("%q: key %v, kept as %q", text, auth.IsKey(text), auth.Hashed(text))
		}
	}
}

func TestASecretPrintsAsStars(t *testing.T) {
	t.Parallel()
	const text = "canary-in-the-secret"
	type around struct {
		Shown  auth.Secret
		hidden auth.Secret
	}
	s := auth.NewSecret(text)
	both := around{s, s}
	if s.Reveal() != text || (auth.Secret{}).Reveal() != "" {
		t.Fatal("a secret does not reveal its text")
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%c", "%U", "%t", "%10.3v"} {
		for _, value := range []any{s, &s, both, &both, []auth.Secret{s}, map[string]around{"k": both}} {
			fmt.Fprintf(&out, verb+"\n", value)
		}
	}
	fmt.Fprint(&out, s.String(), s.GoString(), fmt.Errorf("tried %v", s))
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "s", s, "both", both)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "s", s, "both", both)
	for _, encode := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		b, err := encode(map[string]any{"s": s, "both": both, "map": map[string]auth.Secret{"k": s}})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
	}
	for _, leak := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), fmt.Sprintf("%d", []byte(text))} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("%q leaked:\n%s", leak, out.String())
		}
	}
	if !strings.Contains(out.String(), `"s":"********"`) || fmt.Sprintf("%d", s) != "********" {
		t.Error("no stars in JSON, or for a verb of numbers")
	}
	_ = both.hidden
}
