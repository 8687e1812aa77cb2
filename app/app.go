package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/reconcile"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Config says where the data lies and whose accounts they are.
type Config struct {
	Data      string           // folder of the ledger
	Create    bool             // make the folder when it is missing
	Rules     string           // file of attribution rules, "" for none
	Channels  string           // file of channels for notices, "" for none
	Polls     Polls            // of vendors' usage and costs
	Zones     []string         // SELLER=ZONE, in which sellers count their days; see reconcile.NewZones
	Reporting money.Currency   // of a folder to which no organisation is applied; USD when empty
	Zone      *time.Location   // of views; the organisation's when nil, or UTC
	Now       func() time.Time // the ledger's clock, time.Now when nil
	Bulk      int              // lines that are committed together when many wait; 122,880 when 0
	Forecast  api.Maturity     // from when on forecasts count
	Public    string           // address that links begin with, "" for none
	Equal     outcome.Bar      // what it takes to call two models equal
	StaleDays int              // without a look at its source after which a price is stale; 90 when 0

	Lake    duck.Options
	Journal journal.Options
	Privacy Privacy
	Backups Backups
	// KeepJournal is how long a segment of the journal stays after its last record,
	// once it is booked and older than the newest verified backup.
	KeepJournal time.Duration
	LabelSets   int // sets of workflow, agent and model that metrics tell apart; 1,000 when 0

	Batch   int   // events that the service books in one transaction at most; 8,192 when 0
	Backlog int64 // events that may wait to be booked; 1,000,000 when 0
}

// Privacy says what is shown of people, and how many new names clients may bring.
type Privacy struct {
	PersonViews  bool // single persons are shown to those who may read them
	MinimumGroup int  // people that a group must have to be shown; 5 when 0
	NewLabels    int  // new label values that a credential may bring an hour; 1,000 when 0
	Retention    Retention
}

// rowGroup is the number of lines that DuckDB writes to its file at once.
const rowGroup = 122_880

// App is Bursar over one data folder.
type App struct {
	Config
	Lake  *duck.Lake // shadows the options of the same name, which opened it
	State *state.Store

	book   *pricebook.Book // as the folder's files say it
	zones  reconcile.Zones
	rules  *attribute.Rules // those of the operator's file
	people *directory
	order  atomic.Pointer[order]        // in force, replaced as a whole
	closed atomic.Pointer[spend.Period] // the last closed period, never nil

	buying sync.Mutex // over bought, and while purchases are booked
	bought int64      // revision of the last purchases without one of their own

	compared  atomic.Pointer[compared] // the last answer about costs that sources say
	comparing sync.Mutex               // one at a time

	exporting sync.Mutex // over exports, and while a vendor's export is booked
	exports   int64      // revision of the last one
}

// Open reads the price book and takes the data folder. It fails with kind
// notfound when there is no ledger yet, and with conflict when another process
// holds it.
func Open(c Config) (*App, error) {
	if c.Reporting == "" {
		c.Reporting = "USD"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.StaleDays == 0 {
		c.StaleDays = 90
	}
	if c.Bulk == 0 {
		c.Bulk = rowGroup
	}
	c.Privacy = c.Privacy.orDefaults()
	c.Forecast = matured(c.Forecast)
	a := &App{Config: c}
	var err error
	if a.zones, err = reconcile.NewZones(c.Zones); err != nil {
		return nil, err
	}
	if err = a.readFiles(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(c.Data, "lake.duckdb")); err != nil && !c.Create {
		return nil, spend.Errorf(spend.KindNotFound, "open ledger", "there is none in %s", c.Data).
			WithHint("import something first (bursar import --help), fill a demo (bursar demo), or name the folder with --data")
	}
	if a.Lake, err = duck.Open(c.Data, c.Lake); err != nil {
		return nil, err
	}
	if err := a.openState(context.Background()); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// readFiles reads prices and rules from their files.
func (a *App) readFiles() error {
	book, err := Prices(a.Data, time.Time{})
	if err != nil {
		return err
	}
	rules, err := readRules(a.Rules)
	if err != nil {
		return err
	}
	a.book, a.rules = book, rules
	return nil
}

// Book is the price book in force.
func (a *App) Book() *pricebook.Book { return a.order.Load().Book }

func (a *App) openState(ctx context.Context) (err error) {
	if a.State, err = state.OpenSQLite(ctx, filepath.Join(a.Data, "state.db"), a.Now); err != nil {
		return err
	}
	if a.people, err = openDirectory(ctx, a.State); err != nil {
		return err
	}
	if err := a.readClosed(ctx); err != nil {
		return err
	}
	return a.readOrder(ctx)
}

// Close releases the data folder.
func (a *App) Close() error {
	var err error
	if a.State != nil {
		err = a.State.Close()
	}
	return errors.Join(err, a.Lake.Close())
}

// Pipeline makes the way into the ledger and tells it what the ledger holds.
func (a *App) Pipeline(ctx context.Context) (*ingest.Pipeline, error) {
	rates, err := ratesOf(ctx, a.State)
	if err != nil {
		return nil, err
	}
	p := ingest.New(ingest.Config{
		Order: a.order.Load().Order, Ledger: a.Lake, Annex: a.Lake, Directory: a.people, Exchange: rates, Closed: a.ClosedThrough(), Now: a.Now, Bulk: a.Bulk,
	})
	if err := a.Lake.EachAttempt(ctx, p.Remember); err != nil {
		return nil, err
	}
	return p, a.Lake.EachOpened(ctx, p.RememberOpen)
}

func readRules(path string) (*attribute.Rules, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // no rules is a valid set that decides nothing
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unopened("read attribution rules", err)
	}
	rules, err := attribute.Read(f)
	return rules, errors.Join(inFile(path, err), f.Close())
}
