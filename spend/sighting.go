package spend

import (
	"bytes"
	"cmp"
	"slices"
)

// Keys gives the identities under which the event's attempt may be known,
// strongest first: seller and response id, the gateway's attempt id, source and
// source key. Two events that share a key are sightings of one attempt.
func (e *Event) Keys() []ID {
	keys := make([]ID, 0, 3)
	if e.Response != "" && e.Seller != "" {
		keys = append(keys, Digest("response", e.Seller, e.Response))
	}
	if e.Attempt != "" {
		keys = append(keys, Digest("attempt", e.Attempt))
	}
	return append(keys, Digest("source", e.Source, e.SourceKey))
}

// Revisions says how a source corrects itself.
type Revisions string

// The kinds of source revision.
const (
	Immutable   Revisions = "immutable"   // the same key with other content is a conflict
	Growing     Revisions = "growing"     // a later revision of a key supersedes
	Partitioned Revisions = "partitioned" // a complete partition replaces the last one
)

// CompareRevisions orders two records of one source key. Of two with one
// revision, the greater content digest comes later, so that the order of arrival
// does not matter.
func CompareRevisions(a, b *Event) int {
	if c := cmp.Compare(a.Revision, b.Revision); c != 0 {
		return c
	}
	x, y := a.Content(), b.Content()
	return bytes.Compare(x[:], y[:])
}

// Merge makes one event of all sightings of one attempt. It is a function of
// the set: any order of arrival gives the same result. Of each source record
// only the last revision counts; then every field comes from the sighting of
// the highest rank that says something. Usage moves as one group, from the
// highest rank that observed it. At least one sighting is required.
//
// Example: the gateway names workflow and run, the vendor's usage export knows
// the exact tokens; the merged event has the export's tokens and the gateway's
// workflow and run.
func Merge(sightings []Event) Event {
	order := slices.Clone(sightings)
	slices.SortStableFunc(order, stronger)
	order = slices.CompactFunc(order, func(a, b Event) bool {
		return a.Source == b.Source && a.SourceKey == b.SourceKey
	})
	slices.SortStableFunc(order, func(a, b Event) int { return -cmp.Compare(a.Rank, b.Rank) })
	merged := order[0]
	for i := range order[1:] {
		merged.fill(&order[i+1])
	}
	return merged
}

// stronger puts the records of one source key together, the last revision first.
func stronger(a, b Event) int {
	return cmp.Or(
		cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.SourceKey, b.SourceKey),
		CompareRevisions(&b, &a),
	)
}

// fill takes from a weaker sighting what e does not say.
func (e *Event) fill(weaker *Event) {
	mine, theirs := e.Labels(), weaker.Labels()
	for i := range 14 {
		if *mine[i] == "" {
			*mine[i] = *theirs[i]
		}
	}
	e.Scope.fill(&weaker.Scope)
	if e.StartedAt.IsZero() {
		e.StartedAt, e.FirstTokenAt, e.EndedAt = weaker.StartedAt, weaker.FirstTokenAt, weaker.EndedAt
	}
	if e.UsageSource == UsageUnobserved && weaker.UsageSource != UsageUnobserved {
		e.Usage, e.UsageSource = weaker.Usage, weaker.UsageSource
		e.Flags |= weaker.Flags
	}
	if e.Status == StatusInterrupted {
		e.Status = weaker.Status
	}
	if !e.Reported.Valid {
		e.Reported, e.ReportedCurrency = weaker.Reported, weaker.ReportedCurrency
	}
}
