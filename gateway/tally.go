package gateway

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// The kinds of tokens that are told apart.
const (
	fresh = iota
	cacheRead
	cacheWrite
	output
	tokenKinds
)

func tokenNames() [tokenKinds]string {
	return [tokenKinds]string{"fresh", "cache_read", "cache_write", "output"}
}

// The words of the labels. What is none of them counts with the first.
var (
	allVerdicts = [...]budget.Action{budget.Allow, budget.Watch, budget.Warn, budget.Throttle, budget.Approve, budget.Stop, budget.Downgrade}
	allStatuses = [...]spend.Status{spend.StatusInterrupted, spend.StatusOK, spend.StatusError, spend.StatusAborted}
	allReasons  = [...]protocol.Reason{
		protocol.Unavailable, protocol.OverBudget, protocol.UnknownKey, protocol.KeyExpired, protocol.NotAllowed,
		protocol.ModelNotAllowed, protocol.RateLimited, protocol.Unreadable, protocol.TooLarge,
	}
)

func verdicts() []budget.Action  { return allVerdicts[:] }
func statuses() []spend.Status   { return allStatuses[:] }
func reasons() []protocol.Reason { return allReasons[:] }

func index[T comparable](all []T, one T) int { return max(slices.Index(all, one), 0) }

// word is a verdict as people read it.
func word(a budget.Action) string {
	if a == budget.Allow {
		return "allow"
	}
	return string(a)
}

// tally is what is counted of one set, about a kilobyte.
type tally struct {
	attempts [len(allVerdicts)][len(allStatuses)]atomic.Int64
	refused  [len(allReasons)][len(allVerdicts)]atomic.Int64
	tokens   [tokenKinds]atomic.Int64
	unpriced atomic.Int64

	mu   sync.Mutex
	cost map[money.Currency]money.Amount // exact; a monitoring system gets the nearest float
}

// consume adds what an attempt used and what that cost.
func (t *tally) consume(e *spend.Event, cost *budget.Cost) {
	u := &e.Usage
	read := u.Tokens[spend.CacheRead]
	written := u.Tokens[spend.CacheWrite5m] + u.Tokens[spend.CacheWrite1h] + u.Tokens[spend.CacheWriteOther]
	t.tokens[fresh].Add(u.PromptTokens() - read - written)
	t.tokens[cacheRead].Add(read)
	t.tokens[cacheWrite].Add(written)
	t.tokens[output].Add(u.CompletionTokens())
	switch {
	case e.UsageSource == spend.UsageNone: // nothing was consumed
	case !cost.Reporting.Valid:
		t.unpriced.Add(1)
	default:
		t.pay(cost.In, cost.Reporting.Amount)
	}
}

// pay adds money; a sum that no amount holds stays as it was.
func (t *tally) pay(in money.Currency, amount money.Amount) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cost == nil {
		t.cost = map[money.Currency]money.Amount{}
	}
	if sum, err := t.cost[in].Add(amount); err == nil {
		t.cost[in] = sum
	}
}
