package api

import (
	"io"
	"strconv"
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

// Sampling says how much of a service's traces is kept.
type Sampling struct {
	Application string     `json:"application"`
	Service     string     `json:"service"`
	Share       money.Null `json:"share"` // 0.1 is one trace of ten
	How         string     `json:"how"`   // tracestate: its spans say it; counters: calls against counted tokens
	Calls       int64      `json:"calls"` // that spans told since the server started
	Said        int64      `json:"said"`  // of which the trace says its share
}

// writeCounters writes a row for each counter; the difference is in no line of the ledger.
func writeCounters(w io.Writer, list *SourceList) error {
	head := []string{
		"application", "service", "seller", "model", "family", "charged_by", "verdict", "share",
		"counted_tokens", "booked_tokens", "untold_tokens", "difference", "explanation",
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	return tableOf(w, head, list.Counters, func(c *Counter) []string {
		share := ""
		if c.Share.Valid {
			share = c.Share.Amount.String()
		}
		return []string{
			c.Application, c.Service, c.Seller, c.Model, c.Family, string(c.Charged), string(c.Verdict), share,
			whole(c.Counted), whole(c.Booked), whole(c.Untold), whole(c.Missing()), c.Why,
		}
	})
}
