package config

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	dollar   = regexp.MustCompile(`\$(\$|\{[^}]*\}?)?`)
	variable = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)
)

// expand puts environment variables into a value: "${NAME}" is what the variable
// holds and "$$" one dollar sign. What it puts in is not expanded again. Every
// problem is one text.
func expand(value string, getenv func(string) (string, bool)) (text string, problems []string) {
	text = dollar.ReplaceAllStringFunc(value, func(found string) string {
		if found == "$$" {
			return "$"
		}
		match := variable.FindStringSubmatch(found)
		if match == nil {
			problems = append(problems, fmt.Sprintf("%s is no variable: write ${NAME} for a variable of the environment, $$ for a dollar sign", short(found)))
			return ""
		}
		held, set := getenv(match[1])
		if !set {
			problems = append(problems, fmt.Sprintf("the environment variable %s is not set: set it, or write the value here", match[1]))
		}
		return held
	})
	return text, problems
}

// escape is what expand turns into the text.
func escape(text string) string { return strings.ReplaceAll(text, "$", "$$") }
