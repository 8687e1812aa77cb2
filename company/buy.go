package company

import (
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// buy is what a team pays for beside its calls, month by month.
type buy struct {
	id, vendor, product string
	kind                purchase.Kind
	team                string
	workflow            string // that it is for alone, "" for the team
	cents               int64  // a month, of one seat where there are seats
	seats, joining      int64  // in the first month, and more with each one after it
	used                int64  // seats in use of a hundred in the first month
	month               int64  // in which it is bought, from 1; 0 is every one
}

// buys are Tarnbrook's. Seats are at the list prices of 2026; fieldnote, brightpath
// and their products do not exist. There are few seats, as there are few calls: a
// real insurer of seven units has a hundred times either.
func buys() []buy {
	seat, plan := purchase.Seat, purchase.Subscription
	return []buy{
		{id: "claims-chat", vendor: "openai", product: "ChatGPT Business", kind: seat, team: "claims-handling", cents: 2500, seats: 12, joining: 1, used: 58},
		{id: "underwriting-claude", vendor: "anthropic", product: "Claude Team Standard", kind: seat, team: "commercial-lines", cents: 2500, seats: 6, joining: 1, used: 71},
		{id: "service-chat", vendor: "openai", product: "ChatGPT Business", kind: seat, team: "contact-centre", cents: 2500, seats: 14, used: 34},
		{id: "calls-fieldnote", vendor: "fieldnote", product: "Call archive", kind: plan, team: "contact-centre", workflow: "call-transcription", cents: 19_000},
		{id: "technology-copilot", vendor: "github", product: "Copilot Business", kind: seat, team: "developer-platform", cents: 1900, seats: 20, joining: 2, used: 82},
		{id: "technology-cursor", vendor: "cursor", product: "Cursor Teams", kind: seat, team: "core-policy-systems", cents: 4000, seats: 5, joining: 1, used: 88},
		{id: "finance-claude", vendor: "anthropic", product: "Claude Team Standard", kind: seat, team: "reporting", cents: 2500, seats: 3, used: 64},
		{id: "distribution-chat", vendor: "openai", product: "ChatGPT Business", kind: seat, team: "growth", cents: 2500, seats: 7, used: 49},
		{id: "people-chat", vendor: "openai", product: "ChatGPT Business", kind: seat, team: "talent", cents: 2500, seats: 3, used: 76},
		{id: "people-course", vendor: "brightpath", product: "Prompting course", kind: purchase.OneOff, team: "learning", cents: 48_000, month: 2},
		{id: "service-credit", vendor: "openai", product: "Service credit", kind: purchase.Credit, team: "digital-service", cents: -18_000, month: 4},
	}
}

// Purchases lists what the company pays for beside its calls, one for each month
// that begins in the window: months are counted from its first day. The last may
// reach beyond the window, as an invoice does.
func (c *Company) Purchases() []purchase.Purchase {
	var all []purchase.Purchase
	year, month, day := instant(c.from * perHour).Date()
	begins := func(n int) purchase.Day { return purchase.Date(year, month+time.Month(n), day) }
	owners := c.owners()
	for n := 0; time.Date(year, month+time.Month(n), day, 0, 0, 0, 0, time.UTC).Before(instant(c.until * perHour)); n++ {
		for i, b := range buys() {
			if b.month != 0 && b.month != int64(n+1) {
				continue
			}
			p := b.in(int64(n), dice(mix(c.seed+uint64(i)<<32+uint64(n))))
			p.From, p.Through = begins(n), begins(n+1).Plus(-1)
			if b.kind == purchase.Credit {
				p.Through = p.From // money back comes on a day
			}
			p.ID += "/" + p.From.String()
			p.Owner = owners[b.team]
			p.Owner.Application, p.Owner.Workflow = owners[b.workflow].Application, b.workflow
			all = append(all, p)
		}
	}
	return all
}

// in is the purchase of the month after so many others, without its days.
func (b *buy) in(months int64, d dice) purchase.Purchase {
	p := purchase.Purchase{ID: b.id, Vendor: b.vendor, Product: b.product, Kind: b.kind, Currency: "USD"}
	count := int64(1)
	if b.seats > 0 {
		count = b.seats + b.joining*months
		active := (count*d.around(min(b.used+2*months, 90), 4) + 50) / 100
		p.Assigned, p.Active = money.FromInt(count), money.Known(money.FromInt(active))
	}
	p.Amount = money.FromUnits(b.cents * count * centUnits)
	return p
}

// centUnits are the units of 10⁻¹² in a cent.
const centUnits = 10_000_000_000

// owners gives the scope of every team, and of every workflow its application.
func (c *Company) owners() map[string]spend.Scope {
	owners := map[string]spend.Scope{}
	for _, u := range c.organisation.Units {
		for _, t := range u.Teams {
			owners[t.Name] = spend.Scope{BusinessUnit: u.Name, Team: t.Name, CostCentre: t.CostCentre}
			applications(&t, owners)
		}
	}
	return owners
}

func applications(t *Team, owners map[string]spend.Scope) {
	for _, a := range t.Applications {
		for _, w := range a.Workflows {
			owners[w.Name] = spend.Scope{Application: a.Name}
		}
	}
}
