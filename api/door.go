package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// call is one request on its way through the door.
type call struct {
	*Server
	route     *route
	request   *http.Request
	writer    http.ResponseWriter // of the answer; a handler uses its deadlines alone
	now       time.Time           // one for all of it: a question that ends now ends at the present
	who       auth.Identity
	presented auth.Secret // the token of the header
	body      []byte
	question  *spend.Query      // of the routes that ask the ledger
	earlier   *spend.Query      // the same about an earlier period, of an explanation
	foresight *report.Foresight // the same of a forecast
	form      string            // in which a question is answered
	currency  money.Currency    // of the answer; "" is that of the organisation
	screen    bool              // nobody chose the figures of a text

	explained   *ingest.Explained // of the route that explains a call
	unexplained error             // why there is none
}

// need is something that whoever calls must be allowed to do.
type need struct {
	action auth.Action
	target auth.Target
}

// serve takes a request through the door: credential, rate, body, permission,
// repetition, route.
func (s *Server) serve(ctx context.Context, w http.ResponseWriter, r *http.Request, to *route) {
	c := &call{Server: s, route: to, request: r, writer: w, now: s.Now()}
	answer, err := c.pass(ctx, w)
	switch {
	case err != nil:
		s.fail(w, to.pattern, err)
	case answer.stream != nil:
		s.counts.answered(to.pattern, answer.status)
		answer.stream(steady{w, s.limits.WriteTime})
	default:
		s.counts.answered(to.pattern, answer.status)
		send(steady{w, s.limits.WriteTime}, answer)
	}
}

func (c *call) pass(ctx context.Context, w http.ResponseWriter) (reply, error) {
	if c.route.action == public {
		return c.route.handle(c)
	}
	if err := c.identify(ctx); err != nil {
		return reply{}, err
	}
	if err := c.pace(w); err != nil {
		return reply{}, err
	}
	if c.request.Method == http.MethodPost && !c.route.file {
		body, err := c.readBody(w, c.request)
		if err != nil {
			return reply{}, err
		}
		c.body = body
	}
	if err := c.authorise(); err != nil {
		return reply{}, err
	}
	if key := c.request.Header.Get("Idempotency-Key"); key != "" && c.route.repeats() {
		return c.repeats.once(ctx, c, key)
	}
	return c.route.handle(c)
}

// identify finds out who calls: the token in the Authorization header, else the
// session in the cookie. A header that is there decides alone.
func (c *call) identify(ctx context.Context) error {
	admission, err := c.admission(ctx)
	if err != nil {
		return err
	}
	if !admission.Admitted {
		return unauthenticated(admission.Reason)
	}
	c.who = admission.Identity
	unsafe := c.request.Method != http.MethodGet && c.request.Method != http.MethodHead
	if c.who.Method == auth.BySession && unsafe && c.request.Header.Get("Origin") == "" {
		return spend.Errorf(spend.KindForbidden, "check the origin", "a session changes things from the page only").
			WithHint("use a token outside the page")
	}
	return nil
}

func (c *call) admission(ctx context.Context) (auth.Admission, error) {
	if header := c.request.Header.Get("Authorization"); header != "" {
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return auth.Admission{Reason: "the Authorization header is no Bearer token"}, nil
		}
		c.presented = auth.NewSecret(strings.TrimSpace(token))
		return c.Admitter.Token(ctx, c.presented)
	}
	cookie, err := c.request.Cookie(auth.CookieName())
	if err != nil {
		return auth.Admission{Reason: "no credential was sent"}, nil //nolint:nilerr // a missing cookie is an expected outcome
	}
	return c.Admitter.Session(ctx, auth.NewSecret(cookie.Value))
}

func unauthenticated(reason string) error {
	return spend.Errorf(kindUnauthenticated, "sign in", "%s", reason).
		WithHint("send a token as Authorization: Bearer bursar_…, or sign in to the page")
}

// pace holds a credential to its rate.
func (c *call) pace(w http.ResponseWriter) error {
	wait, ok := c.rates.take(c.who.Actor(), c.now)
	if ok {
		return nil
	}
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	return spend.Errorf(kindPaced, "pace requests", "more than %d requests a second", c.limits.Rate).
		WithHint("send events in batches, and wait as Retry-After says")
}

// authorise asks the one authorising function about everything that the request
// needs.
func (c *call) authorise() error {
	needs := []need{{c.route.action, auth.Target{}}}
	if c.route.needs != nil {
		var err error
		if needs, err = c.route.needs(c); err != nil {
			return err
		}
	}
	if len(needs) == 0 {
		return spend.Errorf(spend.KindInternal, "authorise", "%s needs nothing", c.route.pattern)
	}
	for _, n := range needs {
		if d := auth.Authorise(c.who, n.action, n.target); !d.Allowed {
			return c.denied(n, d)
		}
	}
	return nil
}

// denied names the way to what is allowed, where there is one.
func (c *call) denied(n need, d auth.Decision) error {
	err := spend.Errorf(spend.KindForbidden, string(n.action), "%s", d.Reason)
	if own := ownScope(c.who, n.action); n.action == auth.SpendRead && c.question != nil && !own.Equal(&spend.Scope{}) {
		return err.WithHint("ask with the conditions %s", conditions(&own))
	}
	return err.WithHint("an admin can grant a role with this right")
}

// conditions writes a scope as the filters that stay within it.
func conditions(s *spend.Scope) string {
	var all []string
	names := spend.ScopeFields()
	for i, value := range s.Fields() {
		if *value != "" {
			all = append(all, names[i]+"="+*value)
		}
	}
	return strings.Join(all, " and ")
}

// ownScope is the scope in which an identity may do something, empty when it may
// nowhere or everywhere.
func ownScope(who auth.Identity, action auth.Action) spend.Scope {
	for _, g := range who.Grants {
		if auth.Authorise(who, action, auth.Target{Scope: g.Scope}).Allowed {
			return g.Scope
		}
	}
	return spend.Scope{}
}

// inOwnScope is for routes that stay within the caller's scope by themselves.
func inOwnScope(c *call) ([]need, error) {
	return []need{{c.route.action, auth.Target{Scope: ownScope(c.who, c.route.action)}}}, nil
}
