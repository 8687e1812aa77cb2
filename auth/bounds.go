package auth

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Bounds are what a key for models is bound to below its scope. Zero bounds nothing.
type Bounds struct {
	Workflow    string   `json:"workflow,omitempty"`    // of every call, whatever it claims
	Environment string   `json:"environment,omitempty"` // of every call, whatever it claims
	Models      []string `json:"models,omitempty"`      // that may be asked for, with * and ?; all when empty
	Endpoints   []string `json:"endpoints,omitempty"`   // chat, responses, messages, embeddings, text_completion, other; all when empty
}

// Endpoints lists what a key can be bound to.
func Endpoints() []string {
	return []string{"chat", "responses", "messages", "embeddings", "text_completion", "other"}
}

// IsZero says that nothing is bound.
func (b *Bounds) IsZero() bool {
	return b.Workflow == "" && b.Environment == "" && len(b.Models)+len(b.Endpoints) == 0
}

const maxBounds = 100

// validate refuses patterns that cannot be read, unknown endpoints and too many of
// either. The error is of kind invalid.
func (b *Bounds) validate(k Kind) error {
	const op = "issue a token"
	switch {
	case b.IsZero():
		return nil
	case k != GatewayToken:
		return spend.Errorf(spend.KindInvalid, op, "a token of kind %s calls no models", k).WithHint("leave workflow, environment, models and endpoints out, or make a gateway token")
	case len(b.Models) > maxBounds || len(b.Endpoints) > maxBounds || len(b.Workflow) > 256 || len(b.Environment) > 256:
		return spend.Errorf(spend.KindInvalid, op, "at most %d models, and names of at most 256 bytes", maxBounds)
	}
	for _, m := range b.Models {
		if _, err := path.Match(m, ""); err != nil || m == "" || len(m) > 256 {
			return spend.Errorf(spend.KindInvalid, op, "the model %.60q is no name and no pattern", m).WithHint("a name like gpt-5, or gpt-5*")
		}
	}
	for _, e := range b.Endpoints {
		if !slices.Contains(Endpoints(), e) {
			return spend.Errorf(spend.KindInvalid, op, "there is no endpoint %.60q", e).WithHint("some of %s", strings.Join(Endpoints(), ", "))
		}
	}
	return nil
}

// Allows says that a model may be asked for.
func (b *Bounds) Allows(model string) bool {
	flat := strings.ReplaceAll(model, "/", "\x00") // which a * would not cross
	return len(b.Models) == 0 || slices.ContainsFunc(b.Models, func(m string) bool {
		ok, err := path.Match(strings.ReplaceAll(m, "/", "\x00"), flat)
		return ok && err == nil
	})
}

// Opens says that an endpoint may be used.
func (b *Bounds) Opens(endpoint string) bool {
	return len(b.Endpoints) == 0 || slices.Contains(b.Endpoints, endpoint)
}

// text is how a store keeps bounds, "" for none.
func (b *Bounds) text() string {
	if b.IsZero() {
		return ""
	}
	text, _ := json.Marshal(b) // texts alone
	return string(text)
}

// readBounds reads what a store keeps.
func readBounds(text string) (b Bounds, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &b)
	}
	return b, err
}

// BoundsOf gives the bounds of a token, none when they cannot be read.
func BoundsOf(t *TokenRow) Bounds {
	b, _ := readBounds(t.Bounds)
	return b
}
