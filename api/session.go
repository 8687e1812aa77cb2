package api

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// sessionTime is how long a session of the page lasts: a working week of looks
// without another sign-in. Revoking its token ends it at once.
const sessionTime = 7 * 24 * time.Hour

// House is what every page says of whose accounts it shows.
type House struct {
	Organisation string         `json:"organisation"` // "" while it has no name
	Currency     money.Currency `json:"currency"`
	Demo         bool           `json:"demo"` // a simulated company
}

func sessionRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/session", action: auth.SessionOpen, handle: (*call).openSession,
			summary: "Exchanges the token of the Authorization header, one of admin, finance, lead or viewer, for a session of the page: a cookie that no script can read. The body is {}.",
			in:      SessionOrder{}, out: Session{}, status: http.StatusCreated,
		},
		{
			pattern: "GET /api/v1/session", action: auth.SpendRead, needs: inOwnScope, handle: (*call).showSession,
			summary: "Says who asks, and whose accounts these are.",
			out:     Session{}, status: http.StatusOK,
		},
		{
			pattern: "DELETE /api/v1/session", action: public, handle: (*call).closeSession,
			summary: "Ends the session of the cookie.", status: http.StatusNoContent,
		},
	}
}

// SessionOrder is what a session is to be: there is nothing to choose.
type SessionOrder struct{}

// Session says who looks at the page, and at whose accounts.
type Session struct {
	House
	Actor string      `json:"actor"` // as the audit trail names it
	Roles []auth.Role `json:"roles"`
	Zone  string      `json:"zone"` // of days and months
	Now   time.Time   `json:"now"`  // by the server's clock

	Whole  bool        `json:"whole"`  // whoever asks may read the spending of the whole organisation
	Within spend.Scope `json:"within"` // of which alone the one role may read spending; empty for the whole organisation, and of several roles

	Begins     Beginnings       `json:"begins"`
	Currencies []money.Currency `json:"currencies"` // that figures can be asked in: the organisation's, and those with a rate of these days
}

// Beginnings are the first days of the periods around today, in the fiscal calendar:
// of the two before, of today's and of the next; of months those of three years before,
// by which charts are cut.
type Beginnings struct {
	Months   []string `json:"months"`
	Quarters []string `json:"quarters"`
	Years    []string `json:"years"`
}

// beginnings lists the first days around an instant.
//
// Example: on 26 November 2026 the quarters are 2026-04-01, 2026-07-01, 2026-10-01 and
// 2027-01-01.
func beginnings(in calendar.Calendar, at time.Time) Beginnings {
	around := func(grain spend.Grain, before int) (days []string) {
		now := in.Number(grain, at)
		for n := now - before; n <= now+1; n++ {
			days = append(days, in.Begin(grain, n).Format(time.DateOnly))
		}
		return days
	}
	return Beginnings{around(spend.Month, 36), around(spend.Quarter, 2), around(spend.Year, 2)}
}

// openSession exchanges the token of the Authorization header for a cookie. A
// token in a header, unlike a cookie, is never sent by another site's page.
func (c *call) openSession() (reply, error) {
	if c.who.Method != auth.ByToken {
		return reply{}, spend.Errorf(spend.KindInvalid, "open a session", "a session does not open another").
			WithHint("send a token as Authorization: Bearer bursar_admin_…")
	}
	session, admission, err := c.Sessions.OpenSession(c.request.Context(), c.presented, sessionTime)
	if err != nil {
		return reply{}, err
	}
	if !admission.Admitted {
		return reply{}, unauthenticated(admission.Reason)
	}
	cookie := auth.Cookie(session, c.now.Add(sessionTime), c.request.TLS != nil)
	answer := jsonReply(http.StatusCreated, c.session())
	answer.header = map[string]string{"Set-Cookie": cookie.String()}
	return answer, nil
}

func (c *call) showSession() (reply, error) { return jsonReply(http.StatusOK, c.session()), nil }

func (c *call) session() Session {
	view := c.View()
	s := Session{
		House: c.House(), Actor: c.who.Actor(), Roles: []auth.Role{}, Zone: view.Location().String(), Now: c.now.In(view.Location()),
		Begins: beginnings(view, c.now), Currencies: c.Exchange.InForce().Known(c.House().Currency, exchange.DayOf(c.now, view.Location())),
	}
	for _, g := range c.who.Grants {
		s.Roles = append(s.Roles, g.Role)
	}
	if s.Whole = c.seesAll(); len(c.who.Grants) == 1 && !s.Whole {
		s.Within = c.who.Grants[0].Scope
	}
	return s
}

// closeSession ends the session whose cookie was sent, if there is one. It needs no
// right: whoever has a session may end it, and a cookie that is none of ours is
// forgotten all the same.
func (c *call) closeSession() (reply, error) {
	if cookie, err := c.request.Cookie(auth.CookieName()); err == nil {
		if err := c.Sessions.EndSession(c.request.Context(), auth.NewSecret(cookie.Value)); err != nil {
			return reply{}, err
		}
	}
	return reply{status: http.StatusNoContent, header: map[string]string{"Set-Cookie": auth.EndedCookie(c.request.TLS != nil).String()}}, nil
}
