package app

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// ImportPurchases books a file of purchases, each spread over its days. A purchase
// that the file tells otherwise than an earlier one is replaced.
func (a *App) ImportPurchases(ctx context.Context, path string) (ingest.Result, error) {
	in, _, err := openFile(path)
	if err != nil {
		return ingest.Result{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	rows, err := rowsOf(in)
	if err != nil {
		return ingest.Result{}, err
	}
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return ingest.Result{}, err
	}
	result, err := a.bookPurchases(ctx, pipeline, &purchaseRun{rows: rows, file: filepath.Base(path), source: purchase.Source})
	if err != nil {
		return result, err
	}
	_, err = a.Lake.MaybeCheckpoint(ctx, a.Now())
	return result, err
}

// Purchase books purchases that a client tells, none of them when one is told in
// an older revision than the one that is booked.
func (s *Server) Purchase(ctx context.Context, who auth.Identity, all []purchase.Purchase) (ingest.Result, error) {
	if err := s.outdated(ctx, sourceOf(who), all); err != nil {
		return ingest.Result{}, err
	}
	return s.purchased(ctx, who, listed(all))
}

// listed books purchases that come in no file.
func listed(all []purchase.Purchase) *purchaseRun {
	run := &purchaseRun{source: purchase.Source}
	for i := range all {
		run.rows = append(run.rows, connect.PurchaseRecord{Purchase: all[i]})
	}
	return run
}

// purchased books purchases beside everything else that the server books.
func (s *Server) purchased(ctx context.Context, who auth.Identity, run *purchaseRun) (ingest.Result, error) {
	run.source, run.scope = sourceOf(who), ownScope(who)
	result, err := s.bookPurchases(ctx, s.Ingest.Pipeline, run)
	s.whenBooked(context.WithoutCancel(ctx), result)
	return result, err
}

// sourceOf keeps the purchases of each scope apart: who speaks for a part of the
// organisation replaces no purchase of another.
func sourceOf(who auth.Identity) string {
	return spokenFor(purchase.Source, ownScope(who))
}

// spokenFor makes a source that only a scope speaks for.
func spokenFor(source string, scope spend.Scope) string {
	for i, name := range spend.ScopeFields() {
		if text := *scope.Fields()[i]; text != "" {
			source += ":" + name + "=" + text
		}
	}
	return source
}

// outdated refuses a purchase of which a later revision is booked.
func (s *Server) outdated(ctx context.Context, source string, all []purchase.Purchase) error {
	for i := range all {
		p := &all[i]
		if p.Revision == 0 {
			continue
		}
		err := s.Lake.Partition(ctx, source, p.ID, func(h lake.Head) error {
			if h.Revision <= p.Revision {
				return nil
			}
			return spend.Errorf(spend.KindConflict, "book purchases", "revision %d of %q is older than the one that is booked, %d", p.Revision, p.ID, h.Revision).
				WithHint("send a later revision, or none: then the last one sent counts")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bookPurchases lets one run after the other book: what a run does not name of a
// purchase is withdrawn when it ends, and the later run has the last word.
func (a *App) bookPurchases(ctx context.Context, pipeline *ingest.Pipeline, run *purchaseRun) (ingest.Result, error) {
	a.buying.Lock()
	defer a.buying.Unlock()
	a.bought = max(a.bought+1, a.Now().UnixMicro())
	run.revision, run.zone, run.latest = a.bought, a.Calendar().Location(), a.Now().Add(ingest.Ahead)
	run.part = pipeline.Part
	im := ingest.Import{Pipeline: pipeline, Reader: run, Complete: a.Lake}
	return im.Run(ctx)
}

// rowsOf reads a file of purchases to its end, so that a slow sender keeps nobody
// waiting and a file that breaks off books nothing.
func rowsOf(in io.Reader) (rows []connect.PurchaseRecord, err error) {
	for reader := connect.OpenPurchases(in); ; {
		rec, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, rec)
	}
}

// purchaseRun hands the days of purchases to the pipeline.
type purchaseRun struct {
	rows   []connect.PurchaseRecord // that are left
	file   string                   // base name, "" when they come in no file
	source string                   // that they are booked under
	scope  spend.Scope              // of a credential, put over what a purchase says of its owner

	revision int64 // of a purchase that names none
	zone     *time.Location
	part     func(*spend.Event) int64 // how much of an amount one line takes
	latest   time.Time                // that usage may be of
	row      connect.PurchaseRecord   // the last one taken
	days     []spend.Event            // of it, those that are left
}

// Next gives the next day, or a row that is no purchase with its problems.
func (r *purchaseRun) Next(out *ingest.Record) error {
	for len(r.days) == 0 {
		if len(r.rows) == 0 {
			return io.EOF
		}
		r.row, r.rows = r.rows[0], r.rows[1:]
		if len(r.row.Problems) == 0 {
			if err := r.spread(); err != nil {
				return spend.Errorf(spend.KindInvalid, "spread a purchase", "line %d: %w", r.row.Line, err)
			}
		}
		if len(r.row.Problems) > 0 {
			*out = r.record(spend.Event{SourceKey: r.row.Purchase.ID})
			return nil
		}
	}
	*out = r.record(r.days[0])
	r.days = r.days[1:]
	return nil
}

// spread gives the purchase its days, or the problems of one that the ledger would
// not take: half a purchase is worse than none.
func (r *purchaseRun) spread() error {
	p := r.row.Purchase
	hold(&r.scope, &p.Owner)
	if p.Revision == 0 {
		p.Revision = r.revision
	}
	first, err := time.ParseInLocation(time.DateOnly, p.From.String(), r.zone)
	if err != nil {
		return err
	}
	most := r.part(&spend.Event{UsedAt: first, ReportedCurrency: p.Currency, Seller: p.Vendor, Account: p.Account})
	days, err := p.Events(r.zone, most)
	if err != nil {
		r.row.Problems = []spend.Problem{{Field: "amount", Msg: err.Error()}}
		return nil //nolint:nilerr // it is a problem of the purchase, and the others are booked
	}
	for i := range days {
		days[i].Source = r.source
		if r.row.Problems = ingest.Problems(&days[i], r.latest); len(r.row.Problems) > 0 {
			return nil
		}
	}
	r.days = days
	return nil
}

func (r *purchaseRun) record(e spend.Event) ingest.Record {
	e.Source = r.source
	return ingest.Record{Event: e, Revisions: spend.Partitioned, File: r.file, Line: r.row.Line, Digest: r.row.Hash, Problems: r.row.Problems}
}
