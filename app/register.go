package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// isRegister says that a document of a name is one of the register.
func isRegister(name string) bool {
	return name == string(policy.Register) || strings.HasPrefix(name, string(policy.Register)+"/")
}

// registers are a register before and after a change.
type registers struct{ old, due register.Declared }

// keepRegister keeps a register, with an entry in the audit trail for each thing
// that changes. The trail names a thing by a digest: names are the clients' own.
func keepRegister(ctx context.Context, tx *state.Tx, by auth.Identity, r registers) error {
	for _, t := range touched(&r) {
		n := auth.Note{Who: by, Action: auth.RegisterChange, Target: "register/" + string(t.kind) + "/" + auth.DigestOf(t.name)[:16], Before: t.before, After: t.after}
		if _, err := auth.Append(ctx, tx, n); err != nil {
			return err
		}
	}
	return tx.PutRegister(ctx, by.Actor(), r.due)
}

// touch is a name of which something else is said than before.
type touch struct {
	kind          register.Kind
	name          string
	before, after string // digests, "" of nothing
}

func touched(r *registers) (found []touch) {
	type id struct {
		kind register.Kind
		name string
	}
	texts, order := map[id]*[2]string{}, []id{}
	tell := func(d *register.Declared, side int) {
		put := func(i id, text string) {
			if texts[i] == nil {
				texts[i] = &[2]string{}
				order = append(order, i)
			}
			texts[i][side] += text + "\n"
		}
		for i := range d.Entries {
			put(id{d.Entries[i].Kind, d.Entries[i].Name}, d.Entries[i].String())
		}
		for i := range d.Aliases {
			put(id{d.Aliases[i].Kind, d.Aliases[i].Name}, d.Aliases[i].String())
		}
	}
	tell(&r.old, 0)
	tell(&r.due, 1)
	for _, i := range order {
		if t := texts[i]; t[0] != t[1] {
			found = append(found, touch{i.kind, i.name, digestOf(t[0]), digestOf(t[1])})
		}
	}
	return found
}

func digestOf(text string) string {
	if text == "" {
		return ""
	}
	return auth.DigestOf(text)
}

// registerDocument writes the register as one document, false when nothing is said in it.
func registerDocument(ctx context.Context, tx *state.Tx) (api.AppliedDocument, bool, error) {
	d, err := tx.Register(ctx)
	if err != nil {
		return api.AppliedDocument{}, false, err
	}
	text, err := d.YAML()
	if err != nil || text == "" {
		return api.AppliedDocument{}, false, err
	}
	last, err := tx.LastRegisterChange(ctx)
	return api.AppliedDocument{Name: string(policy.Register), Text: "kind: register\n" + text, At: last.At, By: last.By}, true, err
}

// ChangeRegister does one act and puts it in force for what is booked next; when it
// is dry, it only says what that changes. A name that traffic has is no new name.
func (s *Server) ChangeRegister(ctx context.Context, by auth.Identity, c register.Change, dry bool) (changes []organisation.Change, err error) {
	if _, err := s.learnNames(ctx); err != nil {
		return nil, err
	}
	s.applying.Lock()
	defer s.applying.Unlock()
	if dry {
		changes, _, err = s.register(ctx, by, c, dry)
		return changes, err
	}
	err = s.Ingest.Pipeline.Reorder(ctx, func() (ingest.Order, error) {
		var due *order
		if changes, due, err = s.register(ctx, by, c, dry); err != nil {
			return ingest.Order{}, err
		}
		due.unread = s.order.Load().unread
		s.order.Store(due)
		return due.Order, nil
	})
	if err == nil && len(changes) > 0 && s.earns() { // results are counted in the scope of their workflow today
		s.recounted(ctx)
	}
	return changes, err
}

// register keeps a change in the state, and gives what it changes and the order
// that is due by it. When it is dry, it keeps nothing.
func (s *Server) register(ctx context.Context, by auth.Identity, c register.Change, dry bool) (changes []organisation.Change, due *order, err error) {
	err = s.State.Write(ctx, func(tx *state.Tx) error {
		applied, err := appliedTo(ctx, tx)
		if err != nil {
			return err
		}
		if err := isNew(ctx, tx, &c); err != nil {
			return err
		}
		old, next := *applied.Set, *applied.Set
		if next.Register, err = old.Register.With(c); err != nil {
			return err
		}
		changes = policy.Diff(&old, &next, policy.Ledger{})
		if due, err = s.orderOf(&next); err != nil {
			return err
		}
		if err := keepRegister(ctx, tx, by, registers{old.Register, next.Register}); err != nil || !dry {
			return err
		}
		return errDry
	})
	if dry && errors.Is(err, errDry) {
		err = nil
	}
	return changes, due, err
}

// isNew refuses to rename to what traffic knows already.
func isNew(ctx context.Context, tx *state.Tx, c *register.Change) error {
	if c.Act != register.Rename {
		return nil
	}
	seen, err := tx.Seen(ctx)
	if err == nil && slices.ContainsFunc(seen, func(s state.Seen) bool { return s.Kind == c.Kind && s.Name == c.To }) {
		err = spend.Errorf(spend.KindConflict, "rename", "%s %.60q is in traffic already", c.Kind, c.To).
			WithHint("bursar register merge makes the two one")
	}
	return err
}

// learntAgain is how far back names are learnt again: a batch is booked a moment before
// it is committed.
const learntAgain = 10 * time.Minute

// learnNames keeps the names of what was booked since the last time, and says how
// many it did not keep: there are at most register.Most of a kind.
func (a *App) learnNames(ctx context.Context) (beyond int, err error) {
	var through time.Time
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		through, err = tx.SeenThrough(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	n := lake.Names{Most: register.Most}
	if !through.IsZero() {
		n.Since = through.Add(-learntAgain)
	}
	for _, kind := range register.Kinds() {
		n.By = append(n.By, spend.Dimension(kind))
	}
	names, booked, err := lake.NamesOf(ctx, a.Lake, n)
	if err != nil || len(names) == 0 {
		return 0, err
	}
	var seen []state.Seen
	for _, name := range names {
		if inRegister(name.Value) {
			seen = append(seen, state.Seen{Kind: register.Kind(name.By), Name: name.Value, First: name.First, Last: name.Last})
		}
	}
	err = a.State.Write(ctx, func(tx *state.Tx) error {
		if beyond, err = tx.See(ctx, seen, register.Most); err != nil {
			return err
		}
		return tx.SetSeenThrough(ctx, booked)
	})
	return beyond, err
}

// inRegister says that a name may stand in the register: it is one, and no person's.
func inRegister(name string) bool {
	return name != "" && name != ingest.Capped && !register.IsAddress(name)
}

// learn is learnNames as a chore.
func (s *Server) learn(ctx context.Context) error {
	beyond, err := s.learnNames(ctx)
	if beyond > 0 {
		s.log.Warn("names are not in the register, which is full", "names", beyond)
	}
	return err
}
