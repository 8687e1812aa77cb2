package api

import (
	"time"

	"github.com/bursarhq/bursar/money"
)

// Completeness says whether what is booked is what counters tell.
type Completeness string

// The verdicts. A share from 0.98 to 1.02 is complete: calls and metrics near the full
// hour may stand on either side of it.
const (
	Complete  Completeness = "complete"
	Short     Completeness = "short"  // calls are not sampled, or nothing tells of them
	Beyond    Completeness = "beyond" // the counters do not count every call
	Uncertain Completeness = "unknown"
)

// Charging says how the tokens that a service counts are charged.
type Charging string

// The ways of charging.
const (
	ByCounters Charging = "counters" // its calls, and by its counters what no call tells
	ByGateway  Charging = "gateway"  // telemetry.metered_services: the gateway has every call
	ByEvents   Charging = "events"   // a coding agent: its events and its log have every call
)

// Counter is what the token counters of a service tell of a model, and what is booked of
// the same. The sums are of its whole hours: those that are over, and were heard from
// their beginning.
type Counter struct {
	Application string        `json:"application"`
	Service     string        `json:"service"`
	Seller      string        `json:"seller"` // "" when the service does not say it
	Model       string        `json:"model"`  // as the service names it
	Family      string        `json:"family"` // of metrics, as docs/telemetry.md lists them
	Charged     Charging      `json:"charged_by"`
	Verdict     Completeness  `json:"verdict"`
	Share       money.Null    `json:"share"` // booked of counted; null when nothing whole was counted
	Why         string        `json:"explanation"`
	Counted     int64         `json:"counted_tokens"`
	Booked      int64         `json:"booked_tokens"` // of calls
	Untold      int64         `json:"untold_tokens"` // of no call, charged by the counters
	Hours       []CountedHour `json:"hours"`
}

// Missing is what was counted and is in no line.
func (c *Counter) Missing() int64 { return c.Counted - c.Booked - c.Untold }

// CountedHour is one hour of a counter.
type CountedHour struct {
	Hour          time.Time `json:"hour"`
	Whole         bool      `json:"whole"` // it counts in the sums
	Counted       int64     `json:"counted_tokens"`
	CountedPrompt int64     `json:"counted_prompt_tokens"`
	Booked        int64     `json:"booked_tokens"`
	BookedPrompt  int64     `json:"booked_prompt_tokens"`
	Untold        int64     `json:"untold_tokens"`
}
