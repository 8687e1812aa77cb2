package lake

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// zoned parts a question by the zones of its sellers: those of UTC together, then each other
// zone of which there are lines.
func (a *answer) zoned(ctx context.Context, q Alike) (parts []Alike, err error) {
	if q.Seller != "" {
		q.zone, q.sellers = q.Zones[q.Seller], []spend.Filter{{By: "seller", Values: []string{q.Seller}}}
		return []Alike{q}, nil
	}
	found, err := a.elsewhere(ctx, &q)
	if err != nil || len(found) == 0 {
		return []Alike{q}, err
	}
	rest := q
	rest.sellers = []spend.Filter{{By: "seller", Values: found, Not: true}}
	parts = append(parts, rest)
	byZone := map[string][]string{}
	for _, seller := range found {
		name := q.Zones[seller].String()
		byZone[name] = append(byZone[name], seller)
	}
	for _, name := range slices.Sorted(maps.Keys(byZone)) {
		part := q
		part.zone, part.sellers = q.Zones[byZone[name][0]], []spend.Filter{{By: "seller", Values: byZone[name]}}
		parts = append(parts, part)
	}
	return parts, nil
}

// elsewhere lists the sellers of another zone than UTC that have lines within two days of a
// question: a line of the roll-up stands at the first use of its day.
func (a *answer) elsewhere(ctx context.Context, q *Alike) (found []string, err error) {
	var sellers []string
	for _, seller := range slices.Sorted(maps.Keys(q.Zones)) {
		if q.Zones[seller].String() != time.UTC.String() {
			sellers = append(sellers, seller)
		}
	}
	if len(sellers) == 0 {
		return nil, nil
	}
	asked := &spend.Query{From: q.From.Add(-2 * utcDay), To: q.To.Add(2 * utcDay)}
	c := a.rolled(&compiler{dialect: a.dialect, query: &spend.Query{}})
	c.query = asked // the roll-up may part its days: none of them is left out
	where := append(c.window(), c.filter(spend.Filter{By: "seller", Values: sellers}))
	s := c.finish("SELECT DISTINCT seller\nFROM " + c.source() + "\nWHERE " + strings.Join(where, "\n\tAND ") + "\nORDER BY 1")
	err = a.ask(ctx, s, func(cells []*string) error {
		found = append(found, textOf(cells[0]))
		return nil
	})
	return found, err
}

// midnight is the beginning of a date of UTC in the zone that is asked about.
func (q *Alike) midnight(t time.Time) time.Time {
	if q.Exact || q.zone == nil || q.zone == time.UTC {
		return t
	}
	year, month, day := t.UTC().Date()
	return calendar.DayStart(year, month, day, q.zone)
}
