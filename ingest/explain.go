package ingest

import (
	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

// Explained is how a line that is booked comes to its scope today.
type Explained struct {
	attribute.Explanation
	Booked spend.Charge // as it stands
	Moves  bool         // it is decided otherwise today: attributing the past anew would book it anew
}

// Explain says by what is in force how a line comes to its scope, from what its
// sources claimed.
func (p *Pipeline) Explain(c *spend.Charge) (Explained, error) {
	by := &Pipeline{Config: p.inForce()}
	due, err := by.redecided(c)
	if err != nil {
		return Explained{}, err
	}
	said, err := sightingOf(c)
	if err != nil {
		return Explained{}, err
	}
	return Explained{by.Rules.Explain(&said, by.completion()), *c, !attributedAlike(c, &due)}, nil
}
