package auth

import (
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// Method is how an identity was proven.
type Method string

// The methods.
const (
	ByToken   Method = "token"
	BySession Method = "session"
)

// Identity is who asks: a person, a token, or the program itself.
type Identity struct {
	Principal string // the person's random id, "" for a token of nobody
	Token     string // the prefix of the token, "" without one
	Kind      Kind   // of the token, "" for a person
	Method    Method
	Grants    []Grant
	Bounds    Bounds // of a key for models
}

// System is the program itself, on its first start. It has no right; it is there
// to be named in the audit trail.
func System() Identity { return Identity{} }

// Local is whoever runs a command on a folder that no server has open: who has
// the files may do what an administrator, finance and a program may. The audit
// trail names it as the system.
func Local() Identity {
	return Identity{Method: ByToken, Grants: []Grant{{Role: Admin}, {Role: Finance}, {Role: Ingest}, {Role: Outcomes}}}
}

// Actor names the identity in the audit trail and as the preparer of what a
// second person approves: "person/" and the principal id, "token/" and the
// prefix, or "system".
func (i Identity) Actor() string {
	switch {
	case i.Principal != "":
		return "person/" + i.Principal
	case i.Token != "":
		return "token/" + i.Token
	}
	return "system"
}

// Target is what an action is done to. Resolve the scope fully first: a team
// that is known but not named here is a team outside every grant.
type Target struct {
	Scope      spend.Scope // empty for the whole organisation
	PreparedBy string      // Actor of whoever prepared what is now to be decided
}

// Decision is the answer, with its reason for the person who asked.
type Decision struct {
	Allowed bool
	Reason  string
}

// Authorise says whether somebody may do something to a target. It is the only
// function that answers this question, and a function of its arguments.
//
// Example: the lead of team "claims" may change the budget of application
// "triage" in that team, and may not change the one of team "sales".
func Authorise(who Identity, action Action, target Target) Decision {
	rows := table()
	at := slices.IndexFunc(rows[:], func(r row) bool { return r.action == action })
	if at < 0 {
		return denied("there is no action %.40q", action)
	}
	if only, narrow := who.Kind.only(); narrow && only != action {
		return denied("a %s token may %s and nothing else", who.Kind, only)
	}
	verdict := byGrants(who.Grants, rows[at], target)
	if verdict.Allowed && rows[at].second {
		return bySecond(who.Actor(), target.PreparedBy, verdict)
	}
	return verdict
}

// byGrants gives the first grant that allows, else why the nearest does not.
func byGrants(grants []Grant, r row, target Target) Decision {
	verdict := denied("no role here may %s", r.action)
	for _, g := range grants {
		column := slices.Index(Roles(), g.Role)
		if column < 0 || r.reach[column] == no || g.Validate() != nil {
			continue
		}
		if r.reach[column] == all || covers(&g.Scope, &target.Scope) {
			return Decision{Allowed: true, Reason: fmt.Sprintf("role %s may %s", g.Role, r.action)}
		}
		verdict = denied("role %s may %s in its own scope, and this is outside", g.Role, r.action)
	}
	return verdict
}

func bySecond(actor, preparer string, verdict Decision) Decision {
	switch preparer {
	case "":
		return denied("nobody is named who prepared this, so nobody can be second")
	case actor:
		return denied("whoever prepared this cannot approve it: a second person has to")
	}
	return verdict
}

func denied(format string, args ...any) Decision {
	return Decision{Reason: fmt.Sprintf(format, args...)}
}
