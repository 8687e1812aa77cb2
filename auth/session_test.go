package auth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func TestCookie(t *testing.T) {
	t.Parallel()
	for _, tls := range []bool{false, true} {
		c := auth.Cookie(auth.NewSecret("value"), time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), tls)
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure != tls || c.Path != "/" || c.Domain != "" || c.Value != "value" || c.Name != auth.CookieName() {
			t.Errorf("tls %t: %s", tls, c)
		}
		if ended := auth.EndedCookie(tls); ended.MaxAge >= 0 || ended.Value != "" || ended.Secure != tls {
			t.Errorf("ended, tls %t: %s", tls, ended)
		}
	}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	m := newMemory()
	admin, row, _ := auth.FirstAdmin(m.now)
	m.tokens[row.Prefix] = row
	for _, lifetime := range []time.Duration{0, -1, 31 * 24 * time.Hour} {
		if _, _, err := auth.Exchange(t.Context(), m, admin, lifetime); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("lifetime %s: %v", lifetime, err)
		}
	}
	session, a, err := auth.Exchange(t.Context(), m, admin, time.Hour)
	if err != nil || !a.Admitted || a.Identity.Method != auth.BySession {
		t.Fatalf("%+v, %v", a, err)
	}
	for hash := range m.sessions {
		if strings.Contains(hash, session.Reveal()) {
			t.Error("the session is kept in the clear")
		}
	}
	second, a, err := auth.Exchange(t.Context(), m, admin, time.Hour)
	if err != nil || !a.Admitted || second.Reveal() == session.Reveal() || len(m.sessions) != 2 {
		t.Errorf("a second browser: %+v, %v", a, err)
	}
	for _, text := range []string{"", "x", admin.Reveal(), strings.Repeat("a", 26), auth.DigestOf(session.Reveal())} {
		if a, err := auth.Resume(t.Context(), m, auth.NewSecret(text)); err != nil || a.Admitted {
			t.Errorf("%.10q resumed: %+v, %v", text, a, err)
		}
	}
	if a, err := auth.Resume(t.Context(), m, session); err != nil || !a.Admitted {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := auth.RevokeToken(t.Context(), m, a.Identity, row.Prefix); err != nil {
		t.Fatal(err)
	}
	if a, _ := auth.Resume(t.Context(), m, session); a.Admitted {
		t.Error("the session outlived its token")
	}
}

// TestWhoOpensThePage: whoever may read something, and no program.
func TestWhoOpensThePage(t *testing.T) {
	t.Parallel()
	for kind, want := range map[auth.Kind]bool{
		auth.AdminToken: true, auth.FinanceToken: true, auth.LeadToken: true, auth.ViewerToken: true,
		auth.GatewayToken: false, auth.EventsToken: false, auth.OutcomesToken: false,
	} {
		m := newMemory()
		request := auth.TokenRequest{Kind: kind, Name: "page"}
		if kind != auth.AdminToken && kind != auth.FinanceToken {
			request.Scope = claims()
		}
		secret, row, err := auth.NewToken(request, m.now)
		if err != nil {
			t.Fatal(err)
		}
		m.tokens[row.Prefix] = row
		if _, a, err := auth.Exchange(t.Context(), m, secret, time.Hour); err != nil || a.Admitted != want {
			t.Errorf("%s: %+v, %v", kind, a, err)
		}
	}
}

func TestAPersonsSession(t *testing.T) {
	t.Parallel()
	m := newMemory()
	id, cookie := auth.NewPrincipal(), auth.NewSecret(auth.NewPrincipal())
	hash := auth.DigestOf(cookie.Reveal())
	m.sessions[hash] = auth.SessionRow{Hash: hash, Principal: id, Expires: m.now.Add(time.Hour)}
	if a, err := auth.Resume(t.Context(), m, cookie); err != nil || a.Admitted {
		t.Errorf("a person without a role: %+v, %v", a, err)
	}
	m.grants[id] = []auth.GrantRow{{Role: "lead", Scope: claims()}}
	a, err := auth.Resume(t.Context(), m, cookie)
	if err != nil || a.Identity.Actor() != "person/"+id || !auth.Authorise(a.Identity, auth.BudgetChange, auth.Target{Scope: claims()}).Allowed {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestCheckOrigin(t *testing.T) {
	t.Parallel()
	hosts := []string{"localhost", "127.0.0.1", "::1", "bursar.example.org"}
	for _, c := range []struct {
		host, origin string
		ok           bool
	}{
		{"localhost:4141", "", true},
		{"LOCALHOST:4141", "http://localhost:4141", true},
		{"127.0.0.1:4141", "http://127.0.0.1:4141", true},
		{"[::1]:4141", "http://[::1]:4141", true},
		{"[::1]", "", true},
		{"bursar.example.org", "https://bursar.example.org", true},
		{"bursar.example.org:443", "https://bursar.example.org", true},
		{"bursar.example.org:80", "http://bursar.example.org", true},
		{"", "", false},
		{":4141", "", false},
		{"localhost:", "", false},
		{"evil.example", "", false},
		{"evil.example:4141", "http://evil.example:4141", false},
		{"localhost.evil.example:4141", "", false},
		{"evil-localhost:4141", "", false},
		{"localhost.:4141", "", false},
		{"localhost@evil.example", "", false},
		{"localhost/x", "", false},
		{"[::1", "", false},
		{"127.0.0.1.nip.example", "", false},
		{"localhost:4141", "null", false},
		{"localhost:4141", "http://localhost:3000", false},
		{"localhost:4141", "http://localhost", false},
		{"localhost:4141", "http://127.0.0.1:4141", false},
		{"localhost:4141", "https://evil.example", false},
		{"localhost:4141", "http://localhost:4141.evil.example", false},
		{"localhost:4141", "http://localhost:4141@evil.example", false},
		{"localhost:4141", "http://user@localhost:4141", false},
		{"localhost:4141", "http://localhost:4141/", false},
		{"localhost:4141", "http://localhost:4141?x", false},
		{"localhost:4141", "file://localhost:4141", false},
		{"localhost:4141", "localhost:4141", false},
		{"localhost:4141", "%zz", false},
		{"localhost:4141", "http://localhost:4141 http://evil.example", false},
	} {
		err := auth.CheckOrigin(hosts, c.host, c.origin)
		if (err == nil) != c.ok || err != nil && spend.KindOf(err) != spend.KindForbidden {
			t.Errorf("host %q, origin %q: want ok %t, got %v", c.host, c.origin, c.ok, err)
		}
	}
	if err := auth.CheckOrigin(nil, "localhost", ""); err == nil {
		t.Error("no host is ours, and one was let in")
	}
}
