package register_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

var (
	someNames = rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})
	someDays  = rapid.SampledFrom([]string{"", "2026-03-01", "2026-05-01", "2026-07-01"})
	someTeams = rapid.SampledFrom([]string{"x", "y"})
)

// drawn is a register after some changes, as far as they are allowed.
func drawn(t *rapid.T) (d register.Declared) {
	for range rapid.IntRange(0, 8).Draw(t, "changes") {
		if next, err := d.With(drawnChange(t)); err == nil {
			d = next
		}
	}
	return d
}

func drawnChange(t *rapid.T) register.Change {
	c := register.Change{Act: rapid.SampledFrom(register.Acts()).Draw(t, "act"), Kind: register.Agent, Names: []string{someNames.Draw(t, "name")}}
	switch c.Act {
	case register.Claim:
		c.Team = someTeams.Draw(t, "team")
	case register.Rename, register.Merge:
		c.To, c.From = someNames.Draw(t, "to"), someDays.Draw(t, "from")
	case register.Split:
		c.From = someDays.Draw(t, "from")
	}
	return c
}

func mustMake(t *rapid.T, d register.Declared) *register.Register {
	r, err := register.New(d)
	if err != nil {
		t.Fatalf("what changes made is refused: %v", err)
	}
	return r
}

func TestResolvingIsIdempotentAndFreeOfOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		shuffled := register.Declared{
			Entries: rapid.Permutation(d.Entries).Draw(t, "entries"), Aliases: rapid.Permutation(d.Aliases).Draw(t, "aliases"),
		}
		r, other := mustMake(t, d), mustMake(t, shuffled)
		at := rapid.IntRange(20_450, 20_650).Draw(t, "day")
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			once := r.Resolve(register.Agent, name, at)
			if again := r.Resolve(register.Agent, once, at); again != once {
				t.Fatalf("%s is %s, which is %s", name, once, again)
			}
			if got := other.Resolve(register.Agent, name, at); got != once {
				t.Fatalf("%s is %s, in another order %s", name, once, got)
			}
			if diff := cmp.Diff(r.Entry(register.Agent, name), other.Entry(register.Agent, name)); diff != "" {
				t.Fatalf("in another order the entry differs:\n%s", diff)
			}
			s := spend.Scope{Agent: name}
			r.Rename(&s, at)
			if r.Rename(&s, at) {
				t.Fatal("a scope is renamed twice")
			}
		}
	})
}

func TestMergeAndSplitIsTheIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, c := drawn(t), drawnChange(t)
		c.Act = rapid.SampledFrom([]register.Act{register.Rename, register.Merge}).Draw(t, "which")
		c.Team, c.To, c.From = "", someNames.Draw(t, "to"), someDays.Draw(t, "from")
		for i := range d.Aliases {
			if d.Aliases[i].Name == c.Names[0] {
				return // splitting it takes more than this back
			}
		}
		merged, err := d.With(c)
		if err != nil {
			return
		}
		back, err := merged.With(register.Change{Act: register.Split, Kind: c.Kind, Names: c.Names})
		if err != nil {
			t.Fatal(err)
		}
		if found := register.Differences(&d, &back); len(found) > 0 {
			t.Fatalf("merged and split again, it differs: %v", found)
		}
	})
}

func TestADocumentSaysAllOfARegister(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, other := drawn(t), drawn(t)
		text, err := d.YAML()
		if err != nil {
			t.Fatal(err)
		}
		read, err := register.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		again, none := d.Over(read), register.Declared{}
		if found := register.Differences(&d, &again); len(found) > 0 {
			t.Fatalf("applied over itself, it changes: %v", found)
		}
		fresh := none.Over(read)
		if found := register.Differences(&d, &fresh); len(found) > 0 {
			t.Fatalf("applied to nothing, it is another: %v", found)
		}
		if there, back := register.Differences(&d, &other), register.Differences(&other, &d); len(there) != len(back) {
			t.Fatalf("%d differences there, %d back", len(there), len(back))
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("agents: [{name: a, names: [{name: b}]}, {name: b, names: [{name: a}]}]"))
	f.Add([]byte("agents: &x [*x]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := register.Parse(text)
		if err != nil {
			if spend.KindOf(err) != spend.KindInvalid {
				t.Fatalf("%v is not of kind invalid", err)
			}
			return
		}
		if _, err := register.New(d); err != nil {
			t.Fatal(err)
		}
		written, err := d.YAML()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := register.Parse([]byte(written)); err != nil {
			t.Fatalf("%v in what was written:\n%s", err, written)
		}
	})
}
