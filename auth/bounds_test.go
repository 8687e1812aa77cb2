package auth_test

import (
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func TestBounds(t *testing.T) {
	t.Parallel()
	b := auth.Bounds{Models: []string{"gpt-5*", "claude-*-4", "acme/*"}, Endpoints: []string{"chat"}}
	for model, want := range map[string]bool{
		"gpt-5": true, "gpt-5-mini": true, "gpt-4o": false, "claude-opus-4": true, "claude-opus-4-6": false, "acme/large/v2": true, "acme": false, "": false,
	} {
		if b.Allows(model) != want {
			t.Errorf("%q is allowed: %v", model, !want)
		}
	}
	if !b.Opens("chat") || b.Opens("other") || !new(auth.Bounds).Opens("other") || !new(auth.Bounds).Allows("anything") {
		t.Error("endpoints, or a key without bounds")
	}
	for want, r := range map[string]auth.TokenRequest{
		"calls no models":     {Kind: auth.EventsToken, Bounds: auth.Bounds{Workflow: "w"}},
		"is no name":          {Kind: auth.GatewayToken, Bounds: auth.Bounds{Models: []string{"[a"}}},
		"no endpoint":         {Kind: auth.GatewayToken, Bounds: auth.Bounds{Endpoints: []string{"files"}}},
		"at most 100 models":  {Kind: auth.GatewayToken, Bounds: auth.Bounds{Models: make([]string, 101)}},
		"of at most 256 byte": {Kind: auth.GatewayToken, Bounds: auth.Bounds{Workflow: strings.Repeat("x", 257)}},
	} {
		r.Name = "test"
		if err := r.Validate(time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)); spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", r.Bounds, err, want)
		}
	}
}
