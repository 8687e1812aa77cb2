package budget

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

const (
	maxText   = 200 // bytes of a value or a reason
	maxName   = 60  // bytes of the id of a limit
	maxAmount = 1_000_000_000_000_000
)

// problems are the mistakes in a document or in a set of limits.
type problems []spend.Problem

func (p *problems) add(wrong bool, field, format string, args ...any) {
	if wrong {
		*p = append(*p, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
	}
}

// err gives all problems as one error of kind invalid.
func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	texts := make([]string, len(p))
	for i := range p {
		texts[i] = p[i].String()
	}
	return refused(strings.Join(texts, "; "))
}

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read budgets", "%s", why).
		WithHint("a list under budgets: of id, scope, amount, currency, period, at_limit …, and one under rates: of id, scope, each, calls, per …")
}

// clip keeps a stranger's text in an error short.
func clip(s string) string {
	if len(s) > maxName {
		return s[:maxName] + "…"
	}
	return s
}

// isName says that a limit may be called so: it stands in answers, messages and
// addresses.
func isName(s string) bool {
	return s != "" && len(s) <= maxName && !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-_./", c)
	})
}

// isAddress says that a text holds what looks like an e-mail address, which no limit
// keeps.
func isAddress(s string) bool { return strings.Contains(s, "@") }
