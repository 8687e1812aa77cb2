package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// ImportExport books what a vendor exports: usage and costs in the book reported, a bill
// in the book invoiced. It is complete for the days, or months, that it names: what an
// earlier one said of them is replaced.
func (a *App) ImportExport(ctx context.Context, path string, o vendor.Options) (ingest.Result, error) {
	in, _, err := openFile(path)
	if err != nil {
		return ingest.Result{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return ingest.Result{}, err
	}
	result, err := a.bookExport(ctx, pipeline, &exportRun{in: in, file: filepath.Base(path), options: o})
	if err != nil {
		return result, err
	}
	_, err = a.Lake.MaybeCheckpoint(ctx, a.Now())
	return result, err
}

// exported books an export that is sent to the server.
func (s *Server) exported(ctx context.Context, who auth.Identity, order *api.ImportOrder, file io.Reader) (ingest.Result, error) {
	o, err := ExportOptions(order)
	if err != nil {
		return ingest.Result{}, err
	}
	result, err := s.bookExport(ctx, s.Ingest.Pipeline, &exportRun{in: file, file: filepath.Base(order.Name), options: o, scope: ownScope(who)})
	s.whenBooked(context.WithoutCancel(ctx), result)
	return result, err
}

// ExportOptions reads what an order says of a vendor's export, with all its mistakes.
func ExportOptions(order *api.ImportOrder) (vendor.Options, error) {
	o := vendor.Options{Vendor: order.Format, Account: order.Account, Zone: time.UTC}
	unit, errUnit := vendor.ParseUnit(order.Unit)
	o.Unit = unit
	var errZone, errAccount error
	if strings.Contains(o.Account, "@") {
		errAccount = spend.Errorf(spend.KindInvalid, "read the account", "it is the address of a person").WithHint("give a name or an id of the account")
	}
	if order.Zone != "" {
		if o.Zone, errZone = time.LoadLocation(order.Zone); errZone != nil {
			errZone = spend.Errorf(spend.KindInvalid, "read the zone", "%.60q is not known", order.Zone).WithHint("a name like Europe/Vienna, or UTC")
		}
	}
	return o, errors.Join(errUnit, errZone, errAccount)
}

// exportRun is one export on its way into the ledger.
type exportRun struct {
	in       io.Reader
	file     string // base name
	options  vendor.Options
	scope    spend.Scope // of a credential, put over what the export says
	revision int64
	part     func(*spend.Event) int64 // how much of an amount one line takes
	asked    span                     // days that a vendor was asked for, none of a file
	parts    []part                   // of which it has told before

	export *vendor.Export
	left   []*vendor.Line // of it, that the pipeline was not given
	said   *ingest.Export
}

// bookExport reads a file to its end, so that one that breaks off books nothing, checks
// its units, and lets one run after the other book.
func (a *App) bookExport(ctx context.Context, pipeline *ingest.Pipeline, run *exportRun) (ingest.Result, error) {
	var err error
	run.options.Zone, run.options.Zones = cmp.Or(run.options.Zone, time.UTC), a.zones.Of
	if run.export, err = vendor.Read(run.in, run.options); err != nil {
		return ingest.Result{}, err
	}
	for i := range run.export.Lines {
		e := &run.export.Lines[i].Event
		e.Source = spokenFor(e.Source, run.scope)
	}
	run.describe()
	if err := a.checkExport(run); err != nil {
		return ingest.Result{}, err
	}
	a.exporting.Lock()
	defer a.exporting.Unlock()
	a.exports = max(a.exports+1, a.Now().UnixMicro())
	run.revision, run.part = a.exports, pipeline.Part
	if err := a.chooseBases(ctx, run); err != nil {
		return ingest.Result{}, err
	}
	if err := a.weigh(ctx, run); err != nil {
		return ingest.Result{}, err
	}
	run.total(a.Now())
	im := ingest.Import{Pipeline: pipeline, Reader: run, Complete: a.Lake, Whole: emptied(run.export.Lines, run.parts, run.asked)}
	result, err := im.Run(ctx)
	result.Export = run.said
	return result, err
}

// Next gives the next line.
func (r *exportRun) Next(out *ingest.Record) error {
	if len(r.left) == 0 {
		return io.EOF
	}
	l := r.left[0]
	r.left = r.left[1:]
	l.Event.Revision = r.revision
	hold(&r.scope, &l.Event.Scope)
	*out = ingest.Record{
		Event: l.Event, Revisions: spend.Partitioned, File: r.file, Line: l.Row, Digest: l.Hash, Problems: l.Problems,
		Bound: !r.scope.Equal(&spend.Scope{}),
	}
	return nil
}

// chooseBases keeps days out that are booked by a finer splitting: two exports of one
// day are never summed.
func (a *App) chooseBases(ctx context.Context, run *exportRun) error {
	kept := map[string]string{} // the splitting that stays, by partition
	asked := map[string]bool{}
	for i := range run.export.Lines {
		l := &run.export.Lines[i]
		if part := l.Event.Partition; len(l.Problems) == 0 && !asked[part] {
			asked[part] = true
			by, err := a.splitBy(ctx, l.Event.Source, part)
			if err != nil {
				return err
			}
			if mine := l.Event.Scope.Tags[vendor.Grouping]; by != "" && by != mine && vendor.Finer(by, mine) {
				kept[part] = by
				run.note("%s stays as it is booked, by %s: this export splits it by %s, and one day is not counted twice", l.Day, by, mine)
			}
		}
	}
	for i := range run.export.Lines {
		if l := &run.export.Lines[i]; kept[l.Event.Partition] == "" {
			run.left = append(run.left, l.Divided(run.part(&l.Event))...)
		}
	}
	return nil
}

// errFound ends a look-up at the first line.
var errFound = errors.New("found")

// splitBy says by what a partition that is booked is split, "" when none is.
func (a *App) splitBy(ctx context.Context, source, partition string) (string, error) {
	var first spend.ID
	err := a.Lake.Partition(ctx, source, partition, func(h lake.Head) error {
		first = h.Attempt
		return errFound
	})
	if err != nil && !errors.Is(err, errFound) || first.IsZero() {
		return "", err
	}
	lines, err := a.Lake.Lines(ctx, []spend.ID{first})
	if err != nil || len(lines) == 0 {
		return "", err
	}
	return lines[0].Scope.Tags[vendor.Grouping], nil
}
