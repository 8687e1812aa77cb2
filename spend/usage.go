package spend

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/money"
)

// Quantity is a count of a meter's unit as a fixed-point decimal with 12
// places; seats are prorated and hours are fractions.
type Quantity = money.Amount

// Extra is the quantity of one map meter.
type Extra struct {
	Meter    Meter
	Quantity Quantity
}

// Usage is what one event consumed, in disjoint meters. The zero value is no
// usage. On a reversal every quantity is negative.
type Usage struct {
	Tokens [ColumnMeters]int64 // whole tokens, by column meter
	Extra  []Extra             // map meters with a quantity, sorted by meter
}

// Get gives the quantity of a meter, zero when the usage has none.
func (u *Usage) Get(m Meter) Quantity {
	if m.InColumn() {
		return money.FromInt(u.Tokens[m])
	}
	for _, x := range u.Extra {
		if x.Meter == m {
			return x.Quantity
		}
	}
	return Quantity{}
}

// Set replaces the quantity of a meter. A column meter refuses fractions.
func (u *Usage) Set(m Meter, q Quantity) error {
	if m.InColumn() {
		n, whole := q.Int()
		if !whole {
			return fmt.Errorf("%s of %s: tokens are whole numbers below 2^63", m, q)
		}
		u.Tokens[m] = n
		return nil
	}
	i, found := slices.BinarySearchFunc(u.Extra, m, func(x Extra, m Meter) int { return int(x.Meter) - int(m) })
	switch {
	case found && q.IsZero():
		u.Extra = slices.Delete(slices.Clone(u.Extra), i, i+1)
	case found:
		u.Extra = slices.Clone(u.Extra)
		u.Extra[i].Quantity = q
	case !q.IsZero():
		u.Extra = slices.Insert(slices.Clone(u.Extra), i, Extra{m, q})
	}
	return nil
}

// Each calls f for every meter with a quantity, column meters first.
func (u *Usage) Each(f func(Meter, Quantity)) {
	for m, n := range u.Tokens {
		if n != 0 {
			f(Meter(m), money.FromInt(n))
		}
	}
	for _, x := range u.Extra {
		f(x.Meter, x.Quantity)
	}
}

// IsZero says that nothing was consumed.
func (u *Usage) IsZero() bool { return u.Tokens == [ColumnMeters]int64{} && len(u.Extra) == 0 }

// Equal compares two usages meter by meter.
func (u *Usage) Equal(v *Usage) bool { return u.Tokens == v.Tokens && slices.Equal(u.Extra, v.Extra) }

// Neg gives the usage of a reversal.
func (u Usage) Neg() Usage {
	for m := range u.Tokens {
		u.Tokens[m] = -u.Tokens[m]
	}
	u.Extra = slices.Clone(u.Extra)
	for i, x := range u.Extra {
		u.Extra[i].Quantity = x.Quantity.Neg()
	}
	return u
}

// PromptTokens is the whole prompt, cached tokens included: the quantity that
// decides a context tier.
func (u *Usage) PromptTokens() int64 { return u.sumTokens(Meter.Prompt) }

// CompletionTokens is the whole completion, reasoning included.
func (u *Usage) CompletionTokens() int64 { return u.sumTokens(Meter.Completion) }

func (u *Usage) sumTokens(counts func(Meter) bool) (n int64) {
	for m := range ColumnMeters {
		if counts(m) {
			n += u.Tokens[m]
		}
	}
	for _, x := range u.Extra {
		if q, whole := x.Quantity.Int(); whole && counts(x.Meter) {
			n += q
		}
	}
	return n
}

// MarshalJSON writes the meters with a quantity as {"in_text": "12", …}.
func (u Usage) MarshalJSON() ([]byte, error) {
	all := map[string]Quantity{}
	u.Each(func(m Meter, q Quantity) { all[m.String()] = q })
	return json.Marshal(all)
}

// UnmarshalJSON reads what MarshalJSON writes; numbers are accepted beside strings.
func (u *Usage) UnmarshalJSON(b []byte) error {
	all := map[Meter]Quantity{}
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	*u = Usage{}
	for m, q := range all {
		if err := u.Set(m, q); err != nil {
			return err
		}
	}
	return nil
}
