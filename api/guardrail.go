package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// Guardrails are what governs the calls of an application, workflow or agent: who answers
// for it, the limits that may look at its calls, and the keys that may make them.
type Guardrails struct {
	Kind   register.Kind `json:"kind"`
	Name   string        `json:"name"`
	Since  time.Time     `json:"since"` // calls from then on say where it runs
	Calls  int64         `json:"calls"` // how many; of none its name and owner alone say what governs it
	Owner  GuardOwner    `json:"owner"`
	Limits []Guardrail   `json:"limits"` // that whoever asks may see: budgets, then rates
	Hidden int           `json:"hidden"` // limits that govern it, of scopes that whoever asks may not see
	Keys   []GuardKey    `json:"keys"`   // in force, those that called as it first; null for who may not see keys

	MoreKeys  int `json:"more_keys"` // beyond those that are listed
	Elsewhere int `json:"elsewhere"` // keys in force whose calls would be of another scope, whatever they name
}

// GuardOwner is who answers for it, as the register says.
type GuardOwner struct {
	Status  register.Status `json:"status"`
	Team    string          `json:"team"`    // "" while nobody does
	By      string          `json:"team_by"` // who says so: register or organisation
	Contact string          `json:"contact"` // principal id, "" for none
	Purpose string          `json:"purpose"`
}

// The kinds of a guardrail.
const (
	BudgetRail = "budget"
	RateRail   = "rate"
)

// Guardrail is a limit that may look at the calls.
type Guardrail struct {
	Limit   string              `json:"limit"`
	Kind    string              `json:"kind"`   // budget or rate
	Says    string              `json:"says"`   // the whole limit, for people
	Named   bool                `json:"named"`  // its scope names what was asked for
	Beside  map[string][]string `json:"beside"` // what a call must be as well, by dimension; empty when it looks at all of them
	Some    bool                `json:"some"`   // it looks at some of the calls alone, those that its exemptions leave
	Each    []string            `json:"each"`   // dimensions of which every value is counted apart
	AtLimit string              `json:"at_limit"`
	Owner   string              `json:"owner"`

	Windows []BudgetStanding `json:"windows"`      // open ones in which the calls count, the fullest first
	More    int              `json:"more_windows"` // beyond those

	Scope spend.Scope `json:"-"` // in which all lies that it counts
}

// GuardKey is a key that may make the calls, without its secret.
type GuardKey struct {
	Prefix   string      `json:"prefix"`
	Name     string      `json:"name"`
	Scope    spend.Scope `json:"scope"`
	Bounds   auth.Bounds `json:"bounds"` // models and endpoints that it may ask for, all when empty
	Expires  time.Time   `json:"expires,omitzero"`
	LastUsed string      `json:"last_used"` // day in UTC, "" for never
	Calls    int64       `json:"calls"`     // that it made as what was asked for
}

const (
	railsOf     = "30d" // calls that say where something runs
	shownPlaces = 200   // kinds of calls by where they run
	shownWindow = 5     // of a limit
	shownKeys   = 100
)

// places are the dimensions that say where calls run.
func places() []spend.Dimension {
	return []spend.Dimension{"business_unit", "team", "application", "workflow", "agent", "environment"}
}

func guardrailRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/guardrails/{kind}/{name...}", action: auth.SpendRead, handle: (*call).guardrails, needs: inOwnScope,
		summary: "Says what governs an application, a workflow or an agent: its owner, the budgets and rates that may look at its calls, as they stand, and the keys that may make them. Who may see one scope gets the limits of it; keys are for who manages them.",
		params: []param{
			{"path", "kind", "application, workflow or agent"}, {"path", "name", "of the entry, or a name that means it today"},
			{"query", "currency", "to set beside the own one of each budget, by the rate of today"}, listFormat(),
		},
		out: Guardrails{}, status: http.StatusOK,
	}}
}

func (c *call) guardrails() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	asked, err := c.asRegistered(v)
	if err != nil {
		return reply{}, err
	}
	if asked.Kind, err = kindOf(c.request.PathValue("kind")); err != nil {
		return reply{}, err
	}
	asked.Name, asked.Most = c.request.PathValue("name"), 1
	to, err := c.currencyOf(v.Get("currency"))
	if err != nil {
		return reply{}, err
	}
	var g governed
	if err := c.inTurn(func(ctx context.Context) (err error) {
		if g, err = c.governed(ctx, asked); err != nil {
			return err
		}
		if err := g.keys(ctx); err != nil {
			return err
		}
		c.currency = to
		return g.limits(ctx)
	}); err != nil {
		return reply{}, err
	}
	return pageReply(v, &g.Guardrails, GuardrailCSV)
}

// governed gathers what governs an entry of the register.
type governed struct {
	*call
	Guardrails
	named spend.Filter   // its lines
	calls []budget.Known // kinds of its calls, by where they run
}

// governed looks the entry up, and where its calls run.
func (c *call) governed(ctx context.Context, asked RegisterQuestion) (governed, error) {
	e, err := c.Register.RegisteredOne(ctx, asked)
	if err != nil {
		return governed{}, err
	}
	g := governed{call: c, named: spend.Filter{By: spend.Dimension(e.Kind), Values: append([]string{e.Name}, e.Names...)}}
	slices.Sort(g.named.Values)
	g.named.Values = slices.Compact(g.named.Values)
	g.Guardrails = Guardrails{
		Kind: e.Kind, Name: e.Name, Since: asked.From, Limits: []Guardrail{},
		Owner: GuardOwner{Status: e.Status, Team: e.Team, By: e.TeamBy, Contact: e.Contact, Purpose: e.Purpose},
	}
	table, err := g.ask(ctx, places()...)
	if err != nil {
		return g, err
	}
	for i := range table.Rows {
		row := &table.Rows[i]
		known := budget.Known{}
		for k, d := range places() {
			if !row.Other {
				known[string(d)] = row.Keys[k]
			}
		}
		calls, _ := row.Values[0].Amount.Int()
		if calls == 0 {
			continue // what was there is taken back
		}
		g.place(known)
		g.Calls += calls
	}
	if len(g.calls) == 0 {
		known := budget.Known{}
		if e.Team != "" {
			known["team"] = e.Team
		}
		g.place(known)
	}
	return g, nil
}

// place adds a kind of calls, under the name that they mean today.
func (g *governed) place(known budget.Known) {
	known[string(g.Kind)] = g.Name
	g.calls = append(g.calls, known)
}

// ask counts the calls of the entry by dimensions, those that whoever asks may see.
func (g *governed) ask(ctx context.Context, by ...spend.Dimension) (spend.Table, error) {
	ask, err := g.call.ask(nil)
	if err != nil {
		return spend.Table{}, err
	}
	ask.Measures, ask.Since, ask.Top = string(spend.Calls), railsOf, shownPlaces
	q, err := ask.Query(g.now)
	if err != nil {
		return spend.Table{}, err
	}
	q.By, q.Where = by, append(g.ownLines(), g.named)
	return g.Asker.Answer(ctx, &q)
}
