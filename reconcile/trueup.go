package reconcile

import (
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Source is what true-ups are booked under. A reconciliation leaves their lines out of what
// was metered, so that it says the same before and after they are booked.
const Source = "true-ups"

// ReasonTag is the tag of a true-up that names its reason.
const ReasonTag = "true_up"

// mostOfALine keeps the amount of a line below what the ledger takes of one.
const mostOfALine = 900_000

// mostOfAName keeps a name within what a label holds.
const mostOfAName = 300

// basisTag is the tag of a true-up to what is reported, which a bill replaces.
const basisTag = "basis"

// TrueUp asks to make lines of what bills of a month say otherwise.
type TrueUp struct {
	Period   spend.Period
	Owner    string // team that answers for money of nobody, or of several teams
	Reported bool   // accounts that have no bill are brought to what is reported

	Zone func(seller string) *time.Location // in which a vendor counts its days; UTC when nil
}

// takes says that an account is to be trued up.
func (o TrueUp) takes(b *Bill) bool {
	return b.Basis == spend.Invoiced || b.Basis == spend.Reported && o.Reported
}

// Due is what an account is trued up by: billed less metered.
type Due struct {
	Seller   string         `json:"seller"`
	Account  string         `json:"account"`
	Currency money.Currency `json:"currency"`
	Basis    spend.Book     `json:"basis"` // the book that it is brought to
	Bill     string         `json:"bill"`  // the bill's id: who it came from, account and month; "" of what is reported
	Metered  money.Amount   `json:"metered"`
	Reported money.Amount   `json:"reported"`
	Invoiced money.Amount   `json:"invoiced"`
	Amount   money.Amount   `json:"amount"` // billed − metered, the sum of its lines
	Late     money.Amount   `json:"late"`   // metered on days that the vendor does not report yet: left as it is, and not in metered
	Reasons  []Part         `json:"reasons"`
	Lines    int            `json:"lines"`
}

// TrueUps gives the lines that bring what was metered of each account that has a bill to
// what is invoiced, one for each row and reason, with the team that answers for it. Money
// of nobody, or of several teams, is the order's owner's. An account without a bill is
// brought to what is reported where that is asked for, up to the last day that is. What was
// metered of an account in a currency that no rate converts into the bill's is refused: the
// bill would be booked on top of it.
//
// Example: 100 USD metered, a coverage gap of 20, a contract term of −9 and 1.005 unknown
// are three lines that sum to 12.005; with the 100 they are the 112.005 of the bill.
func (a *Answer) TrueUps(o TrueUp) (due []Due, lines []spend.Event, err error) {
	if err := a.unrated(o); err != nil {
		return nil, nil, err
	}
	unowned := 0
	for i := range a.Bills {
		b := &a.Bills[i]
		if !o.takes(b) {
			continue
		}
		d, made, err := a.due(o, b)
		if err != nil {
			return nil, nil, err
		}
		for k := range made {
			if made[k].Scope.Team == "" {
				unowned++
			}
		}
		due, lines = append(due, d), append(lines, made...)
	}
	if unowned > 0 {
		return nil, nil, spend.Errorf(spend.KindInvalid, "book true-ups", "%d differences are of nobody, or of several teams", unowned).
			WithHint("name the team that answers for them: --owner TEAM, or owner over HTTP")
	}
	return due, lines, nil
}

// unrated refuses accounts of which something was metered in another currency than is billed.
func (a *Answer) unrated(o TrueUp) error {
	billed := map[[2]string]money.Currency{}
	for i := range a.Bills {
		if b := &a.Bills[i]; o.takes(b) {
			billed[[2]string{b.Seller, b.Account}] = b.Currency
		}
	}
	for i := range a.Bills {
		b := &a.Bills[i]
		if due, found := billed[[2]string{b.Seller, b.Account}]; found && b.Basis == "" && !b.Metered.IsZero() {
			return spend.Errorf(spend.KindConflict, "book true-ups", "%s %s metered of account %s of %s have no exchange rate into %s, in which it is billed",
				b.Metered, b.Currency, b.Account, b.Seller, due).WithHint("keep a rate of each of its days: bursar rate import")
		}
	}
	return nil
}

// due gives the lines of an account.
func (a *Answer) due(o TrueUp, b *Bill) (d Due, lines []spend.Event, err error) {
	d = Due{Seller: b.Seller, Account: b.Account, Currency: b.Currency, Basis: b.Basis, Bill: b.ID, Reported: b.Reported, Invoiced: b.Invoiced}
	var sum adder
	var parts []Part
	for i := range a.Rows {
		r := &a.Rows[i]
		switch {
		case r.Seller != b.Seller || r.Account != b.Account || r.Currency != b.Currency:
			continue
		case r.Late && b.Basis == spend.Reported:
			d.Late = sum.of(d.Late, r.Metered.Amount)
			continue
		}
		made, err := o.lines(b, r)
		if err != nil {
			return d, nil, err
		}
		lines, parts = append(lines, made...), append(parts, r.Reasons...)
		d.Metered, d.Amount = sum.of(d.Metered, r.Metered.Amount), sum.of(d.Amount, r.Variance)
	}
	d.Reasons, d.Lines = inOrder(parts, &sum), len(lines)
	return d, lines, sum.err
}

// Partitions names the parts of the ledger that hold the true-ups that an order makes: of
// each account that it takes, and of those that had a bill when they were booked. What an
// account was brought to as reported stays until that is asked for again, or a bill comes.
func (a *Answer) Partitions(o TrueUp) (all []string) {
	for i := range a.Bills {
		if b := &a.Bills[i]; o.takes(b) {
			all = append(all, partition(o.Period, b.Seller, b.Account, b.Currency))
		}
	}
	for _, b := range a.Booked {
		if b.Basis == spend.Invoiced || o.Reported {
			all = append(all, partition(o.Period, b.Seller, b.Account, b.Currency))
		}
	}
	return all
}

func partition(period spend.Period, seller, account string, currency money.Currency) string {
	whole := strings.NewReplacer("/", `\`)
	return string(period) + "/" + short(strings.Join([]string{whole.Replace(seller), whole.Replace(account), string(currency)}, "/"))
}

// short keeps a name that a label can hold, and a digest of a longer one.
func short(name string) string {
	if len(name) > mostOfAName {
		return spend.Digest(name).String()
	}
	return name
}

// lines gives the lines of a row, one for each reason, or more of one that is too large.
func (o TrueUp) lines(b *Bill, r *Row) (made []spend.Event, err error) {
	at, err := o.day(r)
	if err != nil {
		return nil, err
	}
	owner := r.Owner
	if owner == "" || r.Shared {
		owner = o.Owner
	}
	for _, part := range r.Reasons {
		pieces, err := part.Amount.Parts(mostOfALine)
		if err != nil {
			return nil, err
		}
		for n, amount := range pieces {
			key := spend.Digest(string(r.Level), r.Day, r.SKU, string(part.Reason), strconv.Itoa(n))
			made = append(made, spend.Event{
				Source: Source, SourceKey: partition(o.Period, b.Seller, b.Account, b.Currency) + "/" + key.String(),
				Partition: partition(o.Period, b.Seller, b.Account, b.Currency), Rank: spend.RankBill, Account: b.Account, Seller: b.Seller,
				Category: spend.CategoryAdjustment, UsedAt: at, Status: spend.StatusOK, UsageSource: spend.UsageNone,
				Reported: money.Known(amount), ReportedCurrency: b.Currency,
				Scope: spend.Scope{Team: owner, Tags: tagsOf(b, r, part.Reason)},
			})
		}
	}
	return made, nil
}

func tagsOf(b *Bill, r *Row, why Reason) map[string]string {
	tags := map[string]string{ReasonTag: string(why), "matched_by": string(r.Level)}
	if b.Basis == spend.Reported {
		tags[basisTag] = string(spend.Reported)
	} else {
		tags["bill"] = short(b.ID)
	}
	if r.SKU != "" {
		tags["sku"] = r.SKU
	}
	return tags
}

// day is noon of a row's day in the vendor's zone, which is the same day in most zones; of
// the month's last day for what is of the month.
func (o TrueUp) day(r *Row) (time.Time, error) {
	zone := time.UTC
	if o.Zone != nil {
		zone = o.Zone(r.Seller)
	}
	day, err := time.Parse(time.DateOnly, r.Day)
	if r.Day == "" {
		day, err = time.Parse("2006-01", string(o.Period))
		day = day.AddDate(0, 1, -1)
	}
	year, month, date := day.Date()
	return time.Date(year, month, date, 12, 0, 0, 0, zone).UTC(), err
}
