package attribute

import (
	"slices"
	"strings"
)

// Telling lists the fields that tell whose a line is, the most telling first. A
// suggestion is made of the first of them that a line has.
func Telling() []string {
	return []string{
		"workflow", "agent", "tag:repository", "tag:project", "credential", "application", "account", "host", "tag:path", "source",
	}
}

// Suggest makes a rule for the lines that have a value in a field, which sets what
// they lack: one of team, application and workflow or several. It is a suggestion
// from names alone, to be read and changed by a person: nobody is guessed to own
// what the rule names.
//
// Example: lines of tag:repository acme/shop.git without team and application get
//
//   - id: suggested-repository-shop
//     when: {tag:repository: acme/shop.git}
//     set: {application: shop, team: shop}
func Suggest(field, value string, lacks []string) Rule {
	name := nameOf(field, value)
	r := Rule{
		ID:   "suggested-" + strings.TrimPrefix(field, "tag:") + "-" + name,
		When: map[string]Patterns{field: {literal(value)}}, Set: map[string]string{},
	}
	for _, lacking := range []string{"team", "application", "workflow"} {
		// A name says less of a workflow than of what stands above it.
		if slices.Contains(lacks, lacking) && (lacking != "workflow" || len(r.Set) == 0) {
			r.Set[lacking] = name
		}
	}
	return r
}

// literal is a pattern that a value alone matches.
func literal(value string) string {
	text := strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(value)
	if strings.HasPrefix(text, "!") || strings.HasPrefix(text, "~ ") {
		text = `\` + text
	}
	return text
}

// nameOf makes a name of what a field says: the last part of a repository or a
// path, the first telling part of a host, a key without what all keys begin with.
func nameOf(field, value string) string {
	switch name := strings.ToLower(value); field {
	case "tag:repository", "tag:project", "tag:path":
		name = strings.TrimSuffix(strings.TrimRight(name, "/"), ".git")
		return slug(name[strings.LastIndexAny(name, `/\:`)+1:])
	case "host":
		parts := strings.Split(name, ".")
		for _, part := range parts {
			if !slices.Contains([]string{"api", "www", "llm", "gateway", "proxy"}, part) {
				return slug(part)
			}
		}
		return slug(name)
	case "credential":
		return slug(strings.TrimPrefix(strings.TrimPrefix(name, "key-"), "token-"))
	default:
		return slug(name)
	}
}

// slug keeps letters and digits of a name, with dashes for the rest.
func slug(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	text := strings.Join(words, "-")
	if text == "" {
		return "unnamed"
	}
	return strings.Trim(text[:min(len(text), 40)], "-")
}
