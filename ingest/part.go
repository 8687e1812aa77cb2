package ingest

import (
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// MaxPart is how much of an amount that is parted one line takes. A line holds amounts
// below a million, and a rate may be corrected.
const MaxPart = 250_000

// Part is how much of the amount that an event brings one line takes, in wholes of its
// currency, so that it fits in the reporting currency too: by the rate of its day, else by
// that of today, else MaxPart.
//
// Example: of dollars that are reported in yen at 150 it is 1,666.
func (p *Pipeline) Part(e *spend.Event) int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	zone := p.Calendar.Location()
	for _, day := range [2]exchange.Day{exchange.DayOf(e.UsedAt, zone), exchange.DayOf(p.Now(), zone)} {
		quote, found := p.Exchange.On(exchange.Want{From: e.ReportedCurrency, To: p.Reporting, Day: day, Seller: SellerOf(e), Account: e.Account})
		if !found {
			continue
		}
		worth, err := quote.Convert(money.FromInt(MaxPart))
		if n, whole := worth.Round(0).Int(); err == nil && whole {
			return max(min(MaxPart*MaxPart/max(n, 1), MaxPart), 1)
		}
	}
	return MaxPart
}
