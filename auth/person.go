package auth

import "context"

// NewPrincipal makes the random id that stands for a person everywhere but in
// the people table: 26 characters of base32.
func NewPrincipal() string { return random() }

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
