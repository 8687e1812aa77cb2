package api

import (
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// Config is everything that a server is made of. All fields but those
// behind Ready are needed.
type Config struct {
	Hosts  []string                 // names and addresses that requests may be sent to, without ports
	Public string                   // address that links in reports begin with, "" for relative ones
	View   func() calendar.Calendar // of questions that name no zone
	House  func() House             // whose accounts these are
	Now    func() time.Time
	Log    *slog.Logger

	Admitter     Admitter
	Sessions     Sessions
	Acceptor     Acceptor
	Importer     Importer
	Quarantine   Quarantine
	Asker        Asker
	Outcomes     Outcomes
	Runs         Runs
	Adopter      Adopter
	Tokens       Tokens
	People       People
	Roles        Roles
	Policies     Policies
	Prices       Prices
	Attribution  Attribution
	Register     Register
	Comparer     Comparer
	Reconciler   Reconciler
	Budgets      Budgets
	Notices      Notices
	Exchange     Exchange
	Periods      Periods
	Upkeep       Upkeep
	Memory       Memory
	UpstreamKeys UpstreamKeys
	Audit        Audit
	Live         *Live        // where the program publishes what open pages show at once
	Ready        func() error // why nothing can be accepted or answered, nil when it can
	Views        Views
	Sources      Sources
	Forecasts    Forecasts

	Metrics prometheus.Gatherer // what /metrics tells, which is not served without
	Counts  *Counts             // of all that is answered; its own when nil
	Limits  Limits
}

// Limits bound what one request, one credential and all of them together may
// take. A zero field stands for its default.
type Limits struct {
	Body     int64 // bytes of a body as it is sent; 8 MiB
	Inflated int64 // bytes of a body when unpacked; 32 MiB
	Ratio    int64 // times that a body above 1 MiB may grow when unpacked; 100
	Depth    int   // of nested JSON; 32
	Members  int   // of one JSON object; 1,000
	Events   int   // of one batch; 5,000

	Rate  int // requests a second of one credential; 50
	Burst int // requests at once of one credential; 100

	Queries int // questions answered at once, of one credential one fewer; 4
	Queue   int // questions that wait for their turn, fairly by credential; 16
	Rows    int // of one answer; 50,000
	Streams int // open live streams, a quarter of them of one credential; 128

	BodyTime  time.Duration // for a body to arrive; 30 s
	WriteTime time.Duration // for the next 64 KiB of an answer to be taken; 10 s
	QueueTime time.Duration // that a question waits for its turn; 20 s
	QueryTime time.Duration // for one question; 30 s
	Heartbeat time.Duration // between signs of life on a quiet stream; 10 s
	Recheck   time.Duration // between looks at the credential of a stream, which ends with it; 3 s
	StreamFor time.Duration // until a stream ends and its reader resumes; 15 min
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Body: or(l.Body, 8<<20), Inflated: or(l.Inflated, 32<<20), Ratio: or(l.Ratio, 100),
		Depth: or(l.Depth, 32), Members: or(l.Members, 1000), Events: or(l.Events, 5000),
		Rate: or(l.Rate, 50), Burst: or(l.Burst, 100),
		Queries: or(l.Queries, 4), Queue: or(l.Queue, 16), Rows: or(l.Rows, 50_000), Streams: or(l.Streams, 128),
		BodyTime: or(l.BodyTime, 30*time.Second), WriteTime: or(l.WriteTime, 10*time.Second), QueueTime: or(l.QueueTime, 20*time.Second),
		QueryTime: or(l.QueryTime, 30*time.Second), Heartbeat: or(l.Heartbeat, 10*time.Second),
		Recheck: or(l.Recheck, 3*time.Second), StreamFor: or(l.StreamFor, 15*time.Minute),
	}
}

func or[T int | int64 | time.Duration](n, otherwise T) T {
	if n > 0 {
		return n
	}
	return otherwise
}

// Validate refuses a configuration with a part missing. The error is of kind internal.
func (c *Config) Validate() error {
	for _, part := range []struct {
		name    string
		missing bool
	}{
		{"Hosts", len(c.Hosts) == 0}, {"View", c.View == nil}, {"House", c.House == nil}, {"Now", c.Now == nil}, {"Log", c.Log == nil},
		{"Admitter", c.Admitter == nil}, {"Sessions", c.Sessions == nil}, {"Outcomes", c.Outcomes == nil}, {"Runs", c.Runs == nil}, {"Adopter", c.Adopter == nil},
		{"Acceptor", c.Acceptor == nil}, {"Importer", c.Importer == nil}, {"Asker", c.Asker == nil},
		{"Quarantine", c.Quarantine == nil}, {"Tokens", c.Tokens == nil}, {"People", c.People == nil}, {"Roles", c.Roles == nil}, {"Policies", c.Policies == nil}, {"Prices", c.Prices == nil}, {"Attribution", c.Attribution == nil}, {"Comparer", c.Comparer == nil}, {"Reconciler", c.Reconciler == nil}, {"Register", c.Register == nil}, {"Budgets", c.Budgets == nil}, {"Notices", c.Notices == nil}, {"Exchange", c.Exchange == nil}, {"Periods", c.Periods == nil},
		{"Upkeep", c.Upkeep == nil}, {"Memory", c.Memory == nil}, {"UpstreamKeys", c.UpstreamKeys == nil}, {"Audit", c.Audit == nil}, {"Sources", c.Sources == nil}, {"Live", c.Live == nil}, {"Ready", c.Ready == nil},
	} {
		if part.missing {
			return spend.Errorf(spend.KindInternal, "open the API", "%s is not set", part.name)
		}
	}
	return nil
}
