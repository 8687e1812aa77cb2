package board

import (
	"time"

	"github.com/bursarhq/bursar/market"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/variance"
)

// The questions that figures answer, by the names that cells give them.
const (
	AskTeams    = "teams"    // why spend changed, by team
	AskVendors  = "vendors"  // spend by seller
	AskOutcomes = "outcomes" // of the period
	AskEarlier  = "earlier"  // outcomes of the period before
	AskForecast = "forecast"
	AskLastYear = "lastyear" // why spend changed since a year before
	AskOwners   = "owners"   // what nobody answers for
	AskSources  = "sources"  // who tells usage
	AskTold     = "told"     // spend by source
	AskBills    = "bills"    // what vendors billed, by seller
	AskIndex    = "index"    // of list prices, by month
	AskUnit     = "unit"     // usage and its list prices, with the period before
	AskReported = "reported" // what vendors reported as cost, by seller
	AskModels   = "models"   // models of each workflow, by the outcomes of their runs
	AskReasons  = "reasons"  // why bills are not what was metered
	AskPlan     = "plan"     // what was planned, or budgets that serve as a plan
)

// Material is what a report is made of: the answers of its sources. A part that is nil
// has none, and Missing says why.
type Material struct {
	Period, Before Period
	Currency       money.Currency
	Zone           string
	AsOf           time.Time
	Demo           bool
	Sources        []Origin
	Missing        []Missing

	Teams     variance.Bill       // by team
	Totals    [2]spend.Totals     // of the period before and of this one
	Vendors   spend.Table         // cost by seller, with the period before
	Bills     *spend.Table        // cost that vendors billed, by seller
	Reported  *spend.Table        // cost that vendors reported, by seller, where they have not billed yet
	Reasons   map[string][]Reason // why what a vendor says is above the ledger, by seller
	Outcomes  [2]outcome.Table
	Equal     *outcome.Comparison // of models, by the outcomes of the period
	LastYear  *variance.Index     // of list prices, since the same period a year before
	Prices    *Prices             // by month
	Usage     [2]UsageCost        // of usage, of the period before and of this one
	Ahead     *Ahead
	Foretold  *Ahead // what was forecast of this period before it began
	Plan      []Planned
	Unowned   []Named
	Beyond    int // workflows that nobody answers for and Unowned leaves out
	Silent    []Silent
	Telling   bool // who tells usage is known
	Answering bool // who answers for workflows is known
}

// Ahead is what a forecast says of the sum of some days.
type Ahead struct {
	Period  Period
	Before  money.Amount // in as many days before
	Mean    money.Amount
	Low     money.Null // of the interval that holds 80 of 100 such sums
	High    money.Null
	Refused string     // why there is no interval
	Plan    money.Null // what is planned of everything in the same days
}

// Named is an amount under a name.
type Named struct {
	Name string
	Cost money.Null
}

// Silent is a source that tells no more what it used to tell.
type Silent struct {
	Source string
	Last   time.Time  // of its last usage
	Before money.Null // what it told of the period before
}

// Prices is how list prices moved by month, up to the month in which the period ends.
type Prices struct {
	Ours, Market, Newest []market.Point
	Families             []market.Family // product lines that were used, the costliest of the last month first
	Repriced             market.Repriced // the last month's usage, at its prices and at those of the first
	Currency             money.Currency  // of Repriced
	Models               int             // of the market basket
	Checked              time.Time       // its newest check
}

// UsageCost is what usage with a price cost, and would have by the list.
type UsageCost struct {
	Cost, List money.Null // without purchases; List is unknown where it is in another currency
	Tokens     money.Amount
	Prompt     money.Amount // tokens of it, cached ones included
	Cached     money.Amount // tokens of the prompt that were read from a cache
	Calls      int64
}

// Planned is what was meant to be spent in the period.
type Planned struct {
	Of     string // whose spend, "" for all
	Amount money.Amount
	Spent  money.Null
	By     string // what says so: "plan", "budget whole/month"
	Limit  bool   // a budget serves, since no plan says anything of the period
}
