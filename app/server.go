package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/budget"
	"github.com/bursarhq/bursar/courier"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Server is Bursar as a service over one data folder: what it accepts is in the
// journal before it says so, and is booked behind it.
type Server struct {
	*App
	Journal *journal.Journal
	Ingest  *ingest.Service
	Live    *api.Live // what open pages show at once
	Budgets *budget.Engine

	log       *slog.Logger
	local     auth.Secret  // the credential of this very process, in no store
	booked    atomic.Int64 // microseconds of the last batch that nothing waited behind
	total     counters
	repeats   repeats
	metrics   metrics
	access    accessFile
	passed    gateway.Counts  // calls to models
	passing   gateway.Running // those of them that are under way
	stalls    gateway.Stalls  // of the journal
	calling   atomic.Pointer[gateway.Gateway]
	heard     otlp.Counts // of telemetry
	receiving atomic.Pointer[otlp.Receiver]
	noting    sync.Mutex                    // one at a time opens notes
	notes     *journal.Journal              // of what counters told, nil before telemetry is taken
	untelling sync.Mutex                    // one at a time books what counters alone tell
	figures   atomic.Pointer[journal.Stats] // of the journal, the newest

	couriers   atomic.Pointer[courier.Book]
	unsealed   atomic.Pointer[map[string]unsealed] // the vendors' keys that are kept, by name
	sealing    sync.Mutex                          // one at a time changes them, and opens them anew
	miscounted atomic.Bool                         // the budgets could not be counted anew
	recounting sync.Mutex                          // one at a time counts them
	tracing    sync.Mutex                          // over traced
	traced     *courses                            // the last answer about how budgets are used up
	fresh      atomic.Pointer[budget.Engine]       // that is to take the place of Budgets, nil for none

	pulse      *pulse                         // what was booked in the last minute
	trouble    chan error                     // why the engines must be opened anew
	backing    sync.Mutex                     // one backup at a time
	rates      atomic.Pointer[exchange.Rates] // those that convert
	exchanging sync.Mutex                     // one at a time puts exchange rates in force
	applying   sync.Mutex                     // and one puts documents in force
	audits     audits                         // of the ledger's laws
	asked      ahead                          // of what pages open with
	noted      string                         // which comparison of costs is written down
	simulated  bool                           // the ledger holds a simulated company's calls
}

// OpenServer opens lake, state and journal of a data folder, in this order, and
// books what an earlier server had accepted and not booked.
func OpenServer(ctx context.Context, c Config, log *slog.Logger) (*Server, error) {
	opened := lap{log, time.Now()}
	a, err := Open(c) //nolint:contextcheck // opening a folder is not cut short
	if err != nil {
		return nil, err
	}
	s := &Server{App: a, Live: api.NewLive(), log: log, local: auth.NewSecret(auth.NewPrincipal()), pulse: newPulse(), trouble: make(chan error, 1)}
	s.audits.few, s.asked.few = fewLines, fewAhead
	s.metrics = s.newMetrics()
	opened.done("lake and state")
	if err := s.open(ctx, &opened); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// lap logs how long each part took to open.
type lap struct {
	log  *slog.Logger
	last time.Time
}

func (l *lap) done(part string) {
	l.log.Info("opened", "part", part, "seconds", time.Since(l.last).Seconds())
	l.last = time.Now()
}

func (s *Server) open(ctx context.Context, opened *lap) (err error) {
	channels, err := readChannels(s.Channels)
	if err != nil {
		return err
	}
	s.couriers.Store(channels)
	if _, err := readAccounts(s.Polls.Accounts); err != nil { // said now, not in an hour
		return err
	}
	options := s.Config.Journal
	options.Took = func(d time.Duration) { s.metrics.syncs.Observe(d.Seconds()) }
	if s.Journal, err = journal.Open(s.Data, options); err != nil {
		return err
	}
	opened.done("journal")
	if s.simulated, err = lake.Tells(ctx, s.Lake, demoSource); err != nil {
		return err
	}
	pipeline, err := s.Pipeline(ctx)
	if err != nil {
		return err
	}
	opened.done("keys of the ledger")
	s.rates.Store(pipeline.Exchange)
	booked, _, err := s.Lake.FileOffset(ctx, ingest.OffsetSource, "")
	if err != nil {
		return err
	}
	labels, err := s.labels(ctx)
	if err != nil {
		return err
	}
	s.Ingest = &ingest.Service{
		Log: journalLog{s.Journal}, Pipeline: pipeline, From: uint64(booked.Bytes),
		Booked:  func(so ingest.Result) { s.whenBooked(context.WithoutCancel(ctx), so) },
		Backlog: s.Config.Backlog, Batch: s.Config.Batch, Labels: labels,
	}
	if err := s.Redefine(ctx); err != nil { // a set that nobody can mend without a server
		s.log.Error("outcomes count without definitions", "error", err)
	}
	if err := s.order.Load().unread; err != nil {
		s.log.Error("a document that is applied cannot be read, and holds no longer", "error", err)
	}
	err = s.Ingest.CatchUp(ctx)
	opened.done("what was accepted and not booked")
	if err != nil {
		return err
	}
	pipeline.Repeated = s.repeats.add // what is read once more after a kill has not come again
	interrupted, err := s.Ingest.Interrupt(ctx, s.Lake, gateway.Source)
	if interrupted > 0 {
		s.log.Warn("calls were interrupted by the end of the server before; what they cost is not known", "calls", interrupted)
	}
	if err != nil {
		return err
	}
	err = s.openBudgets(ctx)
	opened.done("budgets")
	return err
}

// tokenFile holds the first admin token, for its owner alone.
const tokenFile = "admin-token"

// FirstToken makes an admin token when there was none yet and writes it to a file that
// only its owner reads. Keys may have been made before the first start.
func (s *Server) FirstToken(ctx context.Context) error {
	path := filepath.Join(s.Data, tokenFile)
	return s.State.Write(ctx, func(tx *state.Tx) error {
		tokens, err := tx.Tokens(ctx)
		if err != nil || slices.ContainsFunc(tokens, isAdmin) {
			return err
		}
		secret, row, err := auth.FirstAdmin(tx.Now())
		if err != nil {
			return err
		}
		if err := auth.KeepToken(ctx, tx, auth.System(), row); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(secret.Reveal()+"\n"), 0o600); err != nil {
			return spend.Errorf(spend.KindUnavailable, "write the first admin token", "%w", err)
		}
		s.log.Info("the first admin token is in a file", "path", path)
		return nil
	})
}

func isAdmin(t state.Token) bool { return t.Kind == string(auth.AdminToken) }

// Run books what the journal holds, and does the chores, until the context ends or
// the folder must be opened anew.
func (s *Server) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := s.keepHouse(ctx)
	defer stop()
	booking := begin(func() {}, func() error { return s.Ingest.Run(ctx) })
	select {
	case err := <-booking:
		return err
	case err := <-s.trouble:
		cancel()
		return errors.Join(err, <-booking)
	}
}

// whenBooked tells open pages, and folds the lake's log into its file when that
// is due.
func (s *Server) whenBooked(ctx context.Context, so ingest.Result) {
	s.booked.Store(s.Now().UnixMicro())
	s.total.add(so)
	if err := s.Live.Publish(api.Message{Topic: "booked", Data: []byte("{}")}); err != nil {
		s.log.Error("publish", "error", err)
	}
	if err := s.checkpoint(ctx); err != nil {
		s.log.Error("checkpoint", "error", err) // booking goes on in the log
	}
}

// rollDays keeps the roll-up of the organisation's days near what is booked.
func (s *Server) rollDays(ctx context.Context) error {
	return s.Lake.RollDays(ctx, s.View().Location())
}

// checkpoint folds the lake's log into its file when that is due. An engine whose
// disk was full in the midst of it answers nothing more.
func (s *Server) checkpoint(ctx context.Context) error {
	err := s.Ingest.Pipeline.Pause(ctx, func() error {
		_, err := s.Lake.MaybeCheckpoint(ctx, s.Now())
		return err
	})
	if diskFull(err) {
		select {
		case s.trouble <- err:
		default: // it is known
		}
	}
	return err
}

// Ready says why nothing can be accepted, nil when it can.
func (s *Server) Ready() error {
	if err := s.stall(); err != nil {
		return err
	}
	return errors.Join(s.Journal.Ready(), s.Ingest.Ready())
}

// Close closes the parts in reverse and logs how long each took.
func (s *Server) Close() error {
	var errs []error
	for _, part := range []struct {
		name  string
		open  bool
		close func() error
	}{
		{"access log", s.access.open(), func() error { return s.access.swap(nil) }},
		{"notes of counters", s.notes != nil, func() error { return s.notes.Close() }},
		{"journal", s.Journal != nil, func() error { return s.Journal.Close() }},
		{"state", true, s.State.Close},
		{"lake", true, s.Lake.Close},
	} {
		if !part.open {
			continue
		}
		start := time.Now()
		errs = append(errs, part.close())
		s.log.Info("closed", "part", part.name, "seconds", time.Since(start).Seconds())
	}
	return errors.Join(errs...)
}

// Standing says how current and how final the ledger is.
func (s *Server) Standing(ctx context.Context, q *spend.Query) (api.Standing, error) {
	newest, err := lake.Newest(ctx, s.Lake)
	if err != nil {
		return api.Standing{}, err
	}
	standing := api.Standing{LastEventAt: newest, FinalThrough: s.ClosedThrough(), Demo: s.simulated}
	if s.Ingest.Waiting() == 0 {
		standing.CompleteThrough = s.Now()
	} else if at := s.booked.Load(); at > 0 {
		standing.CompleteThrough = time.UnixMicro(at).UTC()
	}
	standing.Rates, err = s.exchanged(ctx, q)
	return standing, err
}
