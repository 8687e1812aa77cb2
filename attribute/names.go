package attribute

// Names says that a rule reads or sets an event or scope field. What no rule
// names cannot change what is decided.
func (r *Rules) Names(field string) bool {
	for _, rule := range r.All() {
		_, reads := rule.When[field]
		_, sets := rule.Set[field]
		if reads || sets {
			return true
		}
	}
	return false
}
