package spend_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func TestMetersAreOneVocabulary(t *testing.T) {
	t.Parallel()
	for _, m := range spend.Meters() {
		back, err := spend.ParseMeter(m.String())
		if err != nil || back != m {
			t.Errorf("%s reads back as %s (%v)", m, back, err)
		}
		if m.Words() == "" || m.Unit() == "" {
			t.Errorf("%s has no words or no unit", m)
		}
		if m.Prompt() && m.Completion() {
			t.Errorf("%s counts on both sides", m)
		}
		steps := 0
		for p, ok := m.Parent(); ok; p, ok = p.Parent() {
			if steps++; steps > 4 || p.Prompt() != m.Prompt() || p.Completion() != m.Completion() {
				t.Fatalf("%s: its parents do not lead to a root of its side", m)
			}
		}
	}
	if n := len(spend.Meters()); n != 36 {
		t.Errorf("%d meters, want 36", n)
	}
}

func TestUsageRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		u := usage().Draw(t, "usage")
		b, err := json.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		var back spend.Usage
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(&u) {
			t.Fatalf("%s reads back as %+v (%v)", b, back, err)
		}
		sum := money.Amount{}
		u.Each(func(m spend.Meter, q spend.Quantity) {
			if m.Prompt() {
				sum, _ = sum.Add(q)
			}
		})
		if sum != money.FromInt(u.PromptTokens()) {
			t.Fatalf("prompt tokens %d, the meters sum to %s", u.PromptTokens(), sum)
		}
	})
}

func TestColumnMetersRefuseFractions(t *testing.T) {
	t.Parallel()
	var u spend.Usage
	if err := u.Set(spend.InText, money.Must("1.5")); err == nil {
		t.Error("half a token was accepted")
	}
	if err := u.Set(spend.Second, money.Must("1.5")); err != nil || u.Get(spend.Second) != money.Must("1.5") {
		t.Errorf("seconds %s (%v), want 1.5", u.Get(spend.Second), err)
	}
}

func TestFlagsRoundTrip(t *testing.T) {
	t.Parallel()
	f := spend.AudioRateMissing | spend.Notional | spend.LowConfidence
	back, err := spend.ParseFlags(f.String())
	if err != nil || back != f {
		t.Errorf("%q reads back as %q (%v)", f, back, err)
	}
	if none, err := spend.ParseFlags(""); err != nil || none != 0 {
		t.Errorf("the empty text reads as %q (%v)", none, err)
	}
	if _, err := spend.ParseFlags("sunny"); err == nil {
		t.Error("an unknown flag was accepted")
	}
}

func valid() spend.Event {
	return spend.Event{Source: "s", SourceKey: "1", Rank: spend.RankSpan, UsedAt: start(),
		Status: spend.StatusOK, UsageSource: spend.UsageProvider}
}

func TestContentTellsChangedClaims(t *testing.T) {
	t.Parallel()
	e := valid()
	same := e
	same.Revision = 7
	if e.Content() != same.Content() {
		t.Error("a revision number alone changes the content")
	}
	for name, change := range map[string]func(*spend.Event){
		"time":     func(e *spend.Event) { e.UsedAt = e.UsedAt.Add(time.Microsecond) },
		"tokens":   func(e *spend.Event) { e.Usage.Tokens[spend.OutText]++ },
		"extra":    func(e *spend.Event) { _ = e.Usage.Set(spend.WebSearch, money.FromInt(1)) },
		"tag":      func(e *spend.Event) { e.Scope.Tags = map[string]string{"a": "b"} },
		"team":     func(e *spend.Event) { e.Scope.Team = "x" },
		"reported": func(e *spend.Event) { e.Reported = money.Known(money.Amount{}) },
		"model":    func(e *spend.Event) { e.ServedModel = "m" },
	} {
		changed := e
		change(&changed)
		if e.Content() == changed.Content() {
			t.Errorf("a change of %s leaves the content as it was", name)
		}
	}
}

func TestDigestKeepsPartsApart(t *testing.T) {
	t.Parallel()
	if spend.Digest("ab", "c") == spend.Digest("a", "bc") {
		t.Error("parts run together")
	}
	id := spend.Digest("x")
	if back, err := spend.ParseID(id.String()); err != nil || back != id {
		t.Errorf("%s reads back as %s (%v)", id, back, err)
	}
	if _, err := spend.ParseID("xyz"); err == nil {
		t.Error("nonsense was accepted as an id")
	}
}

func TestQueryRefusesWhatHasNoAnswer(t *testing.T) {
	t.Parallel()
	good := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost, "in_text"},
		By: []spend.Dimension{"team", "tag:project"}, Grain: spend.Day}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*spend.Query){
		"book":      func(q *spend.Query) { q.Book = "" },
		"dimension": func(q *spend.Query) { q.By = []spend.Dimension{"team; drop table charges"} },
		"tag":       func(q *spend.Query) { q.By = []spend.Dimension{"tag:"} },
		"measure":   func(q *spend.Query) { q.Measures = []spend.Measure{"happiness"} },
		"none":      func(q *spend.Query) { q.Measures = nil },
		"window":    func(q *spend.Query) { q.From, q.To = start(), start() },
		"previous":  func(q *spend.Query) { q.Previous = true },
		"against":   func(q *spend.Query) { q.Against = [2]time.Time{start(), start().Add(time.Hour)} },
		"grain":     func(q *spend.Query) { q.Grain = "fortnight" },
		"period":    func(q *spend.Query) { q.Axis = spend.ByPeriod },
		"top":       func(q *spend.Query) { q.Top = -1 },
		"text":      func(q *spend.Query) { q.Where = []spend.Filter{{By: "team", Values: []string{"a"}, Has: "a"}} },
		"filter":    func(q *spend.Query) { q.Where = []spend.Filter{{By: "planet"}} },
	} {
		q := good
		spoil(&q)
		err := q.Validate()
		if spend.KindOf(err) != spend.KindInvalid {
			t.Errorf("%s: error %v, want an invalid query", name, err)
		}
	}
}

func TestMinutesAreOfShortWindows(t *testing.T) {
	t.Parallel()
	end, early := start().Add(spend.MostMinutes), start().AddDate(0, 0, -3)
	for name, f := range map[string]struct {
		from, to time.Time
		against  [2]time.Time
		good     bool
	}{
		"two days":           {start(), end, [2]time.Time{}, true},
		"since the start":    {time.Time{}, end, [2]time.Time{}, false},
		"without an end":     {start(), time.Time{}, [2]time.Time{}, false},
		"a minute more":      {start(), end.Add(time.Minute), [2]time.Time{}, false},
		"against three days": {start(), end, [2]time.Time{early, start()}, false},
		"against two days":   {start(), end, [2]time.Time{early, early.Add(spend.MostMinutes)}, true},
	} {
		q := spend.Query{Book: spend.Metered, Axis: spend.ByUse, Measures: []spend.Measure{spend.Cost}, Grain: spend.Minute,
			From: f.from, To: f.to, Against: f.against, Previous: f.against != [2]time.Time{}}
		if err := q.Validate(); (err == nil) != f.good || err != nil && !strings.Contains(spend.HintOf(err), "grain hour") {
			t.Errorf("%s: error %v (%s), want none: %v", name, err, spend.HintOf(err), f.good)
		}
	}
}

func TestQuantileMeasures(t *testing.T) {
	t.Parallel()
	if h, q, ok := spend.FirstTokenP95.Quantile(); h != "first_token" || q != 0.95 || !ok {
		t.Errorf("first_token_p95 asks for %s at %v (%v)", h, q, ok)
	}
	if _, _, ok := spend.PromptTokens.Quantile(); ok {
		t.Error("prompt_tokens is a sum, not a quantile")
	}
}

func TestErrorSaysWhatWhyAndWhatNext(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk full")
	err := fmt.Errorf("serve: %w", spend.Errorf(spend.KindExhausted, "append charges", "write: %w", cause).WithHint("free %d MB", 5))
	if err.Error() != "serve: append charges: write: disk full" {
		t.Errorf("text %q", err)
	}
	if spend.KindOf(err) != spend.KindExhausted || spend.HintOf(err) != "free 5 MB" || !errors.Is(err, cause) {
		t.Errorf("kind %s, hint %q, cause kept %v", spend.KindOf(err), spend.HintOf(err), errors.Is(err, cause))
	}
	if spend.KindOf(cause) != spend.KindInternal || spend.HintOf(cause) != "" {
		t.Error("a foreign error is internal and has no hint")
	}
}
