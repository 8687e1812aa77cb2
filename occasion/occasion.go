package occasion

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Kind tells holidays from launches.
type Kind string

// The kinds of occasion.
const (
	Holiday Kind = "holiday" // its days alone are unlike others
	Launch  Kind = "launch"  // from its day on usage is of another size
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{Holiday, Launch} }

// Occasion is one line of a calendar.
type Occasion struct {
	Kind   Kind
	Name   string
	Days   []string                   // local dates like 2026-12-25, ascending
	Where  map[spend.Dimension]string // whose days they are; everybody's when empty
	Effect money.Null                 // by which it multiplies what is used; null for what the past says
	Like   string                     // of a launch: another value of its one dimension, which began as this one will
}

// ID tells occasions apart.
func (o *Occasion) ID() string { return string(o.Kind) + " " + o.Name + o.of() }

// of says whose an occasion is, "" for everybody's.
func (o *Occasion) of() string {
	var b strings.Builder
	for _, d := range slices.Sorted(maps.Keys(o.Where)) {
		fmt.Fprintf(&b, " of %s %s", d, o.Where[d])
	}
	return b.String()
}

// Differences says what each occasion is, by what tells it from the others: the same text
// is the same occasion.
func Differences(all []Occasion) map[string]string {
	said := map[string]string{}
	for i := range all {
		o := &all[i]
		text := strings.Join(o.Days, ", ")
		if o.Effect.Valid {
			text += "; times " + o.Effect.Amount.String()
		}
		if o.Like != "" {
			text += "; like " + o.Like
		}
		said[o.ID()] = text
	}
	return said
}

// Applies says whether an occasion is of a group: each of its dimensions is known of that,
// and has its value. A group that is wider than the occasion is not wholly its.
func (o *Occasion) Applies(known map[spend.Dimension]string) bool {
	for d, value := range o.Where {
		if is, told := known[d]; !told || is != value {
			return false
		}
	}
	return true
}
