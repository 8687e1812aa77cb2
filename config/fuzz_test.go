package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/config"
)

// FuzzParse holds Parse to three things: it never panics; what it refuses has
// problems, which never show what a variable held; and what it accepts is valid
// and survives being printed.
func FuzzParse(f *testing.F) {
	f.Add([]byte("data: ${A}\nhosts: [a, 'b${B}']\n"))
	f.Add([]byte("lake: &a {threads: 1}\nlog: *a\n"))
	f.Add([]byte("lake: &a {threads: *a}\n<<: *a\n"))
	f.Add([]byte("privacy: {retention: {charges: 400d, journal: 1d12h}}\n--- x\n"))
	f.Add([]byte("tls: {certificate: $$c, key: !!binary aGk=}\n? {a: b}\n: c\n"))
	f.Add([]byte("privacy: {person_views: true, retention: {journal: 12h}}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		const held = "Held0Nowhere"
		c, err := config.Parse(raw, func(name string) (string, bool) { return held, name != "UNSET" })
		if err != nil {
			var refused *config.Error
			if !errors.As(err, &refused) || len(refused.Problems) == 0 {
				t.Fatalf("refused without problems: %v", err)
			}
			if strings.Contains(err.Error(), held) && !strings.Contains(string(raw), held) {
				t.Fatalf("shows what a variable held: %v", err)
			}
			return
		}
		if err := c.Validate(); err != nil {
			t.Fatalf("accepted and invalid: %v", err)
		}
		c.TLS.Key = config.Secret(c.TLS.Key.String())
		if diff := cmp.Diff(c, reparsed(t, c)); diff != "" {
			t.Fatalf("printed and read again differs (-want +got):\n%s", diff)
		}
	})
}
