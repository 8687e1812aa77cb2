package budget

import "slices"

// Known are the values that calls are known to have, by dimension; "" is unattributed. Of
// a dimension that is not there nothing is known.
type Known map[string]string

// Governs says that a limit with a selector and exemptions may look at calls of which some
// values are known, and what they must be besides for it to do so.
//
// Example: of calls that are known to be of agent planner, a limit of application support
// and agent planner may look at those of application support, and one of agent writer at
// none.
func Governs(scope Selector, exempt []Selector, calls Known) (beside Selector, may bool) {
	beside = Selector{}
	for name, wants := range scope {
		value, known := calls[name]
		switch {
		case !known:
			beside[name] = wants
		case !slices.Contains(wants, value):
			return nil, false
		}
	}
	return beside, !slices.ContainsFunc(exempt, func(s Selector) bool { return s.holds(calls) })
}

// holds says that what is known is enough for a selector to match.
func (s Selector) holds(calls Known) bool {
	for name, wants := range s {
		if value, known := calls[name]; !known || !slices.Contains(wants, value) {
			return false
		}
	}
	return true
}
