package purchase

import (
	"fmt"
	"maps"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// The tags that every day of a purchase bears. Seats are prorated over the days of what
// they are paid for, so only the tags say how many there are on a day.
const (
	TagProduct = "product"
	TagSeats   = "seats"        // that are paid for
	TagActive  = "seats_active" // of them, those in use; none where nobody says
)

// Source names purchases among the sources of the ledger.
const Source = "purchases"

// Events gives an event for each day of a sound purchase, at the first instant of
// the day in the organisation's zone; several for a day whose amount no line
// holds, which takes at most a given amount, and 250,000. The error says that a part is
// beyond all amounts, or that there are too many.
func (p *Purchase) Events(zone *time.Location, most int64) ([]spend.Event, error) {
	var all []spend.Event
	for _, c := range p.cycles() {
		events, err := p.spread(c, zone, min(most, maxPart))
		if err != nil {
			return nil, err
		}
		all = append(all, events...)
	}
	return all, nil
}

// cycle is a run of days that one amount is for.
type cycle struct {
	from Day
	days int
}

// cycles cuts the service into what is paid at a time. A month or year begins on
// the day of the month of the first, or on the last one where there is none. The
// last may be cut short by the end of service; its amount is whole.
//
// Example: monthly from 2026-01-31 through 2026-04-05 begins on January 31,
// February 28, March 31, and lasts 28, 31 and 6 days.
func (p *Purchase) cycles() []cycle {
	if p.Cycle == Once {
		return []cycle{{p.From, p.days()}}
	}
	months := 1
	if p.Cycle == Yearly {
		months = 12
	}
	var all []cycle
	for i := 0; ; i++ {
		from, last := p.From.later(i*months), p.From.later((i+1)*months).Plus(-1)
		if from.days(p.through()) < 1 {
			return all
		}
		all = append(all, cycle{from, from.days(earlier(last, p.through()))})
	}
}

func earlier(a, b Day) Day {
	if a.days(b) < 1 {
		return b
	}
	return a
}

// spread gives the days of one cycle their parts of amount and seats.
func (p *Purchase) spread(c cycle, zone *time.Location, most int64) ([]spend.Event, error) {
	amounts, err := p.Amount.Split(ones(c.days))
	if err != nil {
		return nil, err
	}
	assigned, err := p.Assigned.Split(ones(c.days))
	if err != nil {
		return nil, err
	}
	active, err := p.Active.Amount.Split(ones(c.days))
	if err != nil {
		return nil, err
	}
	var events []spend.Event
	for i, amount := range amounts {
		day := c.from.Plus(i)
		parts, err := amount.Parts(most)
		if err != nil {
			return nil, err
		}
		for k, part := range parts {
			e := p.event(day, k, zone)
			e.Reported = money.Known(part)
			if k == 0 {
				_ = e.Usage.Set(spend.Seat, assigned[i])     // only a column meter refuses
				_ = e.Usage.Set(spend.SeatActive, active[i]) // the same
			}
			events = append(events, e)
		}
	}
	return events, nil
}

func ones(n int) []int64 {
	all := make([]int64, n)
	for i := range all {
		all[i] = 1
	}
	return all
}

// event is one part of a day without its figures.
func (p *Purchase) event(day Day, part int, zone *time.Location) spend.Event {
	year, month, d := day.at.Date()
	key := p.ID + "/" + day.String()
	if part > 0 {
		key += fmt.Sprintf("/%d", part+1)
	}
	category := spend.CategoryPurchase
	if p.Kind == Credit {
		category = spend.CategoryCredit
	}
	scope := p.Owner
	scope.Tags = map[string]string{TagProduct: p.Product}
	if !p.Assigned.IsZero() {
		scope.Tags[TagSeats] = p.Assigned.String()
		if p.Active.Valid {
			scope.Tags[TagActive] = p.Active.Amount.String()
		}
	}
	maps.Copy(scope.Tags, p.Owner.Tags)
	return spend.Event{
		Source: Source, SourceKey: key, Partition: p.ID, Revision: p.Revision, Rank: spend.RankBill, Category: category,
		Account: p.Account, UsedAt: calendar.DayStart(year, month, d, zone).UTC(), Seller: p.Vendor, Kind: string(p.Kind),
		Status: spend.StatusOK, UsageSource: spend.UsageNone, Scope: scope, ReportedCurrency: p.Currency,
	}
}
