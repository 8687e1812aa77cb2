package board

import (
	"time"

	"github.com/bursarhq/bursar/money"
)

// Pack is the content of a board report, whatever form it is written in.
type Pack struct {
	Title    string         `json:"title"`
	Period   Period         `json:"period"`
	Before   Period         `json:"before"` // what the period is compared with
	Currency money.Currency `json:"currency"`
	Zone     string         `json:"tz"`
	AsOf     time.Time      `json:"as_of"`
	Demo     bool           `json:"demo"`
	Sections []Section      `json:"sections"`
	Sources  []Origin       `json:"sources"`
	Missing  []Missing      `json:"missing"` // parts that have no source
}

// Period is a stretch of time, its end not included.
type Period struct {
	Name string    `json:"name"` // "2026-10", or "2026-10-01..2026-10-15"
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Origin is a question that figures answer.
type Origin struct {
	ID       string `json:"id"`       // by which cells name it
	Question string `json:"question"` // as it is asked on the command line
	Link     string `json:"link"`     // of the interface; it gives the same figures again
	Finality string `json:"finality"` // live, provisional, final or restated
}

// Missing is a part that the report leaves out.
type Missing struct {
	Part string `json:"part"`
	Why  string `json:"why"`
}

// Section is one part of the report.
type Section struct {
	ID     string     `json:"id"`
	Title  string     `json:"title"`
	Text   []Sentence `json:"text"`
	Tables []Table    `json:"tables"`
}

// Sentence is a statement whose figures are cells of the section's tables, or of those
// before it.
type Sentence struct {
	Text    string `json:"text"`
	Figures []Cell `json:"figures"`
}

// Unit says what an amount counts.
type Unit string

// The units.
const (
	Text    Unit = "text"    // a name, no amount
	Money   Unit = "money"   // of the report's currency
	Each    Unit = "each"    // the report's currency for one outcome
	Count   Unit = "count"   // things
	Percent Unit = "percent" // a share of 1
	Ratio   Unit = "ratio"   // of the later to the earlier
	Points  Unit = "points"  // squared per cent, as of a concentration
)

// Rule says how a column follows from others of its row. Of names those, from 0.
type Rule string

// The rules.
const (
	Given    Rule = ""         // an answer of a source
	Change   Rule = "change"   // the second less the first
	Growth   Rule = "growth"   // the same over the first
	Quotient Rule = "quotient" // the first over the second
	Share    Rule = "share"    // the first over its total, unknown where a part is below zero
	Square   Rule = "square"   // of the first in per cent
)

// Column is what the cells below it have in common.
type Column struct {
	Name  string `json:"name"`
	Unit  Unit   `json:"unit"`
	Rule  Rule   `json:"rule,omitempty"`
	Of    [2]int `json:"of"`
	Loose bool   `json:"loose,omitempty"` // its cells are of several kinds and have no total
}

// Table is rows of cells. The first column names the rows.
type Table struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Chart   Chart    `json:"chart,omitempty"`
	Columns []Column `json:"columns"`
	Rows    [][]Cell `json:"rows"`
	Total   []Cell   `json:"total"` // null where rows do not add up
	Note    string   `json:"note,omitempty"`
	Fold    *Fold    `json:"fold,omitempty"` // how it is printed where it is long
}

// Chart is how a table is drawn, "" for not at all.
type Chart string

// The charts.
const (
	Bars      Chart = "bars"      // the first two columns of money, side by side
	Waterfall Chart = "waterfall" // the first row, steps, and the total
)

// Cell is one figure, or the name of a row.
type Cell struct {
	Text   string     `json:"text,omitempty"` // of a name
	Amount money.Null `json:"amount"`         // exact; null where it is unknown
	Unit   Unit       `json:"unit"`
	Shown  string     `json:"shown"`            // rounded, as it is printed
	Source string     `json:"source,omitempty"` // the question that it answers
}
