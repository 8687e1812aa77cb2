package ingest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Directory knows people by whatever a source calls them (an e-mail, a user name,
// an account id) and gives each a random id. Its methods may be called from any
// goroutine.
type Directory interface {
	// Principals gives the principal id of each claim; whoever is new gets one. A
	// principal id that is known already stands for itself.
	Principals(ctx context.Context, claims []string) (map[string]string, error)
	// Erased says which of some principals are erased.
	Erased(ctx context.Context, principals []string) (map[string]bool, error)
	// Veil gives a keyed digest of a text, the same for ever.
	Veil(text string) string
}

// identify puts principal ids in the place of what sources call people, before a
// record reaches log, ledger or quarantine. Without a directory nobody is named.
// A claim that no store should hold stays, and has its record rejected without it.
func identify(ctx context.Context, d Directory, records []Record) error {
	claims := map[string]bool{}
	for i := range records {
		name := &records[i].Event.Scope.Principal
		if *name = PlainName(*name); d == nil {
			*name = ""
		}
		if *name != "" && labelFault(*name) == "" {
			claims[*name] = true
		}
	}
	if len(claims) == 0 {
		return nil
	}
	known, err := d.Principals(ctx, slices.Sorted(maps.Keys(claims)))
	if err != nil {
		return err
	}
	for i := range records {
		e := &records[i].Event
		if principal := known[e.Scope.Principal]; principal != "" && principal != e.Scope.Principal {
			name(d, e, principal)
		}
	}
	return nil
}

// PlainName makes one claim of the spellings of one: addresses differ in letters
// of upper case, and cells in spaces around them.
func PlainName(claim string) string {
	claim = strings.TrimSpace(claim)
	if strings.Contains(claim, "@") {
		return strings.ToLower(claim)
	}
	return claim
}

// name gives an event the principal id of its claim. Keys that hold the claim are
// veiled: the same record has the same key again, whoever was erased since.
func name(d Directory, e *spend.Event, principal string) {
	claim := strings.ToLower(e.Scope.Principal)
	e.Scope.Principal = principal
	for _, key := range []*string{&e.SourceKey, &e.Partition} {
		if holds(strings.ToLower(*key), claim) {
			*key = d.Veil(*key)
		}
	}
}

// telling is the length from which a claim inside a longer word is no coincidence.
const telling = 6

// holds says that a key names a claim: as one of its parts, or within one.
//
// Example: "ada@example.org/2026-03-01" and "7/2026-03-01" hold the claims
// "ada@example.org" and "7", and "call-17" does not hold "7".
func holds(key, claim string) bool {
	return len(claim) >= telling && strings.Contains(key, claim) || slices.Contains(strings.Split(key, "/"), claim)
}

// keepErased leaves an attempt with whom it was booked for, when that person is
// erased: a record that comes again must not name anybody anew.
func (r *resolver) keepErased(ctx context.Context, records []deferred) error {
	if r.p.Directory == nil {
		return nil
	}
	erased, err := r.erased(ctx, records)
	if err != nil || len(erased) == 0 {
		return err
	}
	for i := range records {
		d := &records[i]
		a, _ := r.named(d.keys)
		if a == nil {
			continue
		}
		if was := a.principal(&d.record.Event); erased[was] {
			d.record.Event.Scope.Principal = was
			d.content = d.record.Event.Content()
		}
	}
	return nil
}

// erased finds the erased among the principals whose attempts now come with others.
func (r *resolver) erased(ctx context.Context, records []deferred) (map[string]bool, error) {
	var asked []string
	for i := range records {
		if a, _ := r.named(records[i].keys); a != nil {
			if was := a.principal(&records[i].record.Event); was != "" && was != records[i].record.Event.Scope.Principal {
				asked = append(asked, was)
			}
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	return r.p.Directory.Erased(ctx, asked)
}

// principal is whom the same source named of the attempt before, else whom its
// line names.
func (a *attempt) principal(e *spend.Event) string {
	if said, found := a.said(e); found {
		return said.Scope.Principal
	}
	if a.line == nil {
		return ""
	}
	return a.line.Scope.Principal
}

// said is what the same record said of the attempt before, false when it is new.
func (a *attempt) said(e *spend.Event) (spend.Event, bool) {
	for _, s := range a.sightings {
		if s.Source == e.Source && s.SourceKey == e.SourceKey {
			return s.Event, true
		}
	}
	if len(a.sightings) > 0 || a.line == nil || a.line.Source != e.Source || a.line.SourceKey != e.SourceKey {
		return spend.Event{}, false
	}
	said, err := sightingOf(a.line)
	return said, err == nil
}
