package attribute

import (
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

const tagPrefix = "tag:"

// evidence are the tags that rules call by their own name: what sources know of the
// place where a call was made.
func evidence() []string { return []string{"repository", "path", "branch", "project"} }

// families are the kinds of evidence of which there are many.
func families() []string { return []string{"header.", "baggage.", "metadata."} }

// canonical gives the name under which the ledger keeps what a rule reads.
//
// Example: repository is tag:repository, header.X-Team is tag:header.x-team.
func canonical(field string) string {
	if slices.Contains(evidence(), field) {
		return tagPrefix + field
	}
	for _, family := range families() {
		key, found := strings.CutPrefix(field, family)
		switch {
		case !found || key == "":
			continue
		case family == "header.":
			key = strings.ToLower(key)
		}
		return tagPrefix + family + key
	}
	return field
}

// reader gives the accessor of an event field by its canonical name.
func reader(field string) (func(*spend.Event) string, bool) {
	if i := slices.Index(spend.ScopeFields(), field); i >= 0 {
		return func(e *spend.Event) string { return *e.Scope.Fields()[i] }, true
	}
	if key, isTag := spend.Dimension(field).Tag(); isTag && key != "" {
		return func(e *spend.Event) string { return e.Scope.Tags[key] }, true
	}
	read, known := readers()[field]
	return read, known
}

// readers are the fields of an event beside its scope that rules may read. All are
// columns that tell kin apart.
func readers() map[string]func(*spend.Event) string {
	return map[string]func(*spend.Event) string{
		"source":          func(e *spend.Event) string { return e.Source },
		"seller":          func(e *spend.Event) string { return e.Seller },
		"account":         func(e *spend.Event) string { return e.Account },
		"host":            func(e *spend.Event) string { return e.Host },
		"model":           (*spend.Event).Model,
		"requested_model": func(e *spend.Event) string { return e.RequestedModel },
		"served_model":    func(e *spend.Event) string { return e.ServedModel },
		"service_tier":    (*spend.Event).Tier,
		"region":          func(e *spend.Event) string { return e.Region },
		"kind":            func(e *spend.Event) string { return e.Kind },
	}
}

// target is a field that a rule may write.
type target struct {
	field int    // of spend.ScopeFields, -1 for a tag
	tag   string // its key
}

// targetOf finds a field to write. A credential and a person are who they are.
func targetOf(name string) (target, bool) {
	if key, isTag := spend.Dimension(name).Tag(); isTag && key != "" {
		return target{-1, key}, isLabel(key)
	}
	i := slices.Index(spend.ScopeFields(), name)
	return target{field: i}, i >= 0 && name != "credential" && name != "principal"
}

// Writable lists the scope fields that rules may write, without tags.
func Writable() []string {
	return slices.DeleteFunc(spend.ScopeFields(), func(name string) bool {
		_, writable := targetOf(name)
		return !writable
	})
}

// heldFields are decided by the credential of a call that has one: application and
// above are its own, and runs live in its namespace.
func heldFields() []string {
	return []string{"business_unit", "team", "application", "run", "parent_run"}
}

// pushed is how the sources begin whose events came with a credential of ours.
const pushed = "events:"

// held says that identity speaks for an event, against which no rule refines.
func held(e *spend.Event) bool {
	return e.Scope.Credential != "" || strings.HasPrefix(e.Source, pushed)
}

// Names says that a rule reads or writes an event or scope field. What no rule
// names cannot change what is decided.
func (r *Rules) Names(field string) bool {
	for _, rule := range r.All() {
		for name := range rule.When {
			if canonical(name) == canonical(field) {
				return true
			}
		}
		_, sets := rule.Set[field]
		_, refines := rule.Refine[field]
		if sets || refines {
			return true
		}
	}
	return false
}
