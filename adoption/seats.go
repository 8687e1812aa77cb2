package adoption

import (
	"cmp"
	"slices"
	"time"

	"github.com/bursarhq/bursar/money"
)

// Seats are those of all subscriptions: how many on the last day of the window, and
// what they cost in all of it.
type Seats struct {
	On    time.Time      `json:"on"` // the day of the numbers, its start
	Total Subscription   `json:"total"`
	Rows  []Subscription `json:"rows"`
}

// Subscription are the seats of one product of a seller.
type Subscription struct {
	Seller  string `json:"seller"`
	Product string `json:"product"`
	Few     bool   `json:"few"` // several, of which some have fewer seats than a group must have people

	Assigned money.Null `json:"assigned"` // seats that are paid for on the day; null where it is not told
	Active   money.Null `json:"active"`   // of them, those in use
	Idle     money.Null `json:"idle"`     // the others

	Cost     money.Null   `json:"cost"`      // of the window
	IdleCost money.Null   `json:"idle_cost"` // of it, the part of idle seats, day by day
	Untold   money.Amount `json:"untold"`    // of it, where nobody says how many are in use

	peak money.Amount // seats on the day with most
}

// seats adds up seats and their cost by seller and product, the dearest idle ones first.
func (t *Tally) seats() (Seats, error) {
	s := Seats{On: t.lastDay(), Rows: []Subscription{}}
	known := map[[2]string]*subscribed{}
	for i := range t.Seats {
		d := &t.Seats[i]
		key := [2]string{d.Seller, d.Product}
		if known[key] == nil {
			known[key] = &subscribed{Subscription: Subscription{Seller: d.Seller, Product: d.Product}, days: map[int64]money.Amount{}, costs: map[use]money.Null{}}
		}
		if err := known[key].add(d, d.Day.Equal(s.On)); err != nil {
			return s, err
		}
	}
	for _, one := range known {
		if err := one.priceIdle(); err != nil {
			return s, err
		}
		s.Rows = append(s.Rows, one.Subscription)
	}
	slices.SortFunc(s.Rows, func(a, b Subscription) int {
		return cmp.Or(b.IdleCost.Amount.Cmp(a.IdleCost.Amount), b.Cost.Amount.Cmp(a.Cost.Amount), cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.Product, b.Product))
	})
	var err error
	if s.Total, err = together(s.Rows); err != nil {
		return s, err
	}
	s.Rows, err = t.apart(s.Rows)
	if peak, whole := s.Total.peak.Int(); whole && t.small(peak) {
		s.Total.Assigned, s.Total.Active, s.Total.Idle = money.Null{}, money.Null{}, money.Null{}
	}
	return s, err
}

// subscribed gathers a subscription.
type subscribed struct {
	Subscription
	untold bool                   // on the day of the numbers somebody does not say what is in use
	days   map[int64]money.Amount // seats by day
	costs  map[use]money.Null     // of all days on which as many were paid for and in use
}

// use is how many seats a purchase pays for, and how many of them are in use.
type use struct{ seats, active money.Amount }

// add takes seats of one day.
func (s *subscribed) add(d *SeatDay, last bool) error {
	if err := add(&s.Cost, d.Cost); err != nil {
		return err
	}
	if err := s.pay(d); err != nil || !d.Seats.Valid {
		return err
	}
	seats, err := d.Seats.Amount.MulInt(d.Purchases)
	if err != nil {
		return err
	}
	day, err := s.days[d.Day.Unix()].Add(seats)
	if err != nil {
		return err
	}
	s.days[d.Day.Unix()] = day
	if day.Cmp(s.peak) > 0 {
		s.peak = day
	}
	if !last {
		return nil
	}
	if err := add(&s.Assigned, money.Known(seats)); err != nil {
		return err
	}
	return s.use(d)
}

// pay sums the cost by the use of seats, and that of seats of which nobody says it.
func (s *subscribed) pay(d *SeatDay) (err error) {
	if !d.Cost.Valid {
		return nil
	}
	if !d.Seats.Valid || !d.Active.Valid || d.Seats.Amount.Sign() <= 0 {
		s.Untold, err = s.Untold.Add(d.Cost.Amount)
		return err
	}
	at := use{d.Seats.Amount, d.Active.Amount}
	cost := s.costs[at]
	err = add(&cost, d.Cost)
	s.costs[at] = cost
	return err
}

// priceIdle gives idle seats their part: cost times idle over all seats, rounded half to
// even once for each number of them.
func (s *subscribed) priceIdle() error {
	for at, cost := range s.costs {
		idle, err := at.seats.Sub(at.active)
		if err != nil {
			return err
		}
		part, err := cost.Amount.MulQuotient(idle, at.seats)
		if err != nil {
			return err
		}
		if err := add(&s.IdleCost, money.Known(part)); err != nil {
			return err
		}
	}
	return nil
}

// use sets the seats in use on the day of the numbers.
func (s *subscribed) use(d *SeatDay) error {
	if s.untold = s.untold || !d.Active.Valid; s.untold {
		s.Active, s.Idle = money.Null{}, money.Null{}
		return nil
	}
	active, err := d.Active.Amount.MulInt(d.Purchases)
	if err != nil {
		return err
	}
	if err := add(&s.Active, money.Known(active)); err != nil {
		return err
	}
	idle, err := s.Assigned.Amount.Sub(s.Active.Amount)
	s.Idle = money.Known(idle)
	return err
}
