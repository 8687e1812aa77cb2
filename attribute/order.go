package attribute

// order finds the rules that may match, in their order, without trying all: those
// with a condition that names values are looked up by the value.
type order struct {
	any     set // rules that have to be tried
	byValue map[int]map[string][]int32
}

// set holds the numbers of rules.
type set []uint64

func newOrder(rules []compiled, defaults bool) order {
	o := order{any: make(set, (len(rules)+63)/64), byValue: map[int]map[string][]int32{}}
	for i := range rules {
		if rules[i].Default != defaults {
			continue
		}
		c := rules[i].named()
		if c == nil {
			o.any[i/64] |= 1 << (i % 64)
			continue
		}
		if o.byValue[c.slot] == nil {
			o.byValue[c.slot] = map[string][]int32{}
		}
		for k := range c.yes {
			value := c.yes[k].literal
			o.byValue[c.slot][value] = append(o.byValue[c.slot][value], int32(i)) //nolint:gosec // at most maxRules
		}
	}
	return o
}

// named is a condition that a list of values satisfies, nil without one.
func (c *compiled) named() *condition {
	for i := range c.conditions {
		if c.conditions[i].finite() {
			return &c.conditions[i]
		}
	}
	return nil
}

// candidates are the rules that may match, in the room given.
func (o *order) candidates(values []string, room set) set {
	found := append(room[:0], o.any...)
	for slot, byValue := range o.byValue {
		for _, i := range byValue[values[slot]] {
			found[i/64] |= 1 << (i % 64)
		}
	}
	return found
}

// none says that no rule is in the order.
func (o *order) none() bool { return len(o.byValue) == 0 && o.any.empty() }

func (s set) empty() bool {
	for _, word := range s {
		if word != 0 {
			return false
		}
	}
	return true
}
