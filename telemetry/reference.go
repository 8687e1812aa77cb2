package telemetry

import (
	"fmt"
	"strings"
)

// Reference gives the table of all dialects in Markdown, for docs/telemetry.md.
func Reference() string {
	var b strings.Builder
	b.WriteString("| Source | Who writes it | Versions | Signal | Input and cached tokens | How it is known |\n|---|---|---|---|---|---|\n")
	for _, d := range Dialects() {
		fmt.Fprintf(&b, "| `%s` | [%s](%s) | %s | %s | %s | %s |\n", d.Name, d.Title, d.Link, d.Versions, d.Signal, d.Convention, d.Grade)
	}
	return b.String()
}
