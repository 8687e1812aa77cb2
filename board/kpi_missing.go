package board

import (
	"fmt"
	"strings"
)

// unvalued names the measures without a value, those of workflows that lack the same as one.
func (c *composer) unvalued(all []KPI) {
	workflows := map[Missing][]string{}
	var parts []Missing
	for _, k := range all {
		if k.Missing == "" {
			continue
		}
		part := Missing{k.Name, k.Missing}
		if _, found := workflows[part]; !found {
			parts = append(parts, part)
		}
		workflows[part] = append(workflows[part], k.Workflow)
	}
	for _, part := range parts {
		of := workflows[part]
		name := strings.Join(of[:min(len(of), mostRows)], ", ")
		if rest := len(of) - mostRows; rest > 0 {
			name += fmt.Sprintf(" and %d more", rest)
		}
		if name != "" {
			name = " of " + name
		}
		c.leaveOut(part.Part+name, part.Why)
	}
}
