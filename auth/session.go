package auth

import (
	"context"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/spend"
)

const (
	cookieName  = "bursar_session"
	maxLifetime = 30 * 24 * time.Hour
)

// Exchange turns the token of an admin, finance, a lead or a viewer into a session of
// the page, as often as the token is good: the session may do what its token may, so
// that a second exchange gives nothing away, and a refused one locks out whoever lost
// a cookie or sits at another browser. Each session is noted in the audit trail and
// ends with its token. What is not admitted comes back with its reason and without a secret. The
// lifetime is above zero and at most 30 days.
func Exchange(ctx context.Context, store Exchanger, presented Secret, lifetime time.Duration) (Secret, Admission, error) {
	if lifetime <= 0 || lifetime > maxLifetime {
		return Secret{}, Admission{}, spend.Errorf(spend.KindInvalid, "open a session", "a lifetime of %s", lifetime).
			WithHint("above zero and at most 30 days")
	}
	admission, err := Authenticate(ctx, store, presented)
	if err != nil || !admission.Admitted {
		return Secret{}, admission, err
	}
	who := admission.Identity
	if d := Authorise(who, SessionOpen, Target{}); !d.Allowed {
		return Secret{}, Admission{Reason: d.Reason}, nil
	}
	secret := NewSecret(random())
	session := SessionRow{Hash: secret.hash(), Token: who.Token, Created: store.Now(), Expires: store.Now().Add(lifetime)}
	if err := store.ExchangeToken(ctx, session); err != nil {
		return Secret{}, Admission{}, err
	}
	if _, err := Append(ctx, store, Note{Who: who, Action: SessionOpen, Target: "token/" + who.Token}); err != nil {
		return Secret{}, Admission{}, err
	}
	admission.Identity.Method = BySession
	return secret, admission, nil
}

// Resume finds out whose session a cookie's value is. A session ends with its
// own time, with its token, or with the erasure of its person.
func Resume(ctx context.Context, store SessionFinder, presented Secret) (Admission, error) {
	if !isRandom(presented.Reveal()) {
		return Admission{Reason: "this is no session of ours"}, nil
	}
	session, found, err := store.Session(ctx, presented.hash())
	switch {
	case err != nil:
		return Admission{}, err
	case !found || !presented.matches(session.Hash):
		return Admission{Reason: "this is no session of ours"}, nil
	case !store.Now().Before(session.Expires):
		return Admission{Reason: "this session is over; sign in again"}, nil
	case session.Principal != "":
		return resumePerson(ctx, store, session.Principal)
	}
	return resumeToken(ctx, store, session.Token)
}

func resumeToken(ctx context.Context, store SessionFinder, prefix string) (Admission, error) {
	token, found, err := store.Token(ctx, prefix)
	if err != nil || !found {
		return Admission{Reason: "the token behind this session is gone"}, err
	}
	admission := admitToken(&token, store.Now())
	admission.Identity.Method = BySession
	return admission, nil
}

func resumePerson(ctx context.Context, store SessionFinder, principal string) (Admission, error) {
	rows, err := store.GrantsOf(ctx, principal)
	if err != nil || len(rows) == 0 {
		return Admission{Reason: "this person has no role here"}, err
	}
	who := Identity{Principal: principal, Method: BySession}
	for _, r := range rows {
		who.Grants = append(who.Grants, Grant{Role(r.Role), r.Scope})
	}
	return Admission{Identity: who, Admitted: true}, nil
}

// EndSession removes the session of a cookie's value.
func EndSession(ctx context.Context, store SessionEnder, presented Secret) error {
	return store.EndSession(ctx, presented.hash())
}

// Cookie carries a session: out of reach of scripts, never sent from another
// site, and over TLS alone where the page is served with it.
func Cookie(session Secret, expires time.Time, tls bool) *http.Cookie {
	return &http.Cookie{
		Name: cookieName, Value: session.Reveal(), Path: "/", Expires: expires,
		HttpOnly: true, Secure: tls, SameSite: http.SameSiteStrictMode,
	}
}

// EndedCookie makes the browser forget its session.
func EndedCookie(tls bool) *http.Cookie {
	c := Cookie(NewSecret(""), time.Time{}, tls)
	c.MaxAge = -1
	return c
}

// CookieName is the name to look for in a request.
func CookieName() string { return cookieName }
