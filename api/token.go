package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/spend"
)

// Token is a token as a list shows it, without its secret and its hash.
type Token struct {
	Prefix   string      `json:"prefix"`
	Kind     auth.Kind   `json:"kind"`
	Name     string      `json:"name"`
	Role     auth.Role   `json:"role"`
	Scope    spend.Scope `json:"scope"`
	Created  time.Time   `json:"created"`
	Expires  time.Time   `json:"expires,omitzero"`
	Revoked  time.Time   `json:"revoked,omitzero"`
	LastUsed string      `json:"last_used"`       // day in UTC, "" for never
	Bounds   auth.Bounds `json:"bounds,omitzero"` // of a gateway token, below its scope
}

// TokenOrder is what a new token is to be.
type TokenOrder struct {
	Kind    auth.Kind   `json:"kind"`
	Name    string      `json:"name"`             // where it is used; name no person
	Scope   spend.Scope `json:"scope"`            // business unit, team and application at most
	Expires time.Time   `json:"expires,omitzero"` // never when it is left out
	Bounds  auth.Bounds `json:"bounds,omitzero"`  // of a gateway token, below its scope
}

// RotateOrder says how long a token goes on beside the one in its place.
type RotateOrder struct {
	Overlap string `json:"overlap,omitempty"` // like 24h or 7d, at most 90 days; it ends at once when it is left out
}

// IssuedToken is a new token with its secret, which nobody can read again.
type IssuedToken struct {
	Token  Token  `json:"token"`
	Secret string `json:"secret,omitempty"` // missing in a repeated answer
}

func tokenRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/tokens", action: auth.TokenManage, handle: (*call).tokens,
			summary: "Lists tokens without their secrets, ended ones too, oldest first.",
			params:  append([]param{listFormat()}, pageParams()...), out: Page[Token]{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/tokens", action: auth.TokenManage, handle: (*call).issueToken,
			summary: "Issues a token. Its secret is in this answer and never again, not in a repeated one either.",
			params:  []param{repeatKey()}, in: TokenOrder{}, out: IssuedToken{}, status: http.StatusCreated,
		},
		{
			pattern: "POST /api/v1/tokens/{prefix}/rotate", action: auth.TokenManage, handle: (*call).rotateToken,
			summary: "Issues a token like another, which ends after an overlap. The secret is in this answer and never again, not in a repeated one either.",
			params:  []param{{"path", "prefix", "the token's name in public, 8 characters"}, repeatKey()},
			in:      RotateOrder{}, out: IssuedToken{}, status: http.StatusCreated,
		},
		{
			pattern: "DELETE /api/v1/tokens/{prefix}", action: auth.TokenManage, handle: (*call).revokeToken,
			summary: "Ends a token and its sessions.",
			params:  []param{{"path", "prefix", "the token's name in public, 8 characters"}}, status: http.StatusNoContent,
		},
	}
}

func shownToken(t *auth.TokenRow) Token {
	return Token{
		Prefix: t.Prefix, Kind: auth.Kind(t.Kind), Name: t.Name, Role: auth.Role(t.Role), Scope: t.Scope,
		Created: t.Created, Expires: t.Expires, Revoked: t.Revoked, LastUsed: t.LastUsed, Bounds: auth.BoundsOf(t),
	}
}

func (c *call) tokens() (reply, error) {
	q, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := pageLimit(q)
	if err != nil {
		return reply{}, err
	}
	all, err := c.Tokens.Tokens(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	if cursor := q.Get("cursor"); cursor != "" {
		at := slices.IndexFunc(all, func(t auth.TokenRow) bool { return t.Prefix == cursor })
		if at < 0 {
			return reply{}, spend.Errorf(spend.KindInvalid, "read cursor", "%.40q is no place in the list", cursor).
				WithHint("pass next of the page before, unchanged")
		}
		all = all[at+1:]
	}
	page := Page[Token]{Items: []Token{}}
	for i := range all[:min(len(all), limit)] {
		page.Items = append(page.Items, shownToken(&all[i]))
	}
	if len(all) > limit {
		page.Next = page.Items[limit-1].Prefix
	}
	return pageReply(q, &page, TokenCSV)
}

func (c *call) issueToken() (reply, error) {
	var order TokenOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	request := auth.TokenRequest{Kind: order.Kind, Name: order.Name, Scope: order.Scope, Expires: order.Expires, Bounds: order.Bounds}
	if err := request.Validate(c.now); err != nil {
		return reply{}, err
	}
	secret, row, err := c.Tokens.Issue(c.request.Context(), c.who, request)
	if err != nil {
		return reply{}, err
	}
	return issued(&row, secret), nil
}

// issued answers with a new token, whose secret no repeated answer has.
func issued(row *auth.TokenRow, secret auth.Secret) reply {
	shown := shownToken(row)
	answer := jsonReply(http.StatusCreated, IssuedToken{shown, secret.Reveal()})
	answer.keep = jsonReply(http.StatusCreated, IssuedToken{Token: shown}).body
	return answer
}

func (c *call) rotateToken() (reply, error) {
	var order RotateOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	r := auth.Rotation{Prefix: c.request.PathValue("prefix")}
	if order.Overlap != "" {
		var err error
		if r.Overlap, err = config.ParseDuration(order.Overlap); err != nil {
			return reply{}, spend.Errorf(spend.KindInvalid, "read overlap", "%.40q is no duration", order.Overlap).WithHint("like 90m, 24h or 7d")
		}
	}
	secret, row, err := c.Tokens.Rotate(c.request.Context(), c.who, r)
	if err != nil {
		return reply{}, err
	}
	return issued(&row, secret), nil
}

func (c *call) revokeToken() (reply, error) {
	prefix := c.request.PathValue("prefix")
	done, err := c.Tokens.Revoke(c.request.Context(), c.who, prefix)
	if err != nil {
		return reply{}, err
	}
	if !done {
		return reply{}, spend.Errorf(spend.KindNotFound, "revoke a token", "none with prefix %.40q is in force", prefix).
			WithHint("the prefix is the first 8 characters after the kind; the list is at /api/v1/tokens")
	}
	return reply{status: http.StatusNoContent}, nil
}
