package budget

import (
	"strings"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

const (
	maxText   = 200 // bytes of a value or a reason
	maxAmount = 1_000_000_000_000_000
)

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read budgets", "%s", why).
		WithHint("a list under budgets: of id, scope, amount, currency, period, at_limit …, and one under rates: of id, scope, each, calls, per …")
}

// clip keeps a stranger's text in an error short.
func clip(s string) string {
	if len(s) > document.MaxName {
		return s[:document.MaxName] + "…"
	}
	return s
}

// isName says that a limit may be called so: it stands in answers, messages and
// addresses.
func isName(s string) bool { return document.IsName(s, "./") }

// isAddress says that a text holds what looks like an e-mail address, which no limit
// keeps.
func isAddress(s string) bool { return strings.Contains(s, "@") }
