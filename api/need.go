package api

import (
	"context"
	"io"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// Admitter finds out who presents a credential. The errors are the store's alone.
type Admitter interface {
	// Token admits the holder of a token and notes its day of use.
	Token(ctx context.Context, presented auth.Secret) (auth.Admission, error)
	// Session admits whoever holds the value of a session cookie.
	Session(ctx context.Context, presented auth.Secret) (auth.Admission, error)
}

// Sessions keeps the sessions of the page. Each opening is noted in the audit
// trail in its own transaction.
type Sessions interface {
	// OpenSession exchanges a token for the value of a cookie, or says why not.
	OpenSession(ctx context.Context, presented auth.Secret, lifetime time.Duration) (auth.Secret, auth.Admission, error)
	// EndSession forgets the session of a cookie's value, if there is one.
	EndSession(ctx context.Context, presented auth.Secret) error
}

// Acceptor makes events safe.
type Acceptor interface {
	// Accept reads one CloudEvent of usage or a JSON array of them and returns when all that
	// it accepts is synced to the journal. The scope of the identity bounds what
	// the events may say.
	Accept(ctx context.Context, who auth.Identity, batch []byte) (Receipt, error)
	// AcceptOutcomes does the same for business results.
	AcceptOutcomes(ctx context.Context, who auth.Identity, batch []byte) (Receipt, error)
}

// Receipt says what became of the events of one request. What was rejected is
// kept in the quarantine.
type Receipt struct {
	Accepted int       `json:"accepted"` // on disk; what was there before has its effect once
	Rejected []Refusal `json:"rejected"`
	Capped   int       `json:"capped,omitempty"` // label values booked as "(capped)": too many new ones
	Hint     string    `json:"hint,omitempty"`   // what to do about them
}

// Refusal is one event that cannot be booked, with every reason.
type Refusal struct {
	Index    int             `json:"index"`  // in the batch, from 0
	Digest   string          `json:"digest"` // its name in the quarantine
	Problems []spend.Problem `json:"problems"`
}

// Importer books files of usage, and purchases. The scope of the identity bounds
// what they may say.
type Importer interface {
	// Import books a file as it is read.
	Import(ctx context.Context, who auth.Identity, order *ImportOrder, file io.Reader) (ingest.Result, error)
	// Purchase spreads purchases over their days; one that was told before is
	// replaced.
	Purchase(ctx context.Context, who auth.Identity, all []purchase.Purchase) (ingest.Result, error)
	// Logs says how far the logs of a coding agent have been imported.
	Logs(ctx context.Context, who auth.Identity, program string) (LogStanding, error)
}

// Quarantine keeps the records that could not be booked.
type Quarantine interface {
	// Quarantined lists records, the newest first.
	Quarantined(ctx context.Context, l lake.Listing) ([]lake.Rejected, error)
	// Rejected gives every record with a digest.
	Rejected(ctx context.Context, digest spend.ID) ([]lake.Rejected, error)
	// Resolutions gives the tries of the records with a digest, oldest first.
	Resolutions(ctx context.Context, digest spend.ID) ([]lake.Resolution, error)
	// Retry books the open records with a digest anew and says how each went.
	Retry(ctx context.Context, digest spend.ID, by string) ([]lake.Resolution, error)
}

// Asker answers questions to the ledger.
type Asker interface {
	// Answer gives the table of a question, its currency included.
	Answer(ctx context.Context, q *spend.Query) (spend.Table, error)
	// Standing says how current and how final the ledger is in the question's window.
	Standing(ctx context.Context, q *spend.Query) (Standing, error)
}

// Outcomes sets results against spend.
type Outcomes interface {
	// Outcomes gives the table of a question by workflow, its currency included.
	Outcomes(ctx context.Context, q *spend.Query) (outcome.Table, error)
	// EqualModels compares the models of each workflow by the outcomes of their runs.
	EqualModels(ctx context.Context, q *spend.Query) (outcome.Comparison, error)
}

// Standing is what a reader must know beside the figures. Zero times mean that
// there is nothing yet.
type Standing struct {
	CompleteThrough time.Time    // every source has told everything before
	LastEventAt     time.Time    // of the newest event in the ledger
	FinalThrough    spend.Period // the last closed period, "" for none
	Restated        *Restatement // what was booked into the window after it was final
	Rates           *Rates       // of exchange, nil when everything is in one currency
	Demo            bool         // the figures are of a simulated company
}

// Restatement is the net of the corrections to a window that was final before.
type Restatement struct {
	Amount money.Amount `json:"amount"`
	At     time.Time    `json:"at"` // of the last of them
}

// Rates says by which exchange rates the lines of a question were converted.
type Rates struct {
	Basis string    `json:"basis"` // "day of use": each line by the rate of its own day
	AsOf  time.Time `json:"as_of"` // start of the newest day up to the window's end of which a rate is known
}

// Tokens keeps tokens. Each change is noted in the audit trail in its own
// transaction.
type Tokens interface {
	// Tokens lists every token, ended ones too, oldest first.
	Tokens(ctx context.Context) ([]auth.TokenRow, error)
	// Issue makes a token and keeps it; the secret is in no store.
	Issue(ctx context.Context, by auth.Identity, r auth.TokenRequest) (auth.Secret, auth.TokenRow, error)
	// Rotate makes a token like another, which ends after an overlap. The error is of
	// kind notfound when none with the prefix is in force.
	Rotate(ctx context.Context, by auth.Identity, r auth.Rotation) (auth.Secret, auth.TokenRow, error)
	// Revoke ends a token, false when there is none or it has ended before.
	Revoke(ctx context.Context, by auth.Identity, prefix string) (bool, error)
}

// People keeps who principal ids stand for. Each change is noted in the audit
// trail in its own transaction.
type People interface {
	// People lists up to limit people with their roles, erased ones too, oldest
	// first, behind a principal id. The error is of kind invalid when nobody has it.
	People(ctx context.Context, after string, limit int) ([]Person, error)
	// FindPerson gives the person of a principal id, or of what a source calls
	// them. The error is of kind notfound when there is none.
	FindPerson(ctx context.Context, who string) (Person, error)
	// KeepPerson adds a person, or says more of the one whose external id is among
	// those given. The error is of kind conflict when they are of several people.
	KeepPerson(ctx context.Context, by auth.Identity, r auth.PersonRequest) (KeptPerson, error)
	// ErasePerson forgets who somebody was and gives the principal id, which stays.
	// The error is of kind notfound when there is nobody to forget.
	ErasePerson(ctx context.Context, by auth.Identity, who string) (string, error)
}

// Roles tells the roles of people, gives them and takes them, each change noted in the audit trail in its
// own transaction.
type Roles interface {
	// Given lists every role of a person, by person and role.
	Given(ctx context.Context) ([]auth.PersonGrant, error)
	// GiveRole gives a role; one that the person has already changes nothing.
	GiveRole(ctx context.Context, by auth.Identity, to auth.PersonGrant) error
	// TakeRole takes a role. The error is of kind notfound when the person does not
	// have it.
	TakeRole(ctx context.Context, by auth.Identity, from auth.PersonGrant) error
}

// Prices tells what prices are in force, and their history.
type Prices interface {
	// History lists every price of a seller's model, none when it is unknown.
	History(ctx context.Context, seller, model string) ([]pricebook.Row, error)
	// Offers finds models in the book that is in force.
	Offers(ctx context.Context, s pricebook.Search) ([]pricebook.Offer, error)
	// TakePrices adds a file of prices to the book, all or none; dry it only says what
	// that would change. The error is of kind conflict when another book is in force than
	// was meant. The change is noted in the audit trail.
	TakePrices(ctx context.Context, by auth.Identity, o PriceOrder) (PriceImport, error)
	// RestatePrices prices a window anew by the book in force and books what changes;
	// dry it only says so. The order is noted in the audit trail.
	RestatePrices(ctx context.Context, by auth.Identity, r RepricePast) (PastPrices, error)
}

// Policies keeps declarative documents and what they declare in force. Each that
// changes is noted in the audit trail in the same transaction.
type Policies interface {
	// Apply puts documents in force over those that are, all or none, and says what
	// that changes; dry it only says so. The error is of kind conflict when a change
	// is refused, or when something else is in force than was meant.
	Apply(ctx context.Context, by auth.Identity, d Declaration) (Application, error)
	// Applied lists what is in force by name.
	Applied(ctx context.Context) ([]AppliedDocument, error)
}

// Declaration is what is to be put in force.
type Declaration struct {
	Documents []policy.Document
	Dry       bool   // it is only tried
	Over      string // Application.Over of what it was tried over, "" for anything
}

// AppliedDocument is a document that is in force.
type AppliedDocument struct {
	Name string    `json:"name"` // "organisation", "outcomes/support"
	Text string    `json:"text"` // as it was written
	At   time.Time `json:"applied_at"`
	By   string    `json:"applied_by"` // as the audit trail names who did it
}

// Register keeps what people say of applications, workflows and agents. Each change
// is noted in the audit trail in the same transaction.
type Register interface {
	// Registered lists entries, the largest amount first.
	Registered(ctx context.Context, q RegisterQuestion) (Registered, error)
	// RegisteredOne gives the entry of a name. The error is of kind notfound when
	// nobody knows it.
	RegisteredOne(ctx context.Context, q RegisterQuestion) (RegisteredOne, error)
	// Touched completes the kind of a change, and gives the scope of every team that
	// it is about, an empty one of what is nobody's; of what is nobody's and claimed
	// those in which it is used.
	Touched(ctx context.Context, c register.Change) (register.Change, []spend.Scope, error)
	// ChangeRegister does an act and says what that changes; dry it only says so.
	ChangeRegister(ctx context.Context, by auth.Identity, c register.Change, dry bool) ([]organisation.Change, error)
}

// Attribution looks at how the past is attributed, and attributes it anew.
type Attribution interface {
	// Preview says what it would change to attribute a window anew. Nothing is kept.
	Preview(ctx context.Context, by auth.Identity, p Proposal) (ingest.Moves, error)
	// Restate attributes a window anew by what is in force and books what changes.
	// The order is noted in the audit trail.
	Restate(ctx context.Context, by auth.Identity, w lake.Window) (ingest.Reattribution, error)
	// Explain says how the call of a record comes to its scope. The error is of kind
	// notfound without one, and conflict when there are several.
	Explain(ctx context.Context, record string) (ingest.Explained, error)
	// Coverage says how much is attributed, with at most so many suggestions.
	Coverage(ctx context.Context, q *spend.Query, most int) (report.Coverage, error)
}

// Exchange keeps exchange rates.
type Exchange interface {
	// Rates lists facts by day, the newest first.
	Rates(ctx context.Context, l RateList) ([]exchange.Rate, error)
	// AddRates keeps facts, all or none, converts with them from now on, and books
	// anew what had no rate. The change is noted in the audit trail.
	AddRates(ctx context.Context, by auth.Identity, rates []exchange.Rate) (RateChange, error)
	// InForce are all facts that convert, nil while there is none.
	InForce() *exchange.Rates
}

// Periods closes finance months.
type Periods interface {
	// ClosedPeriods lists those that were closed, the last one first.
	ClosedPeriods(ctx context.Context) ([]ClosedPeriod, error)
	// ClosePeriod closes one that is over, and all before it, for ever, and notes it in the
	// audit trail. The error is of kind conflict when it is not over, or is closed.
	ClosePeriod(ctx context.Context, by auth.Identity, p spend.Period) error
}

// RateList says which exchange rates to list.
type RateList struct {
	From, To  money.Currency // "" for any
	BeforeDay exchange.Day   // and BeforeID: the last of the page before; 0 for the first page
	BeforeID  string
	Limit     int
}

// Upkeep looks after the data folder.
type Upkeep interface {
	// MakeBackup makes a backup where backups are kept and reads it back; who asked
	// is noted in the audit trail first. The error is of kind invalid when there is no
	// place for it, and conflict while another one is being made.
	MakeBackup(ctx context.Context, by auth.Identity) (backup.Note, error)
	// Backups lists the verified ones, oldest first.
	Backups(ctx context.Context) ([]backup.Note, error)
	// Doctor checks what must hold and what needs a person.
	Doctor(ctx context.Context, now time.Time) ([]Finding, error)
}

// Memory keeps the answers to requests that may be sent twice, for at least a day.
type Memory interface {
	// Recall gives the answer that the same request got before, false when the key
	// is new. The error is of kind conflict when the key belongs to another request.
	Recall(ctx context.Context, r Request) (answer string, found bool, err error)
	// Remember keeps an answer; it holds no secret.
	Remember(ctx context.Context, r Request, answer string) error
}

// Request names a request that its client may send twice.
type Request struct {
	Scope  string // the route, with who asks
	Key    string // the client's, 1 to 256 bytes
	Digest string // SHA-256 of what was asked, hexadecimal
}

// Audit keeps who read what only few may read.
type Audit interface {
	// Note adds an entry to the trail.
	Note(ctx context.Context, n auth.Note) error
	// Entries gives up to limit entries below a number, the newest first.
	Entries(ctx context.Context, before int64, limit int) ([]auth.Entry, error)
	// Verify walks the trail from its start.
	Verify(ctx context.Context) (auth.Check, error)
}
