package notify

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/budget"
)

// Message is what somebody has to be told, in whatever form it is sent.
type Message struct {
	ID    string    `json:"id"`   // one message is told once
	Kind  string    `json:"kind"` // for programs, "budget.threshold"
	Title string    `json:"title"`
	Facts []Fact    `json:"facts"`
	Owner string    `json:"owner,omitempty"` // whom it is for: a team, a role or a principal
	Link  string    `json:"link,omitempty"`  // where to look, "" for nowhere
	At    time.Time `json:"at"`
}

// Fact is one line of a message.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Reached is the message about a threshold that a budget has reached. Link is the
// address of the budget's page.
//
//	Budget support/month has used 80 % of 500 USD
//	Budget support/month is expected to use 100 % of 500 USD
//	Budget desk/day has used 80 % of 5 USD: workflow triage
func Reached(c *budget.Crossing, link string) Message {
	unit := string(cmp.Or(budget.Measure(c.Currency), c.Counts))
	verb, name := "has used", "Used"
	if c.Alert.Forecast {
		verb, name = "is expected to use", "Expected"
	}
	m := Message{
		ID: c.ID().String(), Kind: "budget.threshold", Owner: c.Owner, Link: link, At: c.At,
		Title: fmt.Sprintf("Budget %s %s %d %% of %s %s", c.Budget, verb, c.Alert.Percent, c.Limit, unit),
		Facts: []Fact{{name, c.Spent.String() + " " + unit}, {"Limit", c.Limit.String() + " " + unit}},
	}
	if each := eachText(c); each != "" {
		m.Title += ": " + each
		m.Facts = append(m.Facts, Fact{"Of", each})
	}
	if !c.To.IsZero() {
		m.Facts = append(m.Facts, Fact{"From", c.From.Format(time.RFC3339)}, Fact{"Until", c.To.Format(time.RFC3339)})
	}
	return m
}

// eachText says of which values a threshold is: "workflow triage, without agent".
func eachText(c *budget.Crossing) string {
	var parts []string
	for i, value := range c.Each {
		name := ""
		if i < len(c.By) {
			name = strings.ReplaceAll(c.By[i], "_", " ") + " "
		}
		if value == "" {
			name, value = "without ", strings.TrimSpace(name)
		}
		parts = append(parts, name+value)
	}
	return strings.Join(parts, ", ")
}

// lines gives the facts as "name: value", each on one line.
func (m *Message) lines() []string {
	lines := make([]string, len(m.Facts))
	for i, f := range m.Facts {
		lines[i] = oneLine(f.Name + ": " + f.Value)
	}
	return lines
}

// oneLine makes blanks of control characters: a name must not begin a header or a
// line of its own.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "�"))
}
