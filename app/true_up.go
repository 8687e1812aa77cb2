package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// TrueUp books what the bills of a month, or its reports, say otherwise than was metered, as
// adjustments with their reasons. Lines that are booked and are not due any more are reversed. Who asked is
// noted first: what is interrupted has changed something already.
func (s *Server) TrueUp(ctx context.Context, by auth.Identity, o *report.TrueUpAsk) (report.TrueUps, error) {
	done := report.TrueUps{Period: o.Period, Seller: o.Seller, Accounts: []reconcile.Due{}}
	s.exporting.Lock() // no bill changes between its reading and the booking
	defer s.exporting.Unlock()
	found, err := s.Reconcile(ctx, &o.ReconcileAsk)
	if err != nil {
		return done, err
	}
	order := reconcile.TrueUp{Period: o.Period, Owner: o.Owner, Reported: o.Reported, Zone: s.zones.Of}
	due, lines, err := found.TrueUps(order)
	if err != nil {
		return done, err
	}
	note := auth.Note{Who: by, Action: auth.ContractChange, Target: "true_ups/" + string(o.Period), After: adjustmentsDigest(lines)}
	if err := (trail{s.State}).Note(ctx, note); err != nil {
		return done, err
	}
	done.Accounts, done.Unbilled = append(done.Accounts, due...), len(found.Bills)-len(due)
	s.exports = max(s.exports+1, s.Now().UnixMicro())
	im := ingest.Import{Pipeline: s.Ingest.Pipeline, Reader: &adjustments{lines, s.exports}, Complete: s.Lake}
	for _, name := range found.Partitions(order) {
		im.Whole = append(im.Whole, ingest.Part{Source: reconcile.Source, Partition: name})
	}
	r, err := im.Run(ctx)
	s.whenBooked(context.WithoutCancel(ctx), r)
	done.Booked, done.Corrected, done.Withdrawn, done.Refused = r.Booked, r.Corrections, r.Withdrawn, r.Quarantined
	done.Repeated = int64(len(lines)) - r.Booked - r.Corrections - r.Quarantined
	return done, err
}

// adjustmentsDigest tells lines from others.
func adjustmentsDigest(lines []spend.Event) string {
	var text strings.Builder
	for i := range lines {
		fmt.Fprintf(&text, "%s %s %s\n", lines[i].SourceKey, lines[i].Reported.Amount, lines[i].ReportedCurrency)
	}
	return auth.DigestOf(text.String())
}

// adjustments hands lines to the pipeline.
type adjustments struct {
	left     []spend.Event
	revision int64
}

// Next gives the next line.
func (a *adjustments) Next(out *ingest.Record) error {
	if len(a.left) == 0 {
		return io.EOF
	}
	e := a.left[0]
	a.left = a.left[1:]
	e.Revision = a.revision
	*out = ingest.Record{Event: e, Revisions: spend.Partitioned}
	return nil
}
