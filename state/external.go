package state

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// digestID is what an external id is found by.
func digestID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// indexIDs makes a person's external ids findable, these and no others.
func (tx *Tx) indexIDs(ctx context.Context, principal string, ids []string) error {
	if err := tx.exec(ctx, ask(`DELETE FROM external_ids WHERE principal = ?`, principal)); err != nil {
		return err
	}
	for _, id := range ids {
		n, err := tx.change(ctx, ask(`INSERT INTO external_ids (digest, principal) VALUES (?, ?)
ON CONFLICT (digest) DO UPDATE SET principal = excluded.principal WHERE external_ids.principal = excluded.principal`,
			digestID(id), principal))
		if err != nil {
			return err
		}
		if n == 0 {
			return spend.Errorf(spend.KindConflict, "keep a person", "one of the external ids is another person's").
				WithHint("take it from that person first")
		}
	}
	return nil
}

// reindex makes findable what an older version kept with people alone.
func (tx *Tx) reindex(ctx context.Context) error {
	people, err := list(ctx, tx, ask(selectPeople+`WHERE external_ids <> '[]' AND principal NOT IN (SELECT principal FROM external_ids)`), scanPerson)
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := tx.indexIDs(ctx, p.Principal, p.ExternalIDs); err != nil {
			return err
		}
	}
	return nil
}

// PersonByExternalID finds whose account id this is, false when nobody's.
func (tx *Tx) PersonByExternalID(ctx context.Context, id string) (Person, bool, error) {
	return first(ctx, tx, ask(selectPeople+`WHERE principal IN (SELECT principal FROM external_ids WHERE digest = ?)`, digestID(id)), scanPerson)
}

// some is how many values one statement may ask for.
const some = 500

// PrincipalsOf gives the principal of every external id that is somebody's, and
// of every principal id that exists, erased or not. Others are absent.
func (tx *Tx) PrincipalsOf(ctx context.Context, ids []string) (map[string]string, error) {
	found := make(map[string]string, len(ids))
	for len(ids) > 0 {
		part := ids[:min(some, len(ids))]
		ids = ids[len(part):]
		if err := tx.principalsOf(ctx, part, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (tx *Tx) principalsOf(ctx context.Context, ids []string, found map[string]string) error {
	type pair struct{ key, principal string }
	of := map[string]string{}
	digests, plain := make([]any, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		digests[i], plain[i] = digestID(id), id
		of[digestID(id)] = id
	}
	read := func(scan scanner) (p pair, err error) { return p, scan(&p.key, &p.principal) }
	pairs, err := list(ctx, tx, ask(`SELECT digest, principal FROM external_ids WHERE digest IN (`+marks(len(ids))+`)`, digests...), read)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		found[of[p.key]] = p.principal
	}
	pairs, err = list(ctx, tx, ask(`SELECT principal, principal FROM people WHERE principal IN (`+marks(len(ids))+`)`, plain...), read)
	for _, p := range pairs {
		found[p.key] = p.principal
	}
	return err
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// ErasedAmong says which of some principals are erased.
func (tx *Tx) ErasedAmong(ctx context.Context, principals []string) (map[string]bool, error) {
	erased := map[string]bool{}
	for len(principals) > 0 {
		part := make([]any, min(some, len(principals)))
		for i := range part {
			part[i] = principals[i]
		}
		principals = principals[len(part):]
		found, err := list(ctx, tx, ask(`SELECT principal FROM people WHERE erased_at <> 0 AND principal IN (`+marks(len(part))+`)`, part...),
			func(scan scanner) (p string, err error) { return p, scan(&p) })
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			erased[p] = true
		}
	}
	return erased, nil
}

// shortest is the length in bytes from which a text is taken for a name where it
// stands inside another; shorter ones would tear words apart.
const shortest = 4

// redact puts the principal id in the place of a person's name, e-mail and
// external ids wherever a kept answer or an applied document holds them. The
// digest of a document stays that of what was applied.
func (tx *Tx) redact(ctx context.Context, p *Person) error {
	var forms []string
	for _, text := range append([]string{p.Name, p.Email}, p.ExternalIDs...) {
		forms = append(forms, spellings(text)...)
	}
	for _, form := range forms {
		for _, text := range []string{
			`UPDATE idempotency SET response = replace(response, ?, ?) WHERE response <> replace(response, ?, ?)`,
			`UPDATE applied SET yaml = replace(yaml, ?, ?) WHERE yaml <> replace(yaml, ?, ?)`,
		} {
			if err := tx.exec(ctx, ask(text, form, p.Principal, form, p.Principal)); err != nil {
				return err
			}
		}
	}
	return nil
}

// spellings gives a text as it stands in JSON and in YAML.
func spellings(text string) []string {
	if len(text) < shortest {
		return nil
	}
	encoded, err := json.Marshal(text)
	if err != nil {
		return []string{text}
	}
	if inside := string(encoded[1 : len(encoded)-1]); inside != text {
		return []string{text, inside}
	}
	return []string{text}
}
