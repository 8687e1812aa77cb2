package adoption

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
)

// together sums subscriptions. Seats in use are known when they are of all that are
// paid for on the day.
func together(all []Subscription) (t Subscription, err error) {
	told := true
	for i := range all {
		one := &all[i]
		for _, pair := range [][2]*money.Null{
			{&t.Assigned, &one.Assigned}, {&t.Active, &one.Active}, {&t.Idle, &one.Idle}, {&t.Cost, &one.Cost}, {&t.IdleCost, &one.IdleCost},
		} {
			if err := add(pair[0], *pair[1]); err != nil {
				return t, err
			}
		}
		told = told && one.Active.Valid == one.Assigned.Valid
		if t.Untold, err = t.Untold.Add(one.Untold); err != nil {
			return t, err
		}
		if t.peak, err = t.peak.Add(one.peak); err != nil {
			return t, err
		}
	}
	if !told {
		t.Active, t.Idle = money.Null{}, money.Null{}
	}
	return t, nil
}

// apart merges subscriptions with fewer seats than a group must have people. When even
// together they are too few, the next smallest joins them: what is missing could be
// told from the total otherwise. One without seats stays: it tells of nobody.
func (t *Tally) apart(all []Subscription) ([]Subscription, error) {
	seats := func(s *Subscription) int64 { n, _ := s.peak.Round(0).Int(); return n }
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b Subscription) int { return cmp.Compare(seats(&a), seats(&b)) })
	var few []Subscription
	var held int64
	merged := map[[2]string]bool{}
	for i := range sorted {
		one := &sorted[i]
		n := seats(one)
		if n > 0 && (t.small(n) || t.small(held)) {
			few, held = append(few, *one), held+n
			merged[[2]string{one.Seller, one.Product}] = true
		}
	}
	if len(few) == 0 {
		return all, nil
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(s Subscription) bool { return merged[[2]string{s.Seller, s.Product}] })
	rest, err := together(few)
	rest.Few = true
	if t.small(held) {
		rest.Assigned, rest.Active, rest.Idle = money.Null{}, money.Null{}, money.Null{}
	}
	return append(kept, rest), err
}
