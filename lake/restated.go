package lake

import (
	"fmt"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Restated says whose the lines of some kin are by another organisation than the
// one that they were booked by. It is a view: nothing of it is ever booked.
type Restated struct {
	Kin   []string    // names of kin, as EachKin gives them
	Scope spend.Scope // business unit, team, application, workflow, agent and cost centre count
}

// Restating is how an answer is restated; the zero value leaves all as it is booked.
type Restating struct {
	Runs bool // as of the kinship that found the kin
	Kin  []Restated
}

func (r *Restating) empty() bool { return len(r.Kin) == 0 }

// restatedFields are what an organisation and its register say of a line.
func restatedFields() []string {
	return []string{"business_unit", "team", "application", "workflow", "agent", "cost_centre"}
}

// restating gives the head of a statement with what is restated in it, and the
// lines that it is set beside.
func (c *compiler) restating() (with, from string) {
	if c.restated.empty() {
		return "WITH ", c.source()
	}
	rows := make([]string, len(c.restated.Kin))
	for i := range c.restated.Kin {
		r := &c.restated.Kin[i]
		values := []string{strings.Join(r.Kin, ",")}
		for _, field := range restatedFields() {
			values = append(values, *r.Scope.Field(field))
		}
		rows[i] = "(" + c.list(values) + ")"
	}
	columns := "new_" + strings.Join(restatedFields(), ", new_")
	kinship := Kinship{Query: c.query, Runs: c.restated.Runs}
	return fmt.Sprintf("WITH restated AS (\n\tSELECT %s AS kin, %s\n\tFROM (VALUES %s) AS units(kins, %[2]s)\n), ",
		c.dialect.Words("kins"), columns, strings.Join(rows, ", ")), "charges LEFT JOIN restated ON kin = " + kinship.name(c.dialect)
}

// standing is that of a line for whom the answer is, and by what is closed by now: what is
// posted in a closed period may change no more.
func (c *compiler) standing() string {
	standing := "standing"
	if !c.restated.empty() {
		standing = fmt.Sprintf("standing %% %d + CASE WHEN %s = '' THEN %[1]d ELSE 0 END", Unattributed, c.dimension("team"))
	}
	if q := c.query; q.Axis == spend.ByPeriod && q.Closed != "" {
		standing += fmt.Sprintf(" - CASE WHEN standing %% %d >= %d AND period <= %s THEN %[2]d ELSE 0 END",
			2*Provisional, Provisional, c.argument(string(q.Closed)))
	}
	return standing
}
