package pricebook

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// rateCase is one input line of RateCases.
type rateCase struct {
	ID         json.RawMessage `json:"id"`
	Provider   string          `json:"provider"`
	Model      string          `json:"model"`
	At         string          `json:"at"`
	Tier       string          `json:"service_tier"`
	ServedTier string          `json:"served_service_tier"`
	Region     string          `json:"region"`
	Usage      *caseUsage      `json:"usage"`
	RawUsage   *rawUsage       `json:"raw_usage"`

	at time.Time
}

// caseUsage is named counts and, beside them, what else tells the cost of a call.
type caseUsage struct {
	counts wire.Named
	caseDetails
}

type caseDetails struct {
	ImageSize    string          `json:"image_size"`
	ImageQuality string          `json:"image_quality"`
	ReportedCost json.RawMessage `json:"reported_cost_usd"`
}

// UnmarshalJSON reads counts and details out of one object.
func (u *caseUsage) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &u.caseDetails); err != nil {
		return err
	}
	return json.Unmarshal(data, &u.counts)
}

type rawUsage struct {
	Flavour string          `json:"flavour"`
	Usage   json.RawMessage `json:"usage"`
}

// readCase reads one line and says what keeps it from being a case.
func readCase(line []byte) (c rateCase, found []spend.Problem) {
	if err := json.Unmarshal(line, &c); err != nil {
		return c, []spend.Problem{notJSON(err)}
	}
	complain := func(wrong bool, field, msg string) {
		if wrong {
			found = append(found, spend.Problem{Field: field, Msg: msg})
		}
	}
	complain(c.echo() == nil, "id", "must be a string or a number")
	complain(c.Provider == "", "provider", "is missing; name who bills, like openai")
	complain(c.Model == "", "model", "is missing")
	var err error
	c.at, err = time.Parse(time.RFC3339, c.At)
	complain(err != nil, "at", "must be an instant like 2026-09-02T08:00:00Z")
	complain(c.Usage == nil && c.RawUsage == nil, "usage", "is missing; give usage or raw_usage")
	complain(c.Usage != nil && c.RawUsage != nil, "usage", "is given twice; give usage or raw_usage, not both")
	return c, found
}

// notJSON names the field that has the wrong type, never its value.
func notJSON(err error) spend.Problem {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return spend.Problem{Field: wrong.Field, Msg: "must not be a JSON " + wrong.Value}
	}
	return spend.Problem{Field: "line", Msg: "is no JSON object"}
}

// echo gives the id as it was written, nil when it is neither string nor number.
func (c *rateCase) echo() json.RawMessage {
	if len(c.ID) > 0 && (c.ID[0] == '"' || c.ID[0] == '-' || '0' <= c.ID[0] && c.ID[0] <= '9') {
		return c.ID
	}
	return nil
}

func (c *rateCase) call(u *spend.Usage) Call {
	call := Call{
		Seller: c.Provider, Model: c.Model, At: c.at, ServiceTier: c.Tier, ServedTier: c.ServedTier,
		Region: c.Region, Usage: u,
	}
	if c.Usage != nil {
		call.ImageSize, call.ImageQuality = c.Usage.ImageSize, c.Usage.ImageQuality
	}
	return call
}

// disjoint gives the usage of a case, named or a vendor's.
func (c *rateCase) disjoint() (spend.Usage, spend.Flags, []spend.Problem) {
	if c.Usage == nil {
		return wire.Usage(c.RawUsage.Flavour, c.RawUsage.Usage)
	}
	usage, flags, problems := c.Usage.counts.Disjoint()
	if c.Usage.counts.IsZero() {
		problems = append(problems, spend.Problem{Field: "usage", Msg: "says nothing; give input_tokens and output_tokens, or what else is billed"})
	}
	if _, err := c.Usage.reported(); err != nil {
		problems = append(problems, spend.Problem{Field: "reported_cost_usd", Msg: "is no amount"})
	}
	return usage, flags, problems
}

// reported is the cost that the vendor stated, rounded to 12 decimals.
func (u *caseUsage) reported() (money.Null, error) {
	if u == nil || len(u.ReportedCost) == 0 || string(u.ReportedCost) == "null" {
		return money.Null{}, nil
	}
	cost, _, err := money.ParseRounded(string(u.ReportedCost))
	return money.Null{Amount: cost, Valid: err == nil}, err
}

// The statuses of an answer.
const (
	statusPriced   = "priced"
	statusFlagged  = "priced_flagged"
	statusUnpriced = "unpriced"
	statusInvalid  = "invalid_usage"
)

// answer is one output line of RateCases.
type answer struct {
	ID          json.RawMessage `json:"id"`
	Status      string          `json:"status"`
	USD         money.Null      `json:"usd"`
	Lines       []answerLine    `json:"lines"`
	Flags       []string        `json:"flags"`
	Suggestions []string        `json:"suggestions"`
	Book        string          `json:"book"`

	SKU        string          `json:"sku,omitempty"`
	Context    string          `json:"context_tier,omitempty"`
	Contracted *money.Amount   `json:"contracted_usd,omitempty"` // where it differs from usd
	Reported   *money.Amount   `json:"reported_usd,omitempty"`
	Residual   *money.Amount   `json:"residual_usd,omitempty"` // ours − theirs
	Reason     string          `json:"reason,omitempty"`
	Problems   []spend.Problem `json:"problems,omitempty"`
}

type answerLine struct {
	Meter    spend.Meter    `json:"meter"`
	Quantity spend.Quantity `json:"quantity"`
	Rate     money.Amount   `json:"rate"`
	Per      int64          `json:"per"`
	USD      money.Amount   `json:"usd"`
}

func (a *answer) invalid(problems []spend.Problem) {
	if a.ID == nil {
		a.ID = json.RawMessage(`""`)
	}
	a.Status, a.Problems = statusInvalid, problems
}

// priced sets amounts and all flags, those of the usage and those of the rating.
func (a *answer) priced(r *Rating, flags spend.Flags) {
	flags |= r.Flags
	a.Flags = flags.List()
	if r.Currency != "USD" {
		a.Status, a.Reason = statusUnpriced, "priced_in_"+string(r.Currency)
		return
	}
	a.Status, a.USD, a.SKU, a.Context = statusPriced, money.Known(r.List), r.SKU, r.Context
	if flags != 0 {
		a.Status = statusFlagged
	}
	if r.Contracted != r.List {
		contracted := r.Contracted
		a.Contracted = &contracted
	}
	for _, l := range r.Lines {
		a.Lines = append(a.Lines, answerLine{l.Meter, l.Quantity, l.Rate, l.Per, l.USD})
	}
}

// compare sets the vendor's own figure beside ours.
func (a *answer) compare(reported money.Null) {
	if !reported.Valid || !a.USD.Valid {
		return
	}
	if residual, err := a.USD.Amount.Sub(reported.Amount); err == nil {
		a.Reported, a.Residual = &reported.Amount, &residual
	}
}
