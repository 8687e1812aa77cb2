package api

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Sources tells what each source has told, and when.
type Sources interface {
	// Sources lists sources, those that have gone silent first. What they told of calls that
	// are charged elsewhere is counted where it is asked for: all that sources told is read.
	Sources(ctx context.Context, now time.Time, elsewhere bool) ([]Source, error)
	// Pollers lists what vendors are asked for, those that have gone silent first.
	Pollers(ctx context.Context, now time.Time) ([]Poller, error)
	// Counters sets token counters against what is booked, those of which most is missing first.
	Counters(ctx context.Context, now time.Time) ([]Counter, error)
	// Sampling says of services how much of their traces is kept, those of which least is first.
	Sampling(counters []Counter) ([]Sampling, error)
}

// Rhythm says whether a source tells as it uses to.
type Rhythm string

// The rhythms.
const (
	Talking Rhythm = "talking" // it is silent no longer than it uses to be
	Silent  Rhythm = "silent"  // for more than twice its longest pause, and more than an hour
	Rare    Rhythm = "rare"    // it tells too little to know how long it uses to be silent
)

// Source is what a source has told of usage. Its pauses are those of the 28 days.
type Source struct {
	Source  string    `json:"source"`
	Rhythm  Rhythm    `json:"rhythm"`
	Calls   int64     `json:"calls"` // all that are booked
	First   time.Time `json:"first_used_at"`
	Last    time.Time `json:"last_used_at"`
	Booked  time.Time `json:"last_booked_at"`
	Hours   int       `json:"hours"`          // of the 28 days before now that have usage
	Pause   int64     `json:"longest_pause"`  // seconds between two of them, to the hour
	Silence int64     `json:"silent_seconds"` // since its last usage

	Final        SourcePart `json:"final"`         // of its calls, what can change no more
	Provisional  SourcePart `json:"provisional"`   // what may still change
	Estimated    SourcePart `json:"estimated"`     // of both, what a tokenizer counted
	FinalThrough *string    `json:"final_through"` // the last day up to which all of it is final, null for none

	Duplicates int64       `json:"duplicates"`            // calls that it told too, and that are charged as another source tells them
	ChargedBy  []ChargedBy `json:"duplicates_charged_by"` // whose lines those are
	Repeats    int64       `json:"repeats"`               // records that came again with the same content, since the server started
}

// SourcePart is a part of the calls of a source.
type SourcePart struct {
	Calls   int64      `json:"calls"`
	Cost    money.Null `json:"cost"`          // in the reporting currency; null where no call has an amount
	Unknown int64      `json:"unknown_calls"` // in no cost: without a price, or without an exchange rate
}

// ChargedBy is a source by whose lines calls are charged that another one told too.
type ChargedBy struct {
	Source string `json:"source"`
	Calls  int64  `json:"calls"`
}

// Poller is one list of an account at a vendor that the server asks for.
type Poller struct {
	Name      string     `json:"name"` // of the account in the file of accounts
	Vendor    string     `json:"vendor"`
	Account   string     `json:"account"` // that its lines are of
	Feed      string     `json:"feed"`    // usage, costs and the like
	Rhythm    Rhythm     `json:"rhythm"`  // silent: no try succeeded for more than twice the time between two, or ever; rare: not asked yet
	Through   string     `json:"told_through"`
	Succeeded *time.Time `json:"last_success_at"` // null for never
	Tried     *time.Time `json:"last_try_at"`
	Next      *time.Time `json:"next_try_at"`
	Error     string     `json:"error"` // of the last try, "" when it succeeded
	Hint      string     `json:"hint"`  // what to do about it
}

// SourceList is a list of sources.
type SourceList struct {
	AsOf  time.Time `json:"as_of"`
	Items []Source  `json:"items"`

	Currency money.Currency `json:"currency"` // of costs
	Zone     string         `json:"tz"`       // of days

	Pollers  []Poller  `json:"pollers"`  // what vendors are asked for
	Counters []Counter `json:"counters"` // of services that send metrics, of the last two days

	Sampling []Sampling `json:"sampling"` // of services whose traces are not all kept, or whose spans say how many are
}

func sourceRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/sources", action: auth.SpendRead, handle: (*call).sources,
		summary: "Lists who told usage and when, and who has gone silent: for more than twice the longest pause of its last 28 days, and more than an hour; how much of it is final, provisional or estimated; and how many of its calls are charged as another source tells them. Beside them what vendors are asked for, with the last success, error and next try; how much of the tokens that services count in metrics is booked; and how services are sampled.",
		params: []param{
			listFormat(), {"query", "list", "of csv: sources (when empty) or counters"},
			{"query", "with", "duplicates (when empty) or none, which leaves out what is charged elsewhere, and is faster where much is"},
		},
		out: SourceList{}, status: http.StatusOK,
	}}
}

// sources waits for its turn as a question does.
func (c *call) sources() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	with := named(v, "with", "duplicates")
	if with != "duplicates" && with != "none" {
		return reply{}, spend.Errorf(spend.KindInvalid, "read with", "%.40q is no part of this answer", with).WithHint("duplicates or none")
	}
	found, err := c.Sources.Sources(c.request.Context(), c.now, with == "duplicates")
	if err != nil {
		return reply{}, err
	}
	counters, err := c.Sources.Counters(c.request.Context(), c.now)
	if err != nil {
		return reply{}, err
	}
	sampling, err := c.Sources.Sampling(counters)
	if err != nil {
		return reply{}, err
	}
	pollers, err := c.Sources.Pollers(c.request.Context(), c.now)
	if err != nil {
		return reply{}, err
	}
	list := &SourceList{
		AsOf: c.now, Items: append([]Source{}, found...), Currency: c.House().Currency, Zone: c.View().Location().String(), Pollers: append([]Poller{}, pollers...), Counters: append([]Counter{}, counters...), Sampling: append([]Sampling{}, sampling...),
	}
	switch which := named(v, "list", "sources"); which {
	case "sources":
		return pageReply(v, list, SourcesCSV)
	case "counters":
		return pageReply(v, list, writeCounters)
	default:
		return reply{}, spend.Errorf(spend.KindInvalid, "read list", "%.40q is no list of this answer", which).WithHint("sources or counters")
	}
}

// SourcesCSV writes sources for a spreadsheet.
func SourcesCSV(w io.Writer, list *SourceList) error {
	head := []string{"source", "rhythm", "calls", "first_used_at", "last_used_at", "last_booked_at", "hours", "longest_pause_seconds", "silent_seconds"}
	for _, part := range []string{"final", "provisional", "estimated"} {
		head = append(head, part+"_calls", part+"_cost", part+"_unknown_calls")
	}
	head = append(head, "final_through", "duplicates", "duplicates_charged_by", "repeats")
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	return tableOf(w, head, list.Items, func(s *Source) []string {
		row := []string{
			s.Source, string(s.Rhythm), whole(s.Calls), instantCell(s.First), instantCell(s.Last), instantCell(s.Booked),
			strconv.Itoa(s.Hours), whole(s.Pause), whole(s.Silence),
		}
		for _, part := range []SourcePart{s.Final, s.Provisional, s.Estimated} {
			row = append(row, whole(part.Calls), amountCell(part.Cost), whole(part.Unknown))
		}
		through, by := "", []string{}
		if s.FinalThrough != nil {
			through = *s.FinalThrough
		}
		for _, c := range s.ChargedBy {
			by = append(by, c.Source+"="+whole(c.Calls))
		}
		return append(row, through, whole(s.Duplicates), strings.Join(by, " "), whole(s.Repeats))
	})
}

func amountCell(a money.Null) string {
	if !a.Valid {
		return ""
	}
	return a.Amount.String()
}
