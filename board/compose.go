package board

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Compose makes a report of its material. The order of its sections is that in which a
// board asks: how much, why, for what, at which prices, from whom, at which risk, what
// is to be decided, and whether the figures tie out.
func Compose(m *Material) (Pack, error) {
	c := &composer{Material: m, digits: digitsOf(m.Teams.Total.After)}
	r := Pack{
		Title: "What AI cost and what it bought", Period: m.Period, Before: m.Before, Currency: m.Currency, Zone: m.Zone, AsOf: m.AsOf, Demo: m.Demo,
		Sources: append([]Origin{}, m.Sources...),
	}
	for _, section := range []func() Section{c.spend, c.waterfall, c.outcomes, c.prices, c.advantage, c.kpis, c.vendors, c.risks, c.decisions, c.tieOut} {
		if s := section(); len(s.Tables) > 0 {
			r.Sections = append(r.Sections, s)
		}
	}
	r.Missing = append(slices.Clone(m.Missing), c.missing...)
	if c.err != nil {
		return r, spend.Errorf(spend.KindInvalid, "make the board report", "%w", c.err).WithHint("ask for a shorter period")
	}
	return r, nil
}

// composer makes the sections one after the other.
type composer struct {
	*Material
	digits   int
	missing  []Missing
	proposed []proposal
	err      error
}

func (c *composer) start(id, title string, columns ...Column) *builder {
	return &builder{Table: Table{ID: id, Title: title, Columns: columns}, digits: c.digits}
}

// end is the table that a builder has made.
func (c *composer) end(b *builder, total string) Table {
	t := b.table(total)
	c.err = errors.Join(c.err, b.err)
	return t
}

func (c *composer) leaveOut(part, why string) { c.missing = append(c.missing, Missing{part, why}) }

// say makes a sentence; each verb takes the next cell.
func (c *composer) say(format string, cells ...Cell) Sentence {
	shown := make([]any, len(cells))
	for i := range cells {
		shown[i] = c.inWords(&cells[i])
	}
	return Sentence{Text: fmt.Sprintf(format, shown...), Figures: append([]Cell{}, cells...)}
}

func (c *composer) inWords(cell *Cell) string {
	if cell.Amount.Valid && (cell.Unit == Money || cell.Unit == Each) {
		return cell.Shown + " " + string(c.Currency)
	}
	return cell.Shown
}

func known(a money.Amount) money.Null { return money.Known(a) }

func counted(n int64) money.Null { return money.Known(money.FromInt(n)) }

// named shows the empty name as what it is.
func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}
