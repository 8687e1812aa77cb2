package agentlog_test

import (
	"fmt"
	"testing"
)

func TestRepositoriesAreNamedWithoutSecrets(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://forge.example/acme/shop.git":              "forge.example/acme/shop",
		"https://ada:s3cret@Forge.example:8443/acme/shop/": "forge.example/acme/shop",
		"git@forge.example:acme/shop.git":                  "forge.example/acme/shop",
		"ssh://git@forge.example:22/acme/shop":             "forge.example/acme/shop",
		"acme/shop":                                        "acme/shop",
		"/home/ada/src/shop.git":                           "shop",
		"file:///home/ada/src/shop":                        "shop",
		`C:\Users\ada\src\shop`:                            "shop",
		"../shop":                                          "shop",
		"ada:s3cret@":                                      "",
		"/home/ada":                                        "",
		"":                                                 "",
	} {
		recs := codex(t, thread("09:00:00", "th-1", fmt.Sprintf(`,"git":{"repository_url":%q}`, address)), count("09:00:09", sums{1, 0, 1, 0}, sums{1, 0, 1, 0}))
		if got := recs[0].Event.Scope.Tags["repository"]; got != want {
			t.Errorf("%q is %q, want %q", address, got, want)
		}
	}
}
