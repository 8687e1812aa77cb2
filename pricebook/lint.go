package pricebook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Severity says how sure a rule is that it found a slip.
type Severity string

// The severities.
const (
	Wrong Severity = "wrong" // no seller prices like this
	Look  Severity = "look"  // rare enough that a person should look
)

// Finding is one remark of the lint.
type Finding struct {
	Rule     string
	Severity Severity
	FactIDs  []string // the facts concerned, the suspicious one first
	Msg      string   // what is wrong, with the figures
}

// Lint looks for the slips that public price books have made: a factor of ten, a
// figure in the wrong slot, another model's figure, a missing price as zero.
// Facts are compared within one SKU where their spans meet. Each rule is a
// function of its own below.
func Lint(facts []Fact) []Finding {
	var l linter
	for _, f := range facts {
		l.found = append(l.found, undeclaredZero(&f)...)
	}
	for _, group := range bySKU(facts) {
		l.sku(group)
	}
	return l.found
}

// LintAgainst is Lint, and compares prices with those of at least one other
// book: a price that is not within a fifth and five times of any is looked at.
func LintAgainst(facts []Fact, others ...[]Fact) []Finding {
	found := Lint(facts)
	known := map[string][]price{}
	for _, book := range others {
		for i := range book {
			f := &book[i]
			known[f.slot()] = append(known[f.slot()], price{f.Price, f.Per})
		}
	}
	for i := range facts {
		found = append(found, farFromOthers(&facts[i], known[facts[i].slot()])...)
	}
	return found
}

// Stale lists the facts in force that nobody has checked for that many days.
func Stale(facts []Fact, now time.Time, days int) []Finding {
	var found []Finding
	limit := now.AddDate(0, 0, -days)
	for i := range facts {
		f := &facts[i]
		if f.Valid.Contains(now) && f.Known.To.IsZero() && f.Source.Checked.Before(limit) {
			found = append(found, Finding{"stale", Look, []string{f.ID}, fmt.Sprintf("%s was last checked %s", f, checked(f.Source.Checked))})
		}
	}
	return found
}

func checked(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return "on " + t.Format(time.DateOnly)
}

// slot names what a price is for: seller, SKU, meter and conditions.
func (f *Fact) slot() string {
	return strings.Join([]string{f.Seller, f.SKU, f.Meter.String(), f.When.Conditions()}, "\x00")
}

// bySKU groups the facts that are known now, in a fixed order.
func bySKU(facts []Fact) [][]*Fact {
	var open []*Fact
	for i := range facts {
		if facts[i].Known.To.IsZero() {
			open = append(open, &facts[i])
		}
	}
	slices.SortStableFunc(open, func(a, b *Fact) int {
		return cmp.Or(strings.Compare(a.Seller, b.Seller), strings.Compare(a.SKU, b.SKU), a.Valid.From.Compare(b.Valid.From), strings.Compare(a.ID, b.ID))
	})
	var groups [][]*Fact
	for i, f := range open {
		if i == 0 || f.Seller != open[i-1].Seller || f.SKU != open[i-1].SKU {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], f)
	}
	return groups
}

// linter applies the rules for pairs of facts of one SKU.
type linter struct{ found []Finding }

func (l *linter) sku(group []*Fact) {
	for _, a := range group {
		for _, b := range group {
			if a == b || a.layer() != b.layer() || !meet(a, b) {
				continue
			}
			for _, rule := range pairRules() {
				l.found = append(l.found, rule(a, b)...)
			}
		}
	}
	for i, f := range group {
		for _, before := range group[:i] {
			l.found = append(l.found, jump(before, f)...)
		}
	}
}

func meet(a, b *Fact) bool { return a.Per > 0 && b.Per > 0 && a.Valid.overlaps(b.Valid) }

func finding(rule string, s Severity, a, b *Fact) []Finding {
	return []Finding{{rule, s, []string{a.ID, b.ID}, fmt.Sprintf("%s: %s beside %s", rule, a, b)}}
}

// times compares the price of one unit of f with num/den of that of g.
func (f *Fact) times(num, den int64, g *Fact) int {
	scaled, err := g.Price.MulRatio(num, den)
	if err != nil {
		return 0
	}
	return price{f.Price, f.Per}.compare(price{scaled, g.Per})
}

// alike says that both facts have the same conditions but for the one that the
// caller takes out.
func alike(a, b *Fact, except func(*When)) bool {
	x, y := a.When, b.When
	if except != nil {
		except(&x)
		except(&y)
	}
	return x.Conditions() == y.Conditions()
}

// undeclaredZero wants a price of zero to say that it is free.
func undeclaredZero(f *Fact) []Finding {
	if !f.Price.IsZero() || f.Free {
		return nil
	}
	return []Finding{{"zero is declared", Wrong, []string{f.ID}, fmt.Sprintf("%s is zero and does not say free: is it a missing price?", f)}}
}

// farFromOthers wants a new price near that of one other book at least.
func farFromOthers(f *Fact, others []price) []Finding {
	mine := price{f.Price, f.Per}
	for _, p := range others {
		fifth, errFifth := p.rate.MulRatio(1, 5)
		fivefold, errFivefold := p.rate.MulInt(5)
		if errFifth == nil && errFivefold == nil && mine.compare(price{fifth, p.per}) >= 0 && mine.compare(price{fivefold, p.per}) <= 0 {
			return nil
		}
	}
	if len(others) == 0 {
		return nil
	}
	return []Finding{{"another book agrees", Look, []string{f.ID}, fmt.Sprintf("%s is not within a fifth and five times of any other book", f)}}
}
