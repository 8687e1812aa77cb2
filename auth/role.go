package auth

import (
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// Role is what a person or a token is there to do. Its rights stand in table.go.
type Role string

// The roles.
const (
	Admin    Role = "admin"    // runs the installation
	Finance  Role = "finance"  // closes periods, reads every figure
	Lead     Role = "lead"     // answers for one scope
	Viewer   Role = "viewer"   // reads, all or one scope
	Ingest   Role = "ingest"   // tells usage: telemetry, events, imports
	Gateway  Role = "gateway"  // calls models through the gateway
	Outcomes Role = "outcomes" // claims outcomes
)

// Roles lists the roles in the order of the table's columns.
func Roles() []Role { return []Role{Admin, Finance, Lead, Viewer, Ingest, Gateway, Outcomes} }

// Grant is a role within a scope. An empty scope is the whole organisation; a
// lead has to have one.
type Grant struct {
	Role  Role
	Scope spend.Scope
}

// Validate refuses an unknown role, a scope that says more than business unit,
// team and application, and a lead of nothing. The error is of kind invalid.
func (g Grant) Validate() error {
	above := spend.Scope{BusinessUnit: g.Scope.BusinessUnit, Team: g.Scope.Team, Application: g.Scope.Application}
	switch {
	case !slices.Contains(Roles(), g.Role):
		return spend.Errorf(spend.KindInvalid, "grant a role", "there is no role %.40q", g.Role).
			WithHint("one of %v", Roles())
	case !above.Equal(&g.Scope):
		return spend.Errorf(spend.KindInvalid, "grant a role", "the scope of a role ends at the application").
			WithHint("name business unit, team or application; a client names what stands below in each call")
	case g.Role == Lead && whole(&g.Scope):
		return spend.Errorf(spend.KindInvalid, "grant a role", "a lead without a scope would lead everything").
			WithHint("name the business unit, team or application that the lead answers for")
	}
	return nil
}

func whole(s *spend.Scope) bool { return s.Equal(&spend.Scope{}) }

// covers says that every field and tag that the grant's scope names has the
// same value in the target. Example: team "claims" covers team "claims" with
// application "triage", and neither team "sales" nor an unnamed team.
func covers(grant, target *spend.Scope) bool {
	mine, theirs := grant.Fields(), target.Fields()
	for i, field := range mine {
		if *field != "" && *field != *theirs[i] {
			return false
		}
	}
	for tag, value := range grant.Tags {
		if found, ok := target.Tags[tag]; !ok || found != value {
			return false
		}
	}
	return true
}
