package document_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

type calls struct {
	Limit int     `yaml:"limit"`
	Each  []under `yaml:"each"`
}

type under struct {
	Name string        `yaml:"name"`
	Wait time.Duration `yaml:"wait"`
	On   *bool         `yaml:"on"`
}

func TestADocumentIsReadWhole(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text, says string
		want       int
	}{
		"one":              {"limit: 3\n", "", 3},
		"none":             {"# nothing\n", "", 7},
		"begun by a rule":  {"---\nlimit: 3\n", "", 3},
		"an unknown key":   {"limit: 3\nlimits: 4\n", "line 2: field limits is not known here; one of limit, each", 3},
		"further down":     {"limit: 3\neach:\n  - name: a\n    title: b\n", "line 4: field title is not known here; one of name, wait, on", 3},
		"no such values":   {"limit: many\neach: [{wait: secret, on: 7}]\n", "line 1: want a whole number; line 2: want a length of time such as 30s; line 2: want true or false", 7},
		"no list":          {"limit: 3\neach: {name: a}\n", "line 2: want a list", 3},
		"no text":          {"limit: 3\neach: [{name: [a]}, b]\n", "line 2: want a text; line 2: want keys with values", 3},
		"no YAML":          {"limit: [3\n", "line 1: did not find expected ',' or ']'", 7},
		"two":              {"limit: 3\n---\nlimit: 4\n", "line 2: a second document begins: keep one, without ---", 3},
		"a broken second ": {"limit: 3\n---\n{\n", "line 3: did not find expected node content", 3},
	} {
		got := calls{Limit: 7}
		err := document.Decode([]byte(tc.text), &got)
		if said := text(err); said != tc.says || got.Limit != tc.want {
			t.Errorf("%s: limit %d and %q; want %d and %q", name, got.Limit, said, tc.want, tc.says)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestLinesOfADocument(t *testing.T) {
	t.Parallel()
	top, err := document.Root([]byte("# first\nrooms:\n  - name: a\n    url: b\n  - {name: c}\nname: rooms\n"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"": 2, "rooms": 3, "rooms 0": 3, "rooms 0 url": 4, "rooms 1": 5, "rooms 1 url": 5, "rooms 2": 3, "name": 6, "a": 2, "name x": 6,
	} {
		if got := document.Line(top, strings.Fields(path)...); got != want {
			t.Errorf("%q stands on line %d, want %d", path, got, want)
		}
	}
}

func TestTheRootOfADocument(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"": 0, "# nothing\n": 0, "a: 1\nb: 2\n": 4} {
		n, err := document.Root([]byte(in))
		if err != nil || len(n.Content) != want || n.Line == 0 {
			t.Errorf("%q: %+v, %v; want %d nodes", in, n, err, want)
		}
	}
	for _, in := range []string{"a: [", "a: 1\n---\nb: 1\n"} {
		if _, err := document.Root([]byte(in)); err == nil {
			t.Errorf("%q is read", in)
		}
	}
}

func TestMistakesComeAtOnce(t *testing.T) {
	t.Parallel()
	var found document.Problems
	found.Add(false, "a", "is right")
	if err := found.Err(errorOf); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	found.Add(true, "b", "is %d", 1)
	found.Add(true, "c", "is 2")
	if err := found.Err(errorOf); text(err) != "b: is 1; c: is 2" {
		t.Errorf("it says %v", err)
	}
}

func TestAScope(t *testing.T) {
	t.Parallel()
	var found document.Problems
	scope := found.Scope("where", "plan", map[string]string{"team": "claims", "workflow": "triage"})
	if diff := cmp.Diff(map[spend.Dimension]string{"team": "claims", "workflow": "triage"}, scope); diff != "" || len(found) > 0 {
		t.Errorf("%v (-want +got):\n%s", found, diff)
	}
	if all := found.Scope("where", "plan", nil); all != nil {
		t.Errorf("of everything it is %v", all)
	}
	found.Scope("where", "plan", map[string]string{"principal": "p-1", "team": "ada@example.com", "no one": "x"})
	found.AddTwice([]string{"a", "b", "a"})
	if len(found) != 4 {
		t.Errorf("%d mistakes, want four: %v", len(found), found)
	}
}

func errorOf(why string) error { return errors.New(why) }

func TestNames(t *testing.T) {
	t.Parallel()
	long := make([]byte, document.MaxName+1)
	for i := range long {
		long[i] = 'a'
	}
	type kinds struct{ name, path, title bool }
	for s, want := range map[string]kinds{
		"": {}, string(long): {}, "a-b_9": {true, true, true}, "a/b.c": {false, true, true}, "Claims": {false, false, true}, "a@b": {}, "a\nb": {},
	} {
		got := kinds{document.IsName(s, ""), document.IsName(s, "./"), document.IsTitle(s)}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(kinds{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", s, diff)
		}
	}
}
