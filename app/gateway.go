package app

import (
	"context"
	"os"
	"sync"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
)

// calls makes the way of calls to models, nil when none pass.
func (s *Server) calls(d Door) (*gateway.Gateway, error) {
	if d.Calls == nil {
		return nil, nil //nolint:nilnil // without a way nothing passes
	}
	routes, err := gateway.OwnRoutes(s.environment())
	if err != nil {
		return nil, err
	}
	if d.Routes != "" {
		others, err := readRoutes(d.Routes, s.environment())
		if err != nil {
			return nil, err
		}
		routes = gateway.Over(routes, others)
	}
	routes = gateway.Over(routes, d.Calls.Routes)
	access, err := s.accessLog(d.Access)
	if err != nil {
		return nil, err
	}
	c := *d.Calls
	c.Routes, c.Keys, c.Ledger, c.Prices = routes, keys{doorkeeper{s}}, s.Ingest, newMaximum(s)
	c.AccessLog = access
	if d.Telemetry != nil {
		c.Ledger = overheard{s.Ingest, s}
	}
	c.Budgets, c.Scopes, c.Labels = s.Budgets, due{s}, s.Ingest.Labels
	c.Now, c.Log, c.Counts, c.Meter, c.Running, c.Stalls = s.Now, s.log, &s.passed, s.metrics.calls, &s.passing, &s.stalls
	c.Before = s.calling.Load()
	made, err := gateway.New(c)
	if err == nil {
		s.calling.Store(made)
	}
	return made, err
}

func readRoutes(path string, from gateway.Environment) ([]gateway.Route, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unopened("read the routes", err)
	}
	defer f.Close() //nolint:errcheck // only read
	routes, err := gateway.ReadRoutes(f, from)
	return routes, inFile(path, err)
}

// keys lets callers of models in.
type keys struct{ doorkeeper }

// Caller finds out whose key it is, and what that may do.
func (k keys) Caller(ctx context.Context, presented auth.Secret) (gateway.Caller, error) {
	admission, err := k.Token(ctx, presented)
	switch {
	case err != nil:
		return gateway.Caller{}, err
	case !admission.Admitted:
		return gateway.Caller{Refusal: admission.Reason}, nil
	}
	who := admission.Identity
	scope := ownScope(who)
	if verdict := auth.Authorise(who, auth.GatewayCall, auth.Target{Scope: scope}); !verdict.Allowed {
		return gateway.Caller{Refusal: verdict.Reason + "; make a key with bursar key create"}, nil
	}
	scope.Credential, scope.Workflow, scope.Environment = who.Token, who.Bounds.Workflow, who.Bounds.Environment
	return gateway.Caller{Scope: scope, Space: namespace(who), Bounds: who.Bounds}, nil
}

// due says under which scope a call will be booked.
type due struct{ *Server }

// Scope is that of the order in force.
func (d due) Scope(e *spend.Event) spend.Scope { return d.order.Load().ScopeOf(e) }

// maximum says what calls may cost at most, by the prices in force.
type maximum struct {
	*Server
	ratings *sync.Pool // a call is rated several times, and a rating that is used again allocates nothing
}

func newMaximum(s *Server) maximum {
	return maximum{s, &sync.Pool{New: func() any { return new(pricebook.Rating) }}}
}

// rating lends one until it is given back.
func (m maximum) rating() *pricebook.Rating {
	return m.ratings.Get().(*pricebook.Rating) //nolint:forcetypeassert // nothing else is in it
}

// Limits gives what the model takes and gives at most, as the book has it.
func (m maximum) Limits(seller, model string) protocol.Limits {
	l, _ := m.order.Load().Book.Limit(seller, model, m.Now())
	return protocol.Limits{Context: l.Context, Output: l.Output}
}

// Most is the highest price over the cases.
func (m maximum) Most(call pricebook.Call, cases []spend.Usage) (most money.Null) {
	book, rating := m.order.Load().Book, m.rating()
	defer m.ratings.Put(rating)
	for i := range cases {
		call.Usage = &cases[i]
		bound := budget.Bound(book, &call, rating)
		cost := bound.List
		if bound.Contracted.Amount.Cmp(cost.Amount) > 0 {
			cost = bound.Contracted
		}
		held := m.reported(cost, bound.Currency, &call)
		if !held.Valid {
			return money.Null{}
		}
		if !most.Valid || held.Amount.Cmp(most.Amount) > 0 {
			most = held
		}
	}
	return most
}

// Cost is that of a call as it was.
func (m maximum) Cost(call pricebook.Call) budget.Cost {
	in, rating := m.order.Load(), m.rating()
	defer m.ratings.Put(rating)
	in.Book.Rate(&call, rating)
	cost := budget.Cost{In: in.Reporting, Calls: 1, Tokens: call.Usage.PromptTokens() + call.Usage.CompletionTokens(), Currency: rating.Currency}
	if rating.State == spend.Unpriced {
		cost.Exposure.Amount, _ = in.Book.Hold(&call)
		cost.Exposure.Currency = pricebook.HoldCurrency
		return cost
	}
	cost.List, cost.Contracted, cost.Effective = money.Known(rating.List), money.Known(rating.Contracted), money.Known(rating.Contracted)
	cost.Reporting = m.reported(cost.Contracted, rating.Currency, &call)
	return cost
}

// reported gives a cost of a call in the reporting currency, unknown when it is or when
// no exchange rate says so.
func (m maximum) reported(cost money.Null, in money.Currency, call *pricebook.Call) money.Null {
	if !cost.Valid {
		return cost
	}
	return m.quoted(money.Money{Amount: cost.Amount, Currency: in}, exchange.Want{
		To: m.Currency(), Day: exchange.DayOf(call.At, m.Calendar().Location()), Seller: call.Seller, Account: call.Account,
	})
}
