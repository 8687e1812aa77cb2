package api

import (
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// RejectedRecord is a record that could not be booked, as it was rejected last.
type RejectedRecord struct {
	Digest    string                `json:"digest"` // of the record as it came
	Kind      lake.RecordKind       `json:"kind"`
	Source    string                `json:"source"`
	SourceKey string                `json:"source_key"`
	File      string                `json:"file"`   // base name, "" when it came over the network
	Record    int64                 `json:"record"` // its position in the file from 1, 0 when unknown
	At        time.Time             `json:"rejected_at"`
	Problems  []spend.Problem       `json:"problems"`
	Whole     bool                  `json:"whole"`             // all of it is kept, so that it can be tried again
	Result    lake.ResolutionResult `json:"result"`            // of the last try, "" when there was none
	Event     *spend.Event          `json:"event,omitempty"`   // what was read of a call, in the answer about one record
	Outcome   *RejectedOutcome      `json:"outcome,omitempty"` // what was read of a business result, likewise
}

// RejectedOutcome is what was read of a business result.
type RejectedOutcome outcome.Event

// RejectedRecords are all records with one digest, for the same bytes may stand in
// several sources, files and places, and every try to book them.
type RejectedRecords struct {
	Records []RejectedRecord  `json:"records"` // the newest first
	Tries   []lake.Resolution `json:"tries"`   // the oldest first
}

// RetryOrder is empty: everything that a retry needs is kept.
type RetryOrder struct{}

// Retried says how the records with a digest went that were tried again.
type Retried struct {
	Tries []lake.Resolution `json:"tries"`
}

func quarantineRoutes() []route {
	digest := param{"path", "digest", "of the record, as the list and the receipt of a request name it"}
	return []route{
		{
			pattern: "GET /api/v1/quarantine", action: auth.SpendRead, handle: (*call).quarantined,
			summary: "Lists records that could not be booked, the newest first.",
			params: append(pageParams(), param{"query", "source", "only of this source"},
				param{"query", "all", "true: those that were booked since, too"}, listFormat()),
			out: Page[RejectedRecord]{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/quarantine/{digest}", action: auth.SpendRead, handle: (*call).rejected,
			summary: "Shows a record that could not be booked, and every try since.",
			params:  []param{digest}, out: RejectedRecords{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/quarantine/{digest}/retry", action: auth.ImportWrite, handle: (*call).retry,
			summary: "Books a rejected record by the prices, rules and definitions of today. Refused when not all of it was legible.",
			params:  []param{digest, repeatKey()}, in: RetryOrder{}, out: Retried{}, status: http.StatusOK,
		},
	}
}

func shownRejected(r *lake.Rejected) RejectedRecord {
	return RejectedRecord{
		Digest: r.Digest.String(), Kind: r.Kind, Source: r.Source, SourceKey: r.SourceKey, File: r.File, Record: r.Record,
		At: r.At.UTC(), Problems: r.Problems, Whole: r.Whole, Result: r.Result,
	}
}

// inFull adds what was read of a record. Whose it is is a figure of a person and
// stays out.
func inFull(r *lake.Rejected) RejectedRecord {
	shown := shownRejected(r)
	if r.Outcome != nil {
		shown.Outcome = (*RejectedOutcome)(r.Outcome)
		return shown
	}
	event := r.Event
	event.Scope.Principal = ""
	shown.Event = &event
	return shown
}

func (c *call) quarantined() (reply, error) {
	q, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := pageLimit(q)
	if err != nil {
		return reply{}, err
	}
	all := named(q, "all", "false")
	if all != "true" && all != "false" {
		return reply{}, spend.Errorf(spend.KindInvalid, "read all", "%.40q is neither true nor false", all)
	}
	after, err := readCursor[lake.Place](q.Get("cursor"))
	if err != nil {
		return reply{}, err
	}
	found, err := c.Quarantine.Quarantined(c.request.Context(), lake.Listing{
		Source: q.Get("source"), All: all == "true", After: after, Limit: limit + 1,
	})
	if err != nil {
		return reply{}, err
	}
	page := Page[RejectedRecord]{Items: []RejectedRecord{}}
	for i := range found[:min(len(found), limit)] {
		page.Items = append(page.Items, shownRejected(&found[i]))
	}
	if len(found) > limit {
		last := found[limit-1].Place()
		page.Next = cursorOf(&last)
	}
	return pageReply(q, &page, QuarantineCSV)
}

func (c *call) rejected() (reply, error) {
	digest, err := c.digestOfPath()
	if err != nil {
		return reply{}, err
	}
	found, err := c.Quarantine.Rejected(c.request.Context(), digest)
	if err != nil {
		return reply{}, err
	}
	if len(found) == 0 {
		return reply{}, spend.Errorf(spend.KindNotFound, "find the record", "none with digest %s was rejected", digest).
			WithHint("the list is at /api/v1/quarantine (bursar quarantine list)")
	}
	tries, err := c.Quarantine.Resolutions(c.request.Context(), digest)
	if err != nil {
		return reply{}, err
	}
	shown := RejectedRecords{Records: []RejectedRecord{}, Tries: told(tries)}
	for i := range found {
		shown.Records = append(shown.Records, inFull(&found[i]))
	}
	return jsonReply(http.StatusOK, shown), nil
}

func (c *call) retry() (reply, error) {
	if err := decode(c.body, &RetryOrder{}); err != nil {
		return reply{}, err
	}
	digest, err := c.digestOfPath()
	if err != nil {
		return reply{}, err
	}
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	tries, err := c.Quarantine.Retry(c.request.Context(), digest, c.who.Actor())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, Retried{told(tries)}), nil
}

// told makes lists of what may be none.
func told(tries []lake.Resolution) []lake.Resolution {
	all := append([]lake.Resolution{}, tries...)
	for i := range all {
		if all[i].Problems == nil {
			all[i].Problems = []spend.Problem{}
		}
	}
	return all
}

func (c *call) digestOfPath() (spend.ID, error) {
	digest, err := spend.ParseID(c.request.PathValue("digest"))
	if err != nil {
		return digest, spend.Errorf(spend.KindInvalid, "read the digest", "%w", err).WithHint("as /api/v1/quarantine lists it")
	}
	return digest, nil
}
