package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// RegisterQuestion asks for entries with what they cost in a window.
type RegisterQuestion struct {
	Kind     register.Kind // "" for all
	Name     string        // the one, "" for all
	Unowned  bool          // only those that nobody answers for
	From, To time.Time
	Scope    spend.Scope // whose lines count; empty for all
	Most     int         // entries
}

// Registered is a list of entries, the largest amount first.
type Registered struct {
	From     *time.Time        `json:"from"`
	To       *time.Time        `json:"to"`
	Currency money.Currency    `json:"currency"`
	Items    []RegisteredEntry `json:"items"`
	More     int               `json:"more"` // entries beyond those that were asked for
}

// RegisteredEntry is what is known of an application, a workflow or an agent. A
// call counts for each of the three that it names.
type RegisteredEntry struct {
	Kind      register.Kind   `json:"kind"`
	Name      string          `json:"name"`
	Status    register.Status `json:"status"`
	Team      string          `json:"team,omitempty"`    // who answers for it
	TeamBy    string          `json:"team_by,omitempty"` // who says so: register or organisation
	Purpose   string          `json:"purpose,omitempty"`
	Names     []string        `json:"names"` // that mean it today
	FirstSeen time.Time       `json:"first_seen,omitzero"`
	LastSeen  time.Time       `json:"last_seen,omitzero"`
	Calls     int64           `json:"calls"`
	Cost      money.Null      `json:"cost"`     // null where there are calls and none has a price
	Exposure  money.Amount    `json:"exposure"` // money not yet known, never inside cost
}

// RegisteredOne is an entry with its history.
type RegisteredOne struct {
	RegisteredEntry
	Contact  string              `json:"contact,omitempty"` // principal id
	Currency money.Currency      `json:"currency"`
	History  []RegisteredSomeday `json:"history"` // oldest first
}

// RegisteredSomeday is what was said of an entry or a name at some time.
type RegisteredSomeday struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"` // as the audit trail names who did it
	What string    `json:"what"`
}

// RegisterOrder is one act on names of one kind.
type RegisterOrder struct {
	Act     register.Act  `json:"act"`
	Kind    register.Kind `json:"kind,omitempty"` // may be left out where one kind alone has the name
	Names   []string      `json:"names"`
	To      string        `json:"to,omitempty"`      // of rename and merge
	Team    string        `json:"team,omitempty"`    // of claim
	Contact string        `json:"contact,omitempty"` // of claim: a principal id; as it was when empty
	Purpose string        `json:"purpose,omitempty"` // of claim; as it was when empty
	From    string        `json:"from,omitempty"`    // of rename, merge and split: the first day; always when empty
	DryRun  bool          `json:"dry_run,omitempty"` // only say what would change
}

func (o *RegisterOrder) change() register.Change {
	return register.Change{Act: o.Act, Kind: o.Kind, Names: o.Names, To: o.To, Team: o.Team, Contact: o.Contact, Purpose: o.Purpose, From: o.From}
}

func registerRoutes() []route {
	window := []param{
		{"query", "since", "start: an age (30d, 12h, 8w), those of days from the beginning of the day, mtd, qtd or ytd, a date, or RFC 3339; 30d when empty"},
		{"query", "until", "end, not included; now when empty"},
	}
	return []route{
		{
			pattern: "GET /api/v1/register", action: auth.SpendRead, handle: (*call).registered, needs: inOwnScope,
			summary: "Lists applications, workflows and agents with their owners and what they cost, the largest first. Who may see one scope gets what has lines in it, or is its team's.",
			params: append([]param{
				{"query", "kind", "application, workflow or agent; all when empty"},
				{"query", "unowned", "true for those that nobody answers for"},
				{"query", "limit", "entries, 1 to 1000; 100 when empty"},
				listFormat(),
			}, window...),
			out: Registered{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/register/{kind}/{name...}", action: auth.SpendRead, handle: (*call).registeredOne, needs: inOwnScope,
			summary: "Gives one of them, with its history.",
			params:  append([]param{{"path", "kind", "application, workflow or agent"}, {"path", "name", "of the entry, or a name that means it today"}}, window...),
			out:     RegisteredOne{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/register", action: auth.RegisterChange, handle: (*call).changeRegister, needs: registerNeeds,
			summary: "Claims, retires, renames, merges or splits. What is booked stays; what is booked next follows. A lead may do so with what is nobody's and has no lines of others, for the own team, and with what is its own.",
			params:  []param{repeatKey()}, in: RegisterOrder{}, out: Application{}, status: http.StatusOK,
		},
	}
}

// asRegistered reads the window of a question, and whose lines count.
func (c *call) asRegistered(v url.Values) (q RegisterQuestion, err error) {
	ask := report.Ask{
		Since: named(v, "since", "30d"), Until: v.Get("until"), Zone: c.View().Location().String(),
		Measures: string(spend.Cost), Book: string(spend.Metered), Axis: string(spend.ByUse),
		Fiscal: c.View().Fiscal,
	}
	window, err := ask.Query(c.now)
	q.From, q.To = c.dayOf(ask.Since, window.From), window.To
	if !auth.Authorise(c.who, auth.SpendRead, auth.Target{}).Allowed {
		q.Scope = ownScope(c.who, auth.SpendRead)
	}
	return q, err
}

// dayOf lets a window that began an age of days, weeks or months ago begin with its day,
// as that of the doctor does.
func (c *call) dayOf(since string, from time.Time) time.Time {
	if from.IsZero() || !strings.ContainsAny(since[len(since)-1:], "dwm") {
		return from
	}
	zone := c.View().Location()
	year, month, day := from.In(zone).Date()
	return calendar.DayStart(year, month, day, zone)
}

func (c *call) registered() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	q, err := c.asRegistered(v)
	if err != nil {
		return reply{}, err
	}
	if q.Most, err = pageLimit(v); err != nil {
		return reply{}, err
	}
	if q.Kind, err = kindOf(v.Get("kind")); err != nil {
		return reply{}, err
	}
	if text := v.Get("unowned"); text != "" {
		if q.Unowned, err = strconv.ParseBool(text); err != nil {
			return reply{}, spend.Errorf(spend.KindInvalid, "read unowned", "%.20q is neither true nor false", text)
		}
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	found, err := c.Register.Registered(c.request.Context(), q)
	if err != nil {
		return reply{}, err
	}
	found.Items = append([]RegisteredEntry{}, found.Items...)
	return pageReply(v, &found, RegisterCSV)
}

func kindOf(text string) (register.Kind, error) {
	if kind := register.Kind(text); text == "" || slices.Contains(register.Kinds(), kind) {
		return kind, nil
	}
	return "", spend.Errorf(spend.KindInvalid, "read kind", "there is no kind %.40q", text).WithHint("application, workflow or agent; people are in no register")
}

func (c *call) registeredOne() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	q, err := c.asRegistered(v)
	if err != nil {
		return reply{}, err
	}
	if q.Kind, err = kindOf(c.request.PathValue("kind")); err != nil {
		return reply{}, err
	}
	q.Name, q.Most = c.request.PathValue("name"), 1
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	found, err := c.Register.RegisteredOne(c.request.Context(), q)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, found), nil
}

// registerNeeds asks for the right in the scope of every team that a change is
// about; what is nobody's is the whole organisation's, but to claim it: that takes the
// right where it is used.
func registerNeeds(c *call) ([]need, error) {
	whole := []need{{c.route.action, auth.Target{}}}
	own := ownScope(c.who, c.route.action)
	if auth.Authorise(c.who, c.route.action, auth.Target{}).Allowed || own.Equal(&spend.Scope{}) {
		return whole, nil
	}
	var order RegisterOrder
	if err := decode(c.body, &order); err != nil {
		return nil, err
	}
	_, scopes, err := c.Register.Touched(c.request.Context(), order.change())
	if err != nil || len(scopes) == 0 {
		return whole, err
	}
	needs := make([]need, len(scopes))
	for i := range scopes {
		needs[i] = need{c.route.action, auth.Target{Scope: scopes[i]}}
	}
	return needs, nil
}

func (c *call) changeRegister() (reply, error) {
	var order RegisterOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	change, _, err := c.Register.Touched(c.request.Context(), order.change())
	if err != nil {
		return reply{}, err
	}
	changes, err := c.Register.ChangeRegister(c.request.Context(), c.who, change, order.DryRun)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, Application{Changes: append([]organisation.Change{}, changes...), Applied: !order.DryRun}), nil
}
