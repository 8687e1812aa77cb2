package auth

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/bursarhq/bursar/spend"
)

// NewPrincipal makes the random id that stands for a person everywhere but in
// the people table: 26 characters of base32.
func NewPrincipal() string { return random() }

// IsPrincipal says that a text has the shape of a principal id.
func IsPrincipal(text string) bool { return isRandom(text) }

const (
	maxPersonText  = 200 // bytes
	maxExternalIDs = 100
)

// PersonRequest is what is to be known of a person.
type PersonRequest struct {
	Name        string
	Email       string
	ExternalIDs []string // what sources call the person
}

// Validate refuses a request that says nothing, and texts that no list can show.
// No error quotes any of them. The errors are of kind invalid.
func (r *PersonRequest) Validate() error {
	if r.Name == "" && r.Email == "" && len(r.ExternalIDs) == 0 {
		return spend.Errorf(spend.KindInvalid, "add a person", "nothing is said of the person").
			WithHint("give a name, an e-mail, or what a source calls the person")
	}
	if r.Email != "" && !strings.Contains(r.Email, "@") {
		return spend.Errorf(spend.KindInvalid, "add a person", "the e-mail has no @").WithHint("a user name is an external id")
	}
	if len(r.ExternalIDs) > maxExternalIDs {
		return spend.Errorf(spend.KindInvalid, "add a person", "%d external ids, more than %d", len(r.ExternalIDs), maxExternalIDs)
	}
	unprintable := func(c rune) bool { return !unicode.IsPrint(c) }
	for i, text := range append([]string{r.Name, r.Email}, r.ExternalIDs...) {
		if len(text) > maxPersonText || strings.ContainsFunc(text, unprintable) || i > 1 && strings.TrimSpace(text) == "" {
			return spend.Errorf(spend.KindInvalid, "add a person", "name, e-mail or an external id cannot be shown in a list").
				WithHint("give 1 to %d printable bytes", maxPersonText)
		}
	}
	return nil
}

// GiveRole gives a person a role and notes it in the audit trail. Roles of
// programs are for tokens. The error is of kind invalid for a role that no person
// can have, and notfound when nobody known has that id.
func GiveRole(ctx context.Context, store GrantKeeper, by Identity, to PersonGrant) error {
	if err := to.Validate(); err != nil {
		return err
	}
	return noteRoles(ctx, store, by, to.Principal, func() (bool, error) {
		return true, store.AddGrant(ctx, to.Principal, to.row())
	})
}

// TakeRole takes a role from a person and notes it in the audit trail. The error
// is of kind notfound when the person does not have it.
func TakeRole(ctx context.Context, store GrantKeeper, by Identity, from PersonGrant) error {
	return noteRoles(ctx, store, by, from.Principal, func() (bool, error) {
		return store.DropGrant(ctx, from.Principal, from.row())
	})
}

// PersonGrant is a role of a person.
type PersonGrant struct {
	Principal string
	Grant
}

// Validate refuses roles of programs, a scope for a role that reaches everything
// whatever its scope, and what no grant may be.
func (p PersonGrant) Validate() error {
	if slices.Contains([]Role{Ingest, Gateway, Outcomes}, p.Role) {
		return spend.Errorf(spend.KindInvalid, "give a role", "%s is a role of programs", p.Role).
			WithHint("make a token for the program; people are admin, finance, lead or viewer")
	}
	if slices.Contains([]Role{Admin, Finance}, p.Role) && !whole(&p.Scope) {
		return spend.Errorf(spend.KindInvalid, "give a role", "%s reaches everything, and the scope would not hold", p.Role).
			WithHint("leave the scope out, or give lead or viewer")
	}
	return p.Grant.Validate()
}

func (p PersonGrant) row() GrantRow { return GrantRow{Role: string(p.Role), Scope: p.Scope} }

// noteRoles makes a change of roles and notes what the person had before and has
// after.
func noteRoles(ctx context.Context, store GrantKeeper, by Identity, principal string, change func() (bool, error)) error {
	before, err := digestGrants(ctx, store, principal)
	if err != nil {
		return err
	}
	done, err := change()
	if err != nil {
		return err
	}
	if !done {
		return spend.Errorf(spend.KindNotFound, "take a role", "person %.40q does not have it in this scope", principal).
			WithHint("the list of people shows each role with its scope; name the same")
	}
	after, err := digestGrants(ctx, store, principal)
	if err != nil || before == after {
		return err
	}
	_, err = Append(ctx, store, Note{Who: by, Action: PersonManage, Target: "person/" + principal, Before: before, After: after})
	return err
}

func digestGrants(ctx context.Context, store GrantKeeper, principal string) (string, error) {
	grants, err := store.GrantsOf(ctx, principal)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(grants)
	return DigestOf(string(text)), err
}

// Erase forgets who a principal was: name, e-mail, external ids, roles and
// sessions go, the principal id stays in ledger and audit trail. It says false
// when there is no such principal or it was erased before.
func Erase(ctx context.Context, store PersonEraser, by Identity, principal string) (bool, error) {
	done, err := store.ErasePerson(ctx, principal)
	if err != nil || !done {
		return false, err
	}
	_, err = Append(ctx, store, Note{Who: by, Action: PersonErase, Target: "person/" + principal})
	return err == nil, err
}
