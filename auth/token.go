package auth

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/bursarhq/bursar/spend"
)

// Kind is the second part of a token's text: the one door that it opens. Where
// a role has several doors, a token of one does not open another.
type Kind string

// The kinds of token. Those of the people's roles are named like their role.
const (
	AdminToken     Kind = "admin"
	FinanceToken   Kind = "finance"
	LeadToken      Kind = "lead"
	ViewerToken    Kind = "viewer"
	GatewayToken   Kind = "gateway"
	OutcomesToken  Kind = "outcomes"
	TelemetryToken Kind = "telemetry" // role ingest, telemetry alone
	EventsToken    Kind = "events"    // role ingest, usage events alone
	ImportsToken   Kind = "imports"   // role ingest, files alone
)

// Kinds lists the kinds of token.
func Kinds() []Kind {
	return []Kind{
		AdminToken, FinanceToken, LeadToken, ViewerToken, GatewayToken, OutcomesToken,
		TelemetryToken, EventsToken, ImportsToken,
	}
}

// Role gives the role of a kind.
func (k Kind) Role() Role {
	if _, narrow := k.only(); narrow {
		return Ingest
	}
	return Role(k)
}

// only gives the single action of a narrow kind.
func (k Kind) only() (Action, bool) {
	switch k {
	case TelemetryToken:
		return TelemetryWrite, true
	case EventsToken:
		return EventWrite, true
	case ImportsToken:
		return ImportWrite, true
	}
	return "", false
}

const (
	tokenStart   = "bursar_"
	prefixLength = 8
	maxTokenName = 80
)

// TokenRequest is what a new token is to be.
type TokenRequest struct {
	Kind    Kind
	Name    string      // 1 to 80 printable characters, shown in lists; name no person
	Scope   spend.Scope // business unit, team and application at most
	Expires time.Time   // zero for never
	Bounds  Bounds      // of a key for models
}

// Validate refuses an unknown kind, a name that cannot be shown, a scope that a
// role cannot have and an expiry that is not after now.
func (r *TokenRequest) Validate(now time.Time) error {
	unprintable := func(c rune) bool { return !unicode.IsPrint(c) }
	switch {
	case !slices.Contains(Kinds(), r.Kind):
		return spend.Errorf(spend.KindInvalid, "issue a token", "there is no kind of token %.40q", r.Kind).
			WithHint("one of %v", Kinds())
	case strings.TrimSpace(r.Name) == "", len(r.Name) > maxTokenName, strings.ContainsFunc(r.Name, unprintable):
		return spend.Errorf(spend.KindInvalid, "issue a token", "the name %.40q cannot be shown in a list", r.Name).
			WithHint("give 1 to %d printable characters that say where the token is used", maxTokenName)
	case blank(&r.Scope):
		return spend.Errorf(spend.KindInvalid, "issue a token", "a value of its scope is white space alone, which nobody sees").
			WithHint("name it, or leave it out")
	case !r.Expires.IsZero() && !r.Expires.After(now):
		return spend.Errorf(spend.KindInvalid, "issue a token", "it would expire at %s, which is over", r.Expires.UTC().Format(time.RFC3339))
	}
	if err := r.Bounds.validate(r.Kind); err != nil {
		return err
	}
	return Grant{r.Kind.Role(), r.Scope}.Validate()
}

func blank(s *spend.Scope) bool {
	fields := s.Fields()
	return slices.ContainsFunc(fields[:], func(f *string) bool { return *f != "" && strings.TrimSpace(*f) == "" })
}

// NewToken makes a token: the secret to hand over once, and the row to keep.
func NewToken(r TokenRequest, now time.Time) (Secret, TokenRow, error) {
	if err := r.Validate(now); err != nil {
		return Secret{}, TokenRow{}, err
	}
	text := random()
	secret := NewSecret(tokenStart + string(r.Kind) + "_" + text)
	return secret, TokenRow{
		Prefix: text[:prefixLength], Hash: secret.hash(),
		Kind: string(r.Kind), Name: r.Name, Role: string(r.Kind.Role()), Scope: r.Scope,
		Created: now, Expires: r.Expires, Bounds: r.Bounds.text(),
	}, nil
}

// FirstAdmin makes the admin token of a first start. Keep its row with
// KeepToken by System, and write the secret to a file that only its owner reads.
func FirstAdmin(now time.Time) (Secret, TokenRow, error) {
	return NewToken(TokenRequest{Kind: AdminToken, Name: "first start"}, now)
}

// KeepToken adds a token to the store and to the audit trail.
func KeepToken(ctx context.Context, store TokenKeeper, by Identity, token TokenRow) error {
	if err := store.AddToken(ctx, token); err != nil {
		return err
	}
	_, err := Append(ctx, store, Note{Who: by, Action: TokenManage, Target: "token/" + token.Prefix, After: DigestOf(token.Hash)})
	return err
}

// RevokeToken ends a token and notes it in the audit trail, false when there is
// none with the prefix or it has ended before.
func RevokeToken(ctx context.Context, store TokenKeeper, by Identity, prefix string) (bool, error) {
	done, err := store.RevokeToken(ctx, prefix)
	if err != nil || !done {
		return false, err
	}
	_, err = Append(ctx, store, Note{Who: by, Action: TokenManage, Target: "token/" + prefix, After: DigestOf("revoked")})
	return err == nil, err
}

// Rotation is a token in the place of another, which goes on for a while.
type Rotation struct {
	Prefix  string        // of the one that ends
	Overlap time.Duration // for which both are good
}

// RotateToken makes a token like another, and ends that one after the overlap. The
// error is of kind notfound when none with the prefix is in force.
func RotateToken(ctx context.Context, store TokenKeeper, by Identity, r Rotation) (Secret, TokenRow, error) {
	const op = "rotate a token"
	if r.Overlap < 0 || r.Overlap > maxOverlap {
		return Secret{}, TokenRow{}, spend.Errorf(spend.KindInvalid, op, "an overlap of %s", r.Overlap).WithHint("0 to %s", maxOverlap)
	}
	old, found, err := store.Token(ctx, r.Prefix)
	if err != nil {
		return Secret{}, TokenRow{}, err
	}
	if !found || !admitToken(&old, store.Now()).Admitted {
		return Secret{}, TokenRow{}, spend.Errorf(spend.KindNotFound, op, "none with prefix %.40q is in force", r.Prefix)
	}
	secret, row, err := NewToken(TokenRequest{Kind: Kind(old.Kind), Name: old.Name, Scope: old.Scope, Expires: old.Expires, Bounds: BoundsOf(&old)}, store.Now())
	if err != nil {
		return Secret{}, TokenRow{}, err
	}
	if err := KeepToken(ctx, store, by, row); err != nil {
		return Secret{}, TokenRow{}, err
	}
	ends := store.Now().Add(r.Overlap)
	if err := store.ExpireToken(ctx, old.Prefix, ends); err != nil {
		return Secret{}, TokenRow{}, err
	}
	_, err = Append(ctx, store, Note{Who: by, Action: TokenManage, Target: "token/" + old.Prefix, After: DigestOf("expires " + ends.UTC().Format(time.RFC3339))})
	return secret, row, err
}

const maxOverlap = 90 * 24 * time.Hour

// Admission says whether what was presented is somebody.
type Admission struct {
	Identity Identity
	Admitted bool
	Reason   string // why not, for whoever presented it
	TouchDue bool   // the token's day of last use is not today: call Touch
}

// Authenticate finds out whose token was presented. A token that is malformed,
// unknown, expired or revoked is not admitted; the error is the store's alone.
func Authenticate(ctx context.Context, store TokenFinder, presented Secret) (Admission, error) {
	token, found, err := findToken(ctx, store, presented)
	if err != nil || !found {
		return Admission{Reason: "this is no token of ours"}, err
	}
	return admitToken(&token, store.Now()), nil
}

func findToken(ctx context.Context, store TokenFinder, presented Secret) (TokenRow, bool, error) {
	prefix, ok := prefixOf(presented.Reveal())
	if !ok {
		return TokenRow{}, false, nil
	}
	token, found, err := store.Token(ctx, prefix)
	if err != nil || !found || !presented.matches(token.Hash) {
		return TokenRow{}, false, err
	}
	return token, true, nil
}

func admitToken(token *TokenRow, now time.Time) Admission {
	switch {
	case !token.Revoked.IsZero():
		return Admission{Reason: "this token was revoked on " + day(token.Revoked)}
	case !token.Expires.IsZero() && !now.Before(token.Expires):
		return Admission{Reason: "this token expired on " + day(token.Expires)}
	}
	bounds, err := readBounds(token.Bounds)
	if err != nil {
		return Admission{Reason: "what this token is bound to cannot be read; make another"}
	}
	return Admission{
		Admitted: true,
		TouchDue: token.LastUsed != day(now),
		Identity: Identity{
			Token: token.Prefix, Kind: Kind(token.Kind), Method: ByToken, Bounds: bounds,
			Grants: []Grant{{Role(token.Role), token.Scope}},
		},
	}
}

// Touch sets a token's day of last use to today. Nothing finer is kept.
func Touch(ctx context.Context, store TokenUser, who Identity) error {
	if who.Token == "" {
		return nil
	}
	return store.UseToken(ctx, who.Token, day(store.Now()))
}

// HasToken says that a text with the shape of a token, of whatever kind, stands in another.
func HasToken(text string) bool {
	for {
		_, rest, found := strings.Cut(text, tokenStart)
		if !found {
			return false
		}
		kind, end, _ := strings.Cut(rest, "_")
		if _, ours := prefixOf(tokenStart + kind + "_" + end[:min(len(end), randomLength)]); ours {
			return true
		}
		text = rest
	}
}

// prefixOf reads the public prefix out of a well-formed token.
func prefixOf(text string) (string, bool) {
	rest, ours := strings.CutPrefix(text, tokenStart)
	kind, random, two := strings.Cut(rest, "_")
	if !ours || !two || !slices.Contains(Kinds(), Kind(kind)) || !isRandom(random) {
		return "", false
	}
	return random[:prefixLength], true
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
