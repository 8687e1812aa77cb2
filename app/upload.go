package app

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Import books a file that is sent to the server, beside everything else that it
// books. It is idempotent: an interrupted one is sent again from its start.
func (s *Server) Import(ctx context.Context, who auth.Identity, order *api.ImportOrder, file io.Reader) (ingest.Result, error) {
	if slices.Contains(vendor.Vendors(), order.Format) {
		return s.exported(ctx, who, order, file)
	}
	switch order.Format {
	case "purchases":
		rows, err := rowsOf(file)
		if err != nil {
			return ingest.Result{}, err
		}
		return s.purchased(ctx, who, &purchaseRun{rows: rows, file: filepath.Base(order.Name)})
	case "outcomes":
		return s.importOutcomes(ctx, who, order, file)
	case "logs":
		return s.importLogs(ctx, who, order, file)
	}
	f := File{Path: filepath.Base(order.Name), Seller: order.Seller, Scope: ownScope(who), Options: connect.Options{
		Source: order.Source, Origin: order.Origin, Revision: order.Revision,
	}}
	var err error
	if p, known := history.Named(order.Format); known {
		f.History = &p
	} else if f.Mapping, err = mappingOf(order); err != nil {
		return ingest.Result{}, err
	}
	if f.Options.Revision == 0 {
		f.Options.Revision = s.Now().UnixMicro()
	}
	result, err := s.run(ctx, s.Ingest.Pipeline, &fileRun{file: f, app: s.App, in: file, prefix: f.newPrefix()})
	s.whenBooked(context.WithoutCancel(ctx), result)
	return result, err
}

// mappingOf reads the mapping of an order, nil for events. A mapping never
// names a file of the server.
func mappingOf(order *api.ImportOrder) (*connect.Mapping, error) {
	if order.Format == "events" {
		return nil, nil //nolint:nilnil // events bring their own words
	}
	read := func() (*connect.Mapping, error) { return connect.ParseMapping([]byte(order.Mapping)) }
	if slices.Contains(connect.Builtins(), order.Mapping) {
		read = func() (*connect.Mapping, error) { return connect.LoadMapping(order.Mapping) }
	}
	mapping, err := read()
	if err == nil && string(mapping.Format) != order.Format {
		err = spend.Errorf(spend.KindInvalid, "import", "mapping %s reads %s files, not %.20q", mapping.Name, mapping.Format, order.Format).
			WithHint("csv, jsonl, events, purchases, outcomes, as the mapping says, a vendor's export, or one of %s", strings.Join(history.Names(), ", "))
	}
	return mapping, err
}
