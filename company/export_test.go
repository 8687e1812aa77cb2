package company

import "fmt"

// Faults lists what is wrong with the tables: eras out of order or whose parts
// are not a hundred, spreads that fall, names that occur twice.
func (c *Company) Faults() (found []string) {
	seen := map[string]bool{}
	for _, d := range c.desks {
		if seen[d.Name] {
			found = append(found, d.Name+" occurs twice")
		}
		seen[d.Name] = true
		for i, e := range d.plan {
			var percent int64
			for _, p := range e.parts {
				percent += p.percent
			}
			if percent != 100 || i > 0 && hourOf(d.plan[i-1].from) >= hourOf(e.from) {
				found = append(found, fmt.Sprintf("era %d of %s: %d parts of a hundred from %v", i, d.Name, percent, e.from))
			}
		}
		for _, s := range []spread{d.shape.steps, d.shape.gap, d.shape.reply} {
			for i := range s[1:] {
				if s[i] > s[i+1] {
					found = append(found, fmt.Sprintf("a spread of %s falls: %v", d.shape.name, s))
				}
			}
		}
	}
	return found
}
