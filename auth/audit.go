package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Note is what an audit entry is about.
type Note struct {
	Who    Identity
	Action Action
	Target string // kind and id, "token/ab12cd34": no name, no address, no secret
	Before string // digest of the state before, DigestOf, or ""
	After  string // digest of the state after, DigestOf, or ""
}

// Entry is the canonical form of an audit entry: its JSON bytes, fields in this
// order, are what is hashed and kept.
type Entry struct {
	Seq      int64  `json:"seq"`      // 1, 2, 3, … without a gap
	Previous string `json:"previous"` // hash of the entry before, "" for the first
	At       int64  `json:"at"`       // microseconds since 1970, UTC
	Who      string `json:"who"`      // Identity.Actor
	Action   Action `json:"action"`
	Target   string `json:"target"`
	Before   string `json:"before,omitempty"`
	After    string `json:"after,omitempty"`
}

// Time is when it happened, in UTC.
func (e *Entry) Time() time.Time { return time.UnixMicro(e.At).UTC() }

// Head names one entry of the trail by number and hash. Print it where others
// keep it: a rewritten or shortened trail no longer holds it.
type Head struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// DigestOf gives the SHA-256 of a text in hexadecimal, for Before and After.
func DigestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

var (
	actorShape  = regexp.MustCompile(`^(system|person/[a-z2-7]{26}|token/[a-z2-7]{8})$`)
	targetShape = regexp.MustCompile(`^[a-z_]+(/[A-Za-z0-9._:-]+)*$`)
	digestShape = regexp.MustCompile(`^([0-9a-f]{64})?$`)
)

const maxTarget = 200

// Validate refuses an unknown action, an actor that is no random id, and a target
// or digest that could hold an address, a name with spaces or a token.
func (n *Note) Validate() error {
	switch {
	case !slices.Contains(Actions(), n.Action):
		return spend.Errorf(spend.KindInvalid, "note in the audit trail", "there is no action %.40q", n.Action)
	case !actorShape.MatchString(n.Who.Actor()):
		return spend.Errorf(spend.KindInvalid, "note in the audit trail", "who did it is no principal id and no token prefix").
			WithHint("people are named by the id from NewPrincipal, tokens by their prefix")
	case len(n.Target) > maxTarget, !targetShape.MatchString(n.Target), strings.Contains(n.Target, tokenStart):
		return spend.Errorf(spend.KindInvalid, "note in the audit trail", "the target is no kind and id of at most %d characters", maxTarget).
			WithHint("write it like token/ab12cd34; names, addresses and secrets stay out")
	case !digestShape.MatchString(n.Before), !digestShape.MatchString(n.After):
		return spend.Errorf(spend.KindInvalid, "note in the audit trail", "before and after are digests").
			WithHint("pass them through DigestOf")
	}
	return nil
}

// Append adds an entry to the trail, inside the transaction of the change that
// it is about, and gives the new head.
func Append(ctx context.Context, trail Trail, n Note) (Head, error) {
	if err := n.Validate(); err != nil {
		return Head{}, err
	}
	last, _, err := trail.LastAudit(ctx)
	if err != nil {
		return Head{}, err
	}
	canonical, err := json.Marshal(Entry{
		Seq: last.Seq + 1, Previous: last.Hash, At: trail.Now().UnixMicro(),
		Who: n.Who.Actor(), Action: n.Action, Target: n.Target, Before: n.Before, After: n.After,
	})
	if err != nil {
		return Head{}, spend.Errorf(spend.KindInternal, "note in the audit trail", "%w", err)
	}
	row := AuditRow{Seq: last.Seq + 1, Entry: string(canonical), Hash: DigestOf(string(canonical))}
	if err := trail.AddAudit(ctx, row); err != nil {
		return Head{}, err
	}
	return Head{row.Seq, row.Hash}, nil
}
