package vendor

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Unit says in what amounts and counts are written. The zero value is whole units of
// the currency, and single tokens.
type Unit struct {
	Cents  bool  // amounts are hundredths of the currency's unit
	Tokens int64 // how many tokens one of a count is; 0 is 1
}

// The names of units.
const (
	cents    = "cents"
	thousand = "thousand-tokens"
	million  = "million-tokens"
)

// ParseUnit reads what a person states: any of cents, thousand-tokens and
// million-tokens, with commas between.
func ParseUnit(text string) (u Unit, err error) {
	for _, name := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
		switch name {
		case cents:
			u.Cents = true
		case "dollars":
			u.Cents = false
		case thousand:
			u.Tokens = 1_000
		case million:
			u.Tokens = 1_000_000
		case "tokens":
			u.Tokens = 1
		default:
			return u, spend.Errorf(spend.KindInvalid, "read the unit", "%.40q is not known", name).
				WithHint("dollars or cents for amounts; tokens, %s or %s for counts; two of them with a comma between", thousand, million)
		}
	}
	return u, nil
}

func (u Unit) perAmount() int64 {
	if u.Cents {
		return 100
	}
	return 1
}

func (u Unit) perCount() int64 { return max(u.Tokens, 1) }

// tokenScale is how many tokens one of a quantity is by the name of its unit, 0 when it
// names none.
//
// Example: "1K", "1K tokens" and "1,000 Tokens" are 1000.
func tokenScale(unit string) int64 {
	unit = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(unit)), ",", "")
	number, rest, spaced := strings.Cut(unit, " ")
	if spaced && rest != "token" && rest != "tokens" {
		return 0
	}
	switch number {
	case "token", "tokens", "1":
		return 1
	case "1k", "1000", "thousand":
		return 1_000
	case "1m", "1000000", "million":
		return 1_000_000
	}
	return 0
}

// suffix says in a message what a count was multiplied by.
func (u Unit) suffix() string {
	if u.perCount() == 1 {
		return ""
	}
	return fmt.Sprintf(" when one is %d tokens", u.perCount())
}

// Suspect compares what a vendor asks with the list price of what it is for. It says
// nothing when one is 0.2 to 5 times the other, give or take how the amount is rounded;
// else which unit it seems to be in, and the option that states it.
//
// Example: 12,000 tokens whose list price is 0.30 and that cost 30.00 are told as 100
// times their price: the amount looks like cents.
func Suspect(stated, list, rounding money.Amount, u Unit) string {
	low, high := bounds(stated, rounding)
	if list.Sign() <= 0 || stated.Sign() < 0 || within(low, high, list, 1, 5) {
		return ""
	}
	for _, s := range suspicions(u) {
		if within(low, high, list, s.num, s.den) {
			return fmt.Sprintf("is %s times the list price %s of its tokens: %s", s.times, list.Round(6), s.words)
		}
	}
	return fmt.Sprintf("is %s where the list price of its tokens is %s: it fits no unit, so another meter is priced here, or cached tokens are counted twice", stated.Round(6), list.Round(6))
}

// Differs says that an amount is more than one percent away from a list price, give or
// take how it is rounded.
func Differs(stated, list, rounding money.Amount) bool {
	gap, err := stated.Sub(list)
	if err == nil {
		gap, err = gap.Abs().Sub(rounding)
	}
	percent, errPercent := gap.MulInt(100)
	return err != nil || errPercent != nil || percent.Cmp(list.Abs()) > 0
}

// suspicion is a factor num/den between an amount and its list price, and why.
type suspicion struct {
	num, den int64
	times    string
	words    string
}

func suspicions(u Unit) []suspicion {
	asCents := suspicion{100, 1, "about 100", "the amounts look like cents; state --unit " + cents}
	few := suspicion{1_000, 1, "about 1,000", "the counts look like thousands of tokens; state --unit " + thousand}
	fewer := suspicion{1_000_000, 1, "about 1,000,000", "the counts look like millions of tokens; state --unit " + million}
	back := func(s suspicion, words string) suspicion {
		return suspicion{1, s.num, "about 1/" + strings.TrimPrefix(s.times, "about "), words}
	}
	all := []suspicion{asCents, few, fewer}
	all = append(all,
		back(asCents, "the amounts look like hundreds of dollars, or are no cents; leave --unit "+cents+" out"),
		back(few, "the counts look too large by 1,000, or the amounts are in thousands; leave --unit "+thousand+" out"),
		back(fewer, "the counts look too large by 1,000,000, or the amounts are in millions; leave --unit "+million+" out"))
	return all
}

// bounds are what an amount may be, written as it is.
func bounds(a, rounding money.Amount) (low, high money.Amount) {
	low, errLow := a.Sub(rounding)
	high, errHigh := a.Add(rounding)
	if errLow != nil || errHigh != nil {
		return a, a
	}
	return low, high
}

// within says that an amount between low and high may be from a half to twice num/den
// of the list price; for 1/5 it is from a fifth to five times.
func within(low, high, list money.Amount, num, den int64) bool {
	least, errLeast := list.MulRatio(num, den*2)
	most, errMost := list.MulRatio(num*2, den)
	if num == 1 && den == 5 {
		least, errLeast = list.MulRatio(1, 5)
		most, errMost = list.MulInt(5)
	}
	return errLeast == nil && errMost == nil && high.Cmp(least) >= 0 && low.Cmp(most) <= 0
}
