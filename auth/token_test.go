package auth_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func TestTokensHaveTheirShape(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^bursar_[a-z]+_([a-z2-7]{8})[a-z2-7]{18}$`)
	seen := map[string]bool{}
	for _, kind := range auth.Kinds() {
		request := auth.TokenRequest{Kind: kind, Name: "ci", Scope: claims()}
		secret, row, err := auth.NewToken(request, newMemory().now)
		if err != nil {
			t.Fatal(err)
		}
		parts := shape.FindStringSubmatch(secret.Reveal())
		if parts == nil || parts[1] != row.Prefix || seen[row.Hash] {
			t.Errorf("%s: token of the wrong shape, prefix %s", kind, row.Prefix)
		}
		if row.Hash != auth.DigestOf(secret.Reveal()) || row.Role != string(kind.Role()) {
			t.Errorf("%s: row %+v", kind, row)
		}
		seen[row.Hash] = true
	}
}

func TestATokenInAText(t *testing.T) {
	t.Parallel()
	end := strings.Repeat("a2", 13)
	for text, want := range map[string]bool{
		"": false, "bursar_": false, "bursar_gateway_": false, "of bursar_gateway": false, "bursar_gateway_" + end[1:]: false,
		"bursar_nobody_" + end: false, "gateway_" + end: false, "bursar_gateway_" + strings.ToUpper(end): false,
		"bursar_gateway_" + end: true, "Bearer bursar_admin_" + end + "; a": true, "bursar_bursar_events_" + end: true, "bursar_x bursar_lead_" + end + end: true,
	} {
		if got := auth.HasToken(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTokenRequestsAreRefused(t *testing.T) {
	t.Parallel()
	now := newMemory().now
	for name, r := range map[string]auth.TokenRequest{
		"no kind":         {Name: "x"},
		"a role, no kind": {Kind: "ingest", Name: "x"},
		"no name":         {Kind: auth.AdminToken, Name: "  "},
		"a long name":     {Kind: auth.AdminToken, Name: strings.Repeat("x", 81)},
		"a second line":   {Kind: auth.AdminToken, Name: "x\ny"},
		"over already":    {Kind: auth.AdminToken, Name: "x", Expires: now},
		"lead of nothing": {Kind: auth.LeadToken, Name: "x"},
		"a blank team":    {Kind: auth.GatewayToken, Name: "x", Scope: spend.Scope{Team: " \t", Application: "triage"}},
		"below the app":   {Kind: auth.GatewayToken, Name: "x", Scope: spend.Scope{Agent: "a"}},
	} {
		if _, _, err := auth.NewToken(r, now); spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: want invalid, got %v", name, err)
		}
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	m := newMemory()
	secret, row, err := auth.NewToken(auth.TokenRequest{Kind: auth.ViewerToken, Name: "ci", Expires: m.now.Add(time.Hour)}, m.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.KeepToken(t.Context(), m, auth.System(), row); err != nil {
		t.Fatal(err)
	}
	good := secret.Reveal()
	last := good[len(good)-1:]
	other := map[bool]string{true: "b", false: "a"}[last == "a"]
	for name, text := range map[string]string{
		"nothing":             "",
		"the prefix":          row.Prefix,
		"the hash":            row.Hash,
		"one character more":  good + "a",
		"one character less":  good[:len(good)-1],
		"another last one":    good[:len(good)-1] + other,
		"another kind":        strings.Replace(good, "viewer", "admin", 1),
		"an unknown kind":     strings.Replace(good, "viewer", "root", 1),
		"upper case":          strings.ToUpper(good),
		"white space":         good + "\n",
		"a byte of zero":      good + "\x00",
		"much":                "bursar_viewer_" + strings.Repeat("a", 1<<20),
		"quotes":              "bursar_viewer_' OR '1'='1' --aaaaaaaaaa",
		"an unknown token":    "bursar_viewer_" + strings.Repeat("a", 26),
		"no random part":      "bursar_viewer_",
		"underscores":         "bursar____",
		"letters like ours":   "bursar_viewer_" + strings.Repeat("а", 13),
		"somebody else's key": "sk-" + strings.Repeat("a", 40),
	} {
		a, err := auth.Authenticate(t.Context(), m, auth.NewSecret(text))
		if err != nil || a.Admitted || a.Reason == "" || a.Identity.Token != "" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	a, err := auth.Authenticate(t.Context(), m, secret)
	if err != nil || !a.Admitted {
		t.Fatalf("the token itself: %+v, %v", a, err)
	}
	m.now = m.now.Add(time.Hour)
	if a, _ := auth.Authenticate(t.Context(), m, secret); a.Admitted {
		t.Error("admitted at the instant of its expiry")
	}
	m.failure = errors.New("disk")
	if a, err := auth.Authenticate(t.Context(), m, secret); err == nil || a.Admitted {
		t.Error("admitted while the store failed")
	}
}

func TestFirstAdmin(t *testing.T) {
	t.Parallel()
	m := newMemory()
	secret, row, err := auth.FirstAdmin(m.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.KeepToken(t.Context(), m, auth.System(), row); err != nil {
		t.Fatal(err)
	}
	a, err := auth.Authenticate(t.Context(), m, secret)
	if err != nil || !auth.Authorise(a.Identity, auth.TokenManage, auth.Target{}).Allowed {
		t.Errorf("the first token is no admin's: %+v, %v", a, err)
	}
	if strings.Contains(m.trail[0].Entry, secret.Reveal()) {
		t.Error("the audit trail holds the token")
	}
	if diff := cmp.Diff("token/"+row.Prefix, a.Identity.Actor()); diff != "" {
		t.Error(diff)
	}
}
