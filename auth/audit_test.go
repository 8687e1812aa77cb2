package auth_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func filled(t *testing.T, entries int) (*memory, auth.Head) {
	t.Helper()
	m := newMemory()
	var head auth.Head
	for range entries {
		var err error
		head, err = auth.Append(t.Context(), m, auth.Note{Who: holder(auth.Admin), Action: auth.BudgetChange, Target: "budget/7"})
		if err != nil {
			t.Fatal(err)
		}
	}
	return m, head
}

func verify(t *testing.T, m *memory, anchor auth.Head) auth.Check {
	t.Helper()
	check, err := auth.Verify(t.Context(), m, anchor)
	if err != nil {
		t.Fatal(err)
	}
	return check
}

func TestCanonicalBytes(t *testing.T) {
	t.Parallel()
	m, _ := filled(t, 1)
	const want = `{"seq":1,"previous":"","at":1795608000000000,"who":"token/abcdefgh","action":"budget.change","target":"budget/7"}`
	if diff := cmp.Diff(want, m.trail[0].Entry); diff != "" {
		t.Errorf("the bytes of an entry changed; old trails must still be read (-want +got):\n%s", diff)
	}
}

func TestVerifyWalksEveryPage(t *testing.T) {
	t.Parallel()
	for _, entries := range []int{0, 1, 499, 500, 501, 1000, 1201} {
		m, head := filled(t, entries)
		if diff := cmp.Diff(auth.Check{Entries: int64(entries), Head: head}, verify(t, m, head)); diff != "" {
			t.Errorf("%d entries (-want +got):\n%s", entries, diff)
		}
	}
	m, head := filled(t, 1201)
	m.trail[777].Entry += " "
	if got := verify(t, m, head); got.Broken != 778 || got.Entries != 777 {
		t.Errorf("entry 778 is broken, got %+v", got)
	}
}

func TestVerifyNeedsAnAnchorAtTheEnd(t *testing.T) {
	t.Parallel()
	m, head := filled(t, 5)
	m.trail = m.trail[:4]
	if got := verify(t, m, auth.Head{}); got.Broken != 0 {
		t.Errorf("without an anchor a short trail is sound, got %+v", got)
	}
	if got := verify(t, m, head); got.Broken != 5 {
		t.Errorf("the end was cut off, got %+v", got)
	}
	m.trail = nil
	if got := verify(t, m, head); got.Broken != 1 {
		t.Errorf("all was cut off, got %+v", got)
	}
	rewritten, _ := filled(t, 0)
	for range 5 {
		if _, err := auth.Append(t.Context(), rewritten, auth.Note{Who: auth.System(), Action: auth.BudgetRead, Target: "budget/7"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := verify(t, rewritten, head); got.Broken != 5 || got.Why != "another hash was noted elsewhere for it" {
		t.Errorf("all was written anew, got %+v", got)
	}
}

// TestAForgerWhoHashesAgainIsFound changes an entry and mends its hash: the next
// entry no longer follows, or the anchor no longer holds.
func TestAForgerWhoHashesAgainIsFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at       int
		from, to string
		broken   int64
		why      string
	}{
		{1, "budget/7", "budget/8", 3, "it does not follow the entry before"},
		{2, "budget/7", "budget/8", 3, "another hash was noted elsewhere for it"},
		{1, `"seq":2`, `"seq":7`, 2, "its bytes say that it is entry 7"},
		{1, `"previous":"`, `"previous":"0`, 2, "it does not follow the entry before"},
		{1, `{"seq"`, `["seq"`, 2, "its bytes are no entry"},
	} {
		m, head := filled(t, 3)
		row := &m.trail[c.at]
		row.Entry = strings.Replace(row.Entry, c.from, c.to, 1)
		row.Hash = auth.DigestOf(row.Entry)
		if got := verify(t, m, head); got.Broken != c.broken || got.Why != c.why {
			t.Errorf("%s in entry %d: %+v", c.to, c.at+1, got)
		}
	}
	m, head := filled(t, 3)
	m.trail = append(m.trail[:1], m.trail[2])
	if got := verify(t, m, head); got.Broken != 2 || got.Why != "entry 2 is missing, 3 follows" {
		t.Errorf("entry 2 is missing, got %+v", got)
	}
}

func TestNotesAreRefused(t *testing.T) {
	t.Parallel()
	secret, _, _ := auth.FirstAdmin(newMemory().now)
	person := auth.Identity{Principal: "mira@example.org"}
	for name, n := range map[string]auth.Note{
		"an unknown action":      {Action: "x", Target: "budget/7"},
		"no target":              {Action: auth.BudgetChange},
		"an address":             {Action: auth.PersonErase, Target: "person/mira@example.org"},
		"a name with a space":    {Action: auth.PersonErase, Target: "person/Mira Ott"},
		"a token":                {Action: auth.TokenManage, Target: "token/" + secret.Reveal()},
		"a token alone":          {Action: auth.TokenManage, Target: secret.Reveal()},
		"two lines":              {Action: auth.BudgetChange, Target: "budget/7\nx"},
		"a long target":          {Action: auth.BudgetChange, Target: "budget/" + strings.Repeat("7", 200)},
		"a text for a digest":    {Action: auth.BudgetChange, Target: "budget/7", Before: "limit 100"},
		"an address as an actor": {Who: person, Action: auth.BudgetChange, Target: "budget/7"},
	} {
		m := newMemory()
		if _, err := auth.Append(t.Context(), m, n); spend.KindOf(err) != spend.KindInvalid || len(m.trail) != 0 {
			t.Errorf("%s: want invalid and nothing kept, got %v", name, err)
		}
	}
}

func TestAppendReportsTheStore(t *testing.T) {
	t.Parallel()
	m, _ := filled(t, 1)
	m.failure = errors.New("disk")
	if _, err := auth.Append(t.Context(), m, auth.Note{Action: auth.BudgetRead, Target: "budget/7"}); !errors.Is(err, m.failure) {
		t.Errorf("want the store's error, got %v", err)
	}
	if _, err := auth.Verify(t.Context(), m, auth.Head{}); !errors.Is(err, m.failure) {
		t.Errorf("want the store's error, got %v", err)
	}
}
