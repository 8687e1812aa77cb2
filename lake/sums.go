package lake

import (
	"errors"
	"fmt"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Sums are the figures of some lines: what they cost, and beside it what has no
// amount.
type Sums struct {
	Lines            int64        `json:"lines"` // that stand: a line and its reversal are none
	Calls            int64        `json:"calls"`
	PromptTokens     int64        `json:"prompt_tokens"`
	CompletionTokens int64        `json:"completion_tokens"`
	Cost             money.Amount `json:"cost"`              // in the reporting currency
	Exposure         money.Amount `json:"exposure"`          // money not yet known, never inside cost
	Unpriced         int64        `json:"unpriced_calls"`    // without an amount
	Unconverted      int64        `json:"unconverted_calls"` // priced, without an exchange rate
}

// SumsOf are the figures of one line.
func SumsOf(c *spend.Charge) Sums {
	s := Sums{
		Lines: 1, Calls: c.Calls, PromptTokens: c.Usage.PromptTokens(), CompletionTokens: c.Usage.CompletionTokens(),
		Cost: c.Reporting.Amount, Exposure: c.Exposure,
	}
	if Reverses(c) {
		s.Lines = -1
	}
	switch standing := StandingOf(c); {
	case standing&Unpriced != 0:
		s.Unpriced = c.Calls
	case standing&Unconverted != 0:
		s.Unconverted = c.Calls
	}
	return s
}

// Tokens are the prompt and completion tokens together.
func (s *Sums) Tokens() int64 { return s.PromptTokens + s.CompletionTokens }

// Add adds figures, and fails when an amount overflows.
func (s *Sums) Add(t *Sums) error {
	s.Lines += t.Lines
	s.Calls += t.Calls
	s.PromptTokens += t.PromptTokens
	s.CompletionTokens += t.CompletionTokens
	s.Unpriced += t.Unpriced
	s.Unconverted += t.Unconverted
	var err, errExposure error
	s.Cost, err = s.Cost.Add(t.Cost)
	s.Exposure, errExposure = s.Exposure.Add(t.Exposure)
	return errors.Join(err, errExposure)
}

// sumColumns gives the SQL of every figure as exact text; sign counts lines.
func sumColumns(d Dialect, sign string) []string {
	calls := func(of Standing) string {
		return fmt.Sprintf("CASE WHEN standing %% %d >= %d THEN calls ELSE 0 END", 2*of, of)
	}
	var columns []string
	for _, expr := range []string{
		sign, "calls", "prompt_tokens", "completion_tokens", "reporting", "exposure", calls(Unpriced), calls(Unconverted),
	} {
		columns = append(columns, d.AsText("coalesce(sum("+expr+"), 0)"))
	}
	return columns
}

// readSumsOf reads what sumColumns selects.
func readSumsOf(cells []*string) (s Sums, err error) {
	for i, n := range []*int64{0: &s.Lines, 1: &s.Calls, 2: &s.PromptTokens, 3: &s.CompletionTokens, 6: &s.Unpriced, 7: &s.Unconverted} {
		if n == nil {
			continue
		}
		if *n, err = wholeOf(cells[i]); err != nil {
			return s, err
		}
	}
	cost, err := amountOf(cells[4])
	exposure, errExposure := amountOf(cells[5])
	s.Cost, s.Exposure = cost.Amount, exposure.Amount
	return s, errors.Join(err, errExposure)
}
