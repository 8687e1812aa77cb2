package budget

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Crossing is a threshold that a window has reached. It is told once: whoever
// stores it for telling says so by Told, and brings it in the next opening.
//
// There is no way back: spend that falls below a threshold, by a reversal or by
// results that raise the limit, and rises again is not told again in the window.
// Another amount of the budget is another threshold. Of a rolling window, which
// has no end, one is told again when its length has passed since.
type Crossing struct {
	Budget   string
	Each     []string  // values of what the budget counts apart
	By       []string  // the dimensions of these values
	From, To time.Time // the window: zero of a run and of a rolling window, which have no end
	Rolling  bool
	Alert    Alert
	Of       money.Amount // the amount of the budget
	Limit    money.Amount // that and what results added
	Spent    money.Amount // or, of a forecast, what is expected at the end of the window
	Counts   Measure
	Currency money.Currency
	Owner    string
	At       time.Time // when it was noticed
}

// ID is that of the one message about it.
func (c *Crossing) ID() spend.ID {
	k := c.key()
	at := ""
	if c.Rolling {
		at = c.At.UTC().Format(time.RFC3339Nano)
	}
	return spend.Digest("crossing", k.budget, k.each, strconv.FormatInt(k.from, 10), k.alert.String(), k.of.String(), at)
}

// told is what a crossing is told once for.
type told struct {
	budget, each string
	from, to     int64
	alert        Alert
	of           money.Amount
}

func (c *Crossing) key() told {
	s := always()
	if !c.To.IsZero() {
		s = between(c.From, c.To)
	}
	return told{c.Budget, strings.Join(c.Each, separator), s.from, s.to, c.Alert, c.Of}
}

// touched is a window whose spend or limit has changed.
type touched struct {
	accountKey
	from int64
}

// touch remembers a window for alert. All slices of a rolling one are one window.
func (e *Engine) touch(key accountKey, s span) {
	if e.set.limits[key.limit].budget.Window.Period == Rolling {
		s = span{}
	}
	e.changed[touched{key, s.from}] = s
}

// alert notices the thresholds that have been reached since it was called last. A window
// that is still to come, in which a purchase is spread, is looked at when it has begun; a
// rolling one as long as something is ahead of it.
func (e *Engine) alert() {
	if e.quiet {
		return
	}
	for at, s := range e.changed {
		b := e.set.limits[at.limit].budget
		now := time.Unix(0, e.latest)
		if b.Window.Period == Rolling {
			s = b.Window.slice(now)
		}
		if s.from > e.latest {
			continue
		}
		a := e.accounts[at.accountKey]
		if a == nil || b.Window.Period != Rolling || !a.ahead(e.latest) {
			delete(e.changed, at)
		}
		if a == nil {
			continue // it was forgotten while its window was still to come
		}
		t := a.sum(&b.Window, s, now, e.latest)
		e.reach(at.accountKey, s, reading{t.spent(), b.limitOf(&t), false})
	}
	slices.SortFunc(e.due, compareCrossings)
}

func compareCrossings(a, b Crossing) int {
	return cmp.Or(cmp.Compare(a.Budget, b.Budget), slices.Compare(a.Each, b.Each), a.From.Compare(b.From),
		cmp.Compare(a.Alert.Percent, b.Alert.Percent), cmp.Compare(a.Alert.String(), b.Alert.String()), a.Of.Cmp(b.Of), a.At.Compare(b.At))
}

// reading is what a window has spent, or is expected to spend, of its limit.
type reading struct {
	spent, limit money.Amount
	forecast     bool
}

func (e *Engine) reach(key accountKey, s span, r reading) {
	l := &e.set.limits[key.limit]
	for _, a := range l.budget.Alerts {
		if a.Forecast != r.forecast || r.spent.Sign() <= 0 || r.spent.Cmp(percent(r.limit, int64(a.Percent))) < 0 {
			continue
		}
		c := crossingOf(l, key, s, a)
		c.Limit, c.Spent, c.At = r.limit, r.spent, time.Unix(0, e.latest).UTC()
		last, known := e.told[c.key()]
		if known && (!c.Rolling || e.latest-last < int64(l.budget.Window.Length)) {
			continue
		}
		e.told[c.key()] = e.latest
		e.due = append(e.due, c)
	}
}

func crossingOf(l *limit, key accountKey, s span, a Alert) Crossing {
	b := l.budget
	c := Crossing{
		Budget: b.ID, Each: eachOf(key.each, len(l.each)), By: b.Apart(), Rolling: b.Window.Period == Rolling, Alert: a,
		Of: b.Amount, Counts: b.Counts, Currency: b.Currency, Owner: b.Owner,
	}
	if !c.Rolling && s != always() {
		c.From, c.To = time.Unix(0, s.from).UTC(), time.Unix(0, s.to).UTC()
	}
	return c
}

// Outlook is what a window is expected to have used at its end.
type Outlook struct {
	Budget string
	Each   []string
	At     time.Time // an instant in the window
	Total  money.Amount
}

// Foresee compares at an instant a forecast with the thresholds for it. The error is of kind
// notfound when there is no such budget, or it has no window that ends.
func (e *Engine) Foresee(now time.Time, o *Outlook) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.see(now)
	i, known := e.set.find(o.Budget)
	if !known || e.set.limits[i].budget == nil || len(o.Each) != len(e.set.limits[i].each) {
		return spend.Errorf(spend.KindNotFound, "compare a forecast", "there is no budget %.60q with %d values of each", o.Budget, len(o.Each))
	}
	b := e.set.limits[i].budget
	s := b.Window.slice(o.At)
	if b.Window.Period == Rolling || s == always() {
		return spend.Errorf(spend.KindNotFound, "compare a forecast", "budget %s has no window that ends", o.Budget)
	}
	key := accountKey{i, strings.Join(o.Each, separator)}
	t := e.accounts[key].sum(&b.Window, s, o.At, e.latest)
	e.reach(key, s, reading{o.Total, b.limitOf(&t), true})
	return nil
}

// Due lists the crossings that nobody has stored yet, by budget and window.
func (e *Engine) Due() []Crossing {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.due)
}

// Told says that crossings are stored for telling, so that they are due no more.
func (e *Engine) Told(ids ...spend.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.due = slices.DeleteFunc(e.due, func(c Crossing) bool { return slices.Contains(ids, c.ID()) })
}
