package state

import (
	"context"

	"github.com/bursarhq/bursar/spend"
)

// Grant is a role within a scope: business unit, team and application at most.
// Like Token it is the row that package auth declares.
type Grant = struct {
	Role  string
	Scope spend.Scope
}

// PersonGrant is a grant of a person.
type PersonGrant struct {
	Principal string
	Grant
}

// GrantsOf gives the roles of a person, none when erased or unknown.
func (tx *Tx) GrantsOf(ctx context.Context, principal string) ([]Grant, error) {
	return list(ctx, tx, ask(`SELECT role, business_unit, team, application FROM roles
WHERE subject_kind = 'principal' AND subject = ? ORDER BY role, business_unit, team, application`, principal),
		func(scan scanner) (g Grant, err error) {
			return g, scan(&g.Role, &g.Scope.BusinessUnit, &g.Scope.Team, &g.Scope.Application)
		})
}

// Grants lists the roles of all people, by person and role.
func (tx *Tx) Grants(ctx context.Context) ([]PersonGrant, error) {
	return list(ctx, tx, ask(`SELECT subject, role, business_unit, team, application FROM roles
WHERE subject_kind = 'principal' ORDER BY subject, role, business_unit, team, application`),
		func(scan scanner) (g PersonGrant, err error) {
			return g, scan(&g.Principal, &g.Role, &g.Scope.BusinessUnit, &g.Scope.Team, &g.Scope.Application)
		})
}

// AddGrant gives a person a role; one that the person has already changes
// nothing. The error is of kind notfound when nobody known has that id.
func (tx *Tx) AddGrant(ctx context.Context, principal string, g Grant) error {
	person, found, err := tx.Person(ctx, principal)
	if err != nil {
		return err
	}
	if !found || !person.Erased.IsZero() {
		return spend.Errorf(spend.KindNotFound, "give a role", "there is no person %.40q", principal)
	}
	return tx.addRole(ctx, "principal", principal, g)
}

// DropGrant takes a role from a person, false when the person did not have it.
func (tx *Tx) DropGrant(ctx context.Context, principal string, g Grant) (bool, error) {
	n, err := tx.change(ctx, ask(`DELETE FROM roles WHERE subject_kind = 'principal' AND subject = ?
AND role = ? AND business_unit = ? AND team = ? AND application = ?`,
		principal, g.Role, g.Scope.BusinessUnit, g.Scope.Team, g.Scope.Application))
	return n > 0, err
}

func (tx *Tx) addRole(ctx context.Context, kind, subject string, g Grant) error {
	above := spend.Scope{BusinessUnit: g.Scope.BusinessUnit, Team: g.Scope.Team, Application: g.Scope.Application}
	if !above.Equal(&g.Scope) {
		return spend.Errorf(spend.KindInvalid, "give a role", "a scope below the application cannot be kept").
			WithHint("name business unit, team or application")
	}
	return tx.exec(ctx, ask(`INSERT INTO roles (subject_kind, subject, role, business_unit, team, application)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, kind, subject, g.Role, above.BusinessUnit, above.Team, above.Application))
}
