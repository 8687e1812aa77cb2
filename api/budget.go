package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Budgets knows how much of each limit is used.
type Budgets interface {
	// Budgets lists the windows in which an instant lies, by budget.
	Budgets(ctx context.Context, at time.Time) ([]BudgetStanding, error)
	// CheckBudgets gives what a call would be told, and holds nothing. The error is of
	// kind invalid when the call says what cannot be.
	CheckBudgets(ctx context.Context, t BudgetTrial) (BudgetVerdict, error)
	// Courses tells how the windows of a day or longer, in which an instant lies, are used
	// up; an answer of the last minutes may be given again.
	Courses(ctx context.Context, at time.Time) (BudgetCourses, error)
	// Governing lists the limits that may look at calls of which some values are known.
	Governing(ctx context.Context, calls []budget.Known, at time.Time) ([]Guardrail, error)
}

// BudgetList is how budgets stand at an instant.
type BudgetList struct {
	At    time.Time        `json:"at"`
	Items []BudgetStanding `json:"items"` // the fullest first; those that whoever asks may see
	More  int              `json:"more"`  // windows beyond those that were asked for
}

// BudgetStanding is how one window of a budget stands. Use is booked, settled and
// held together.
type BudgetStanding struct {
	Budget   string            `json:"budget"`
	Says     string            `json:"says"` // the whole budget, for people
	Each     map[string]string `json:"each,omitempty"`
	Scope    spend.Scope       `json:"scope"`
	From     *time.Time        `json:"from"` // null of a run
	To       *time.Time        `json:"to"`
	Resets   *time.Time        `json:"resets"`          // when room comes back by itself; null for never, and of a rolling window for bit by bit
	Rolls    string            `json:"rolls,omitempty"` // how long a rolling window is, "30 days"
	Counts   string            `json:"counts"`          // effective, contracted, list, tokens, calls
	Currency money.Currency    `json:"currency,omitempty"`
	Limit    money.Amount      `json:"limit"`        // what results add included
	Booked   money.Amount      `json:"booked"`       // in the ledger, exposure included
	Settled  money.Amount      `json:"settled"`      // ended, and not booked yet
	Held     money.Amount      `json:"held"`         // of open calls, each at the most that it can cost
	Left     money.Amount      `json:"left"`         // of the limit and its grace, zero when nothing is
	Used     int64             `json:"used_percent"` // of the limit, rounded down
	Unknown  int64             `json:"unknown"`      // calls that nobody knows the amount of
	Refused  int64             `json:"refused"`      // calls that the gateway refused for it since the server started
	AtLimit  string            `json:"at_limit"`
	Reached  []string          `json:"reached"` // thresholds that spending has reached, as documents write them
	Owner    string            `json:"owner,omitempty"`

	RefusedBy map[string]int64 `json:"refused_by_workflow,omitempty"` // the same by workflow

	Converted *ConvertedBudget `json:"converted,omitempty"` // in the currency that was asked for, where a rate of today is known

	Plain bool `json:"-"` // it counts all that everybody, or one unit or team, spends: no more and no less
}

// BudgetTrial is a call that might be made.
type BudgetTrial struct {
	Scope    spend.Scope `json:"scope"`
	Seller   string      `json:"seller,omitempty"`
	Model    string      `json:"model,omitempty"`
	Region   string      `json:"region,omitempty"`
	Kind     string      `json:"kind,omitempty"`     // chat, embeddings, …
	Usage    spend.Usage `json:"usage"`              // the most that it can use, by meter: in_text, out_text, …
	Depth    int64       `json:"depth,omitempty"`    // of its run below the one that a trigger began
	Approved []string    `json:"approved,omitempty"` // budgets under which a person approved it
}

// BudgetVerdict is what a call would be told.
type BudgetVerdict struct {
	Admitted bool           `json:"admitted"`
	Action   string         `json:"action"`                 // "" when there is nothing to say, else watch, warn, throttle, approve, stop or downgrade
	Model    string         `json:"model,omitempty"`        // that it goes on with, of a downgrade
	Wait     float64        `json:"wait_seconds,omitempty"` // until it may be asked again
	Needs    money.Null     `json:"needs"`                  // the most that it can cost, of a downgrade with the other model; null when nothing bounds it
	Currency money.Currency `json:"currency,omitempty"`     // of needs
	Scope    spend.Scope    `json:"scope"`                  // that it would be booked under
	Reasons  []BudgetReason `json:"reasons"`                // the strongest first
}

// BudgetReason is one limit that a call does not fit.
type BudgetReason struct {
	Limit  string     `json:"limit"` // "" of one that whoever asks may not see
	Action string     `json:"action"`
	Cause  string     `json:"cause"` // full, unproven, unrated or too_fast
	Says   string     `json:"says"`
	Resets *time.Time `json:"resets"`          // null for never; of a rolling window when all that was used in it has come back
	Owner  string     `json:"owner,omitempty"` // whom to ask

	Remarks []string `json:"remarks,omitempty"` // what it lacks to act as it says: a price of its fallback, an exchange rate

	Scope spend.Scope `json:"-"` // in which all lies that the limit counts
}

// Covered is what is told of a limit to whoever may not see it: what it does, and no
// name, owner or figure.
func (r *BudgetReason) Covered() BudgetReason {
	return BudgetReason{Action: r.Action, Cause: r.Cause, Says: "a limit of a scope that you may not see; finance or an admin can say which"}
}

func budgetRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/budgets", action: auth.BudgetRead, handle: (*call).listBudgets, needs: inOwnScope,
			summary: "Lists budgets as they stand now, the fullest first: what is used, what is left, when they reset. Who may see one scope gets those of that scope.",
			params:  []param{{"query", "limit", "windows, 1 to 1000; 100 when empty"}, {"query", "currency", "to set beside the own one of each, by the rate of today"}, listFormat()},
			out:     BudgetList{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/budgets/check", action: auth.BudgetRead, handle: (*call).checkBudgets, needs: trialNeeds,
			summary: "Says what a call would be told by the limits that match it. Nothing is held. Of limits that the caller may not see it tells no name and no figure.",
			in:      BudgetTrial{}, out: BudgetVerdict{}, status: http.StatusOK,
		},
		budgetCourseRoute(),
	}
}

func (c *call) listBudgets() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	most, err := pageLimit(v)
	if err != nil {
		return reply{}, err
	}
	if c.currency, err = c.currencyOf(v.Get("currency")); err != nil {
		return reply{}, err
	}
	all, err := c.Budgets.Budgets(c.request.Context(), c.now)
	if err != nil {
		return reply{}, err
	}
	list := BudgetList{At: c.now, Items: []BudgetStanding{}}
	for i := range all {
		if c.maySee(&all[i].Scope) {
			list.Items = append(list.Items, all[i])
		}
	}
	slices.SortStableFunc(list.Items, func(a, b BudgetStanding) int { return cmp.Compare(b.Used, a.Used) })
	list.More = len(list.Items) - min(len(list.Items), most)
	list.Items = list.Items[:len(list.Items)-list.More]
	if err := c.convertBudgets(list.Items); err != nil {
		return reply{}, err
	}
	return pageReply(v, &list, BudgetCSV)
}

// maySee says that whoever asks may see the budgets of a scope. A scope of a person
// takes the right to see persons as well.
func (c *call) maySee(s *spend.Scope) bool {
	target := auth.Target{Scope: *s}
	person := s.Principal == "" || auth.Authorise(c.who, auth.PersonRead, target).Allowed
	return person && auth.Authorise(c.who, auth.BudgetRead, target).Allowed
}

// trialNeeds asks for the right in the scope of the call.
func trialNeeds(c *call) ([]need, error) {
	if auth.Authorise(c.who, c.route.action, auth.Target{}).Allowed {
		return []need{{c.route.action, auth.Target{}}}, nil
	}
	var t BudgetTrial
	if err := decode(c.body, &t); err != nil {
		return nil, err
	}
	return []need{{c.route.action, auth.Target{Scope: t.Scope}}}, nil
}

func (c *call) checkBudgets() (reply, error) {
	var t BudgetTrial
	if err := decode(c.body, &t); err != nil {
		return reply{}, err
	}
	v, err := c.Budgets.CheckBudgets(c.request.Context(), t)
	if err != nil {
		return reply{}, err
	}
	v.Reasons = append([]BudgetReason{}, v.Reasons...)
	for i := range v.Reasons {
		if r := &v.Reasons[i]; r.Limit != "" && !c.maySee(&r.Scope) {
			*r = r.Covered()
		}
	}
	return jsonReply(http.StatusOK, v), nil
}
