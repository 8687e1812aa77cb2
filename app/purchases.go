package app

import (
	"context"
	"io"
	"path/filepath"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
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
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return ingest.Result{}, err
	}
	result, err := a.bookPurchases(ctx, pipeline, &purchaseFile{reader: connect.OpenPurchases(in), name: filepath.Base(path)})
	if err != nil {
		return result, err
	}
	_, err = a.Lake.MaybeCheckpoint(ctx, a.Now())
	return result, err
}

// Purchase books purchases that a client tells.
func (s *Server) Purchase(ctx context.Context, who auth.Identity, all []purchase.Purchase) (ingest.Result, error) {
	return s.purchased(ctx, who, &purchaseList{all})
}

// purchased books purchases beside everything else that the server books.
func (s *Server) purchased(ctx context.Context, who auth.Identity, next purchases) (ingest.Result, error) {
	result, err := s.bookPurchases(ctx, s.Ingest.Pipeline, bounded{next, ownScope(who)})
	s.whenBooked(context.WithoutCancel(ctx), result)
	return result, err
}

// purchases gives purchases one by one, and io.EOF at the end.
type purchases interface {
	Next() (connect.PurchaseRecord, error)
}

func (a *App) bookPurchases(ctx context.Context, pipeline *ingest.Pipeline, next purchases) (ingest.Result, error) {
	run := &purchaseRun{app: a, next: next, revision: a.Now().UnixMicro()}
	if f, ok := next.(*purchaseFile); ok {
		run.file = f.name
	}
	im := ingest.Import{Pipeline: pipeline, Reader: run, Complete: a.Lake}
	return im.Run(ctx)
}

// purchaseFile is a file of purchases with its name.
type purchaseFile struct {
	reader *connect.PurchaseReader
	name   string
}

func (f *purchaseFile) Next() (connect.PurchaseRecord, error) { return f.reader.Next() }

// purchaseList is a list of sound purchases.
type purchaseList struct{ rest []purchase.Purchase }

func (l *purchaseList) Next() (connect.PurchaseRecord, error) {
	if len(l.rest) == 0 {
		return connect.PurchaseRecord{}, io.EOF
	}
	next := l.rest[0]
	l.rest = l.rest[1:]
	return connect.PurchaseRecord{Purchase: next}, nil
}

// bounded puts the scope of a credential over what purchases say of their owner.
type bounded struct {
	purchases
	scope spend.Scope
}

func (b bounded) Next() (connect.PurchaseRecord, error) {
	rec, err := b.purchases.Next()
	hold(&b.scope, &rec.Purchase.Owner)
	return rec, err
}

// purchaseRun hands the days of purchases to the pipeline.
type purchaseRun struct {
	app      *App
	next     purchases
	file     string
	revision int64
	rec      connect.PurchaseRecord
	days     []spend.Event // of rec, those that are left
}

// Next gives the next day, or a row that is no purchase with its problems.
func (r *purchaseRun) Next(out *ingest.Record) error {
	for len(r.days) == 0 {
		rec, err := r.next.Next()
		if err != nil {
			return err
		}
		r.rec = rec
		if len(rec.Problems) > 0 {
			*out = r.record(spend.Event{Source: purchase.Source, SourceKey: rec.Purchase.ID})
			return nil
		}
		if r.rec.Purchase.Revision == 0 {
			r.rec.Purchase.Revision = r.revision
		}
		if r.days, err = r.rec.Purchase.Events(r.app.Zone); err != nil {
			return spend.Errorf(spend.KindInvalid, "spread a purchase", "line %d: %w", rec.Line, err)
		}
	}
	*out = r.record(r.days[0])
	r.days = r.days[1:]
	return nil
}

func (r *purchaseRun) record(e spend.Event) ingest.Record {
	return ingest.Record{Event: e, Revisions: spend.Partitioned, File: r.file, Line: r.rec.Line, Digest: r.rec.Hash, Problems: r.rec.Problems}
}
