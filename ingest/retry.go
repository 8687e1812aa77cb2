package ingest

import (
	"context"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Retry books the rejected records with a digest anew, by the price book, rules
// and definitions of today, and says how each went. Each record and what is
// noted of it are one transaction; the journal has nothing to add, for the record
// is safe in the ledger already. What is booked is no longer open.
func (s *Service) Retry(ctx context.Context, digest spend.ID, by string) ([]lake.Resolution, error) {
	tried, result, err := s.Pipeline.retry(ctx, retrial{digest, by, s.definitions.Load()})
	s.tell(result)
	return tried, err
}

// retrial names what is to be tried again.
type retrial struct {
	digest      spend.ID
	by          string
	definitions *outcome.Definitions
}

func (p *Pipeline) retry(ctx context.Context, r retrial) (tried []lake.Resolution, total Result, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.commit(ctx); err != nil {
		return nil, total, err
	}
	found, err := p.Annex.Rejected(ctx, r.digest)
	if err != nil {
		return nil, total, err
	}
	open, err := retryable(r.digest, found)
	for i := range open {
		d := again(&open[i], r.definitions)
		b := newBatch(p, d.Records)
		b.retry = &lake.Resolution{
			Digest: open[i].Digest, Source: open[i].Source, File: open[i].File, Record: open[i].Record, At: b.at, By: r.by,
		}
		result, err := p.deliver(ctx, b, d)
		if err == nil {
			err = p.commit(ctx)
		}
		if err == nil {
			total, err = total.Add(result)
		}
		if err != nil {
			return tried, total, err
		}
		tried = append(tried, *b.retry)
	}
	return tried, total, err
}

// retryable keeps what is open and whole, and says why nothing is.
func retryable(digest spend.ID, found []lake.Rejected) (whole []lake.Rejected, err error) {
	open := 0
	for i := range found {
		if !found[i].Open() {
			continue
		}
		open++
		if found[i].Whole {
			whole = append(whole, found[i])
		}
	}
	switch {
	case len(found) == 0:
		return nil, spend.Errorf(spend.KindNotFound, "retry", "no record with the digest %s was rejected", digest).
			WithHint("bursar quarantine list shows what was")
	case open == 0:
		return nil, spend.Errorf(spend.KindConflict, "retry", "the record %s was booked since", digest).
			WithHint("bursar quarantine show %s tells when", digest)
	case len(whole) == 0:
		return nil, spend.Errorf(spend.KindConflict, "retry", "the record %s was not legible as a whole, so what is kept of it must not be booked", digest).
			WithHint("mend the record in its source, and send or import it again")
	}
	return whole, nil
}

// again delivers a rejected record once more.
func again(r *lake.Rejected, definitions *outcome.Definitions) *Delivery {
	if r.Outcome == nil {
		return &Delivery{Records: []Record{recordOf(r)}}
	}
	return &Delivery{Outcomes: []OutcomeRecord{outcomeOf(r)}, Definitions: definitions}
}

func recordOf(r *lake.Rejected) Record {
	revisions := r.Revisions
	if revisions == "" {
		revisions = spend.Immutable
	}
	return Record{
		Event: r.Event, Open: r.Kind == lake.OpenRecord, Hold: r.Hold, Revisions: revisions,
		File: r.File, Line: r.Record, Digest: r.Digest, Whole: true,
		Bound: r.File == "", // it came over the network, so a credential told it
	}
}

func outcomeOf(r *lake.Rejected) OutcomeRecord {
	return OutcomeRecord{Event: *r.Outcome, File: r.File, Line: r.Record, Digest: r.Digest, Problems: r.Outcome.Validate(), Whole: true}
}

// resolution notes how a retry went, in the place of a rejection.
func (b *batch) resolution() {
	if b.retry == nil {
		return
	}
	switch {
	case len(b.out.Quarantine) > 0:
		b.retry.Result, b.retry.Problems = lake.RetryRefused, b.out.Quarantine[0].Problems
		b.out.Quarantine = nil
	case b.Booked+b.Sightings+b.Opened+b.Outcomes > 0:
		b.retry.Result = lake.RetryBooked
	default:
		b.retry.Result = lake.RetryDuplicate
	}
	b.out.Resolved = append(b.out.Resolved, *b.retry)
}
