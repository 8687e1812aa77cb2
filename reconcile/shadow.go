package reconcile

import (
	"cmp"
	"maps"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Shadow is usage that a vendor tells of a key, project or role that no team answers for.
type Shadow struct {
	Seller   string         `json:"seller"`
	Account  string         `json:"account"`
	Book     spend.Book     `json:"book"`
	Kind     string         `json:"kind"` // api_key, service_account, iam_role, workspace, project or sub_account
	Name     string         `json:"name"` // its name or id
	Currency money.Currency `json:"currency"`
	Amount   money.Amount   `json:"amount"`
	Calls    int64          `json:"calls"`
	Tokens   int64          `json:"tokens"`
	First    string         `json:"first"` // day
	Last     string         `json:"last"`
}

type shadowKey struct {
	seller, account, kind, name string
	book                        spend.Book
	currency                    money.Currency
}

// unseen notes usage on a key that nobody knows: no rule gives it a team.
func (t *Tally) unseen(c *spend.Charge, day string) error {
	if c.Scope.Team != "" || !c.Category.IsUsage() {
		return nil
	}
	kind, name := identity(&c.Scope)
	if name == "" {
		return nil
	}
	at := shadowKey{c.Seller, c.Account, kind, name, c.Book, ""}
	if c.Contracted.Valid {
		at.currency = c.Currency
	}
	s := t.shadow[at]
	if s == nil {
		if len(t.shadow) >= mostCells {
			return spend.Errorf(spend.KindExhausted, "reconcile", "there are more than %d keys that nobody knows", mostCells).WithHint("ask about one seller, or a shorter period")
		}
		s = &Shadow{Seller: at.seller, Account: at.account, Book: at.book, Kind: kind, Name: name, Currency: at.currency, First: day, Last: day}
		t.shadow[at] = s
	}
	var sum adder
	s.Amount = sum.of(s.Amount, c.Contracted.Amount)
	s.Calls += c.Calls
	s.Tokens += c.Usage.PromptTokens() + c.Usage.CompletionTokens()
	s.First, s.Last = min(s.First, day), max(s.Last, day)
	return sum.err
}

// identity is the narrowest that a line says of who used a key.
func identity(s *spend.Scope) (kind, name string) {
	for _, kind := range identities() {
		if name := s.Tags[kind]; name != "" {
			return kind, name
		}
	}
	return "", "" // a person is shown to nobody here
}

// identities are the tags that say who used a key, the narrowest first.
func identities() []string {
	return []string{"api_key", "service_account", "iam_role", "workspace", "project", "sub_account"}
}

// shadows lists what stands, the dearest first.
func (t *Tally) shadows() []Shadow {
	found := []Shadow{}
	for _, key := range slices.SortedFunc(maps.Keys(t.shadow), shadowKey.compare) {
		s := *t.shadow[key]
		if n := len(found); n > 0 && found[n-1].Currency == "" && found[n-1].joins(&s) {
			found[n-1] = s
			continue
		}
		if !s.Amount.IsZero() || s.Calls != 0 || s.Tokens != 0 {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b Shadow) int { return cmp.Or(b.Amount.Cmp(a.Amount), cmp.Compare(b.Tokens, a.Tokens)) })
	return found
}

// joins adds usage that was told without an amount to that with one, of one key.
func (s *Shadow) joins(to *Shadow) bool {
	if s.Seller != to.Seller || s.Account != to.Account || s.Kind != to.Kind || s.Name != to.Name || s.Book != to.Book {
		return false
	}
	to.Calls, to.Tokens = to.Calls+s.Calls, to.Tokens+s.Tokens
	to.First, to.Last = min(to.First, s.First), max(to.Last, s.Last)
	return true
}

func (k shadowKey) compare(o shadowKey) int {
	return cmp.Or(cmp.Compare(k.seller, o.seller), cmp.Compare(k.account, o.account), cmp.Compare(k.kind, o.kind), cmp.Compare(k.name, o.name),
		cmp.Compare(k.book, o.book), cmp.Compare(k.currency, o.currency))
}
