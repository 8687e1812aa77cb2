package lake

import (
	"fmt"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Maturity says how much of what a source told may still change.
//
// Example: with October closed, a source that told 3 calls of October and 2 of the first of
// November has 3 final and 2 provisional ones, and is final through 31 October.
type Maturity struct {
	Final       HeardSum
	Provisional HeardSum
	Estimated   HeardSum  // of both: what a tokenizer counted
	Through     time.Time // midnight of UTC of the last day up to which all is final; zero for none
}

// HeardSum is a part of the calls of a source.
type HeardSum struct {
	Calls   int64
	Cost    money.Null // in the reporting currency; unknown where no call has an amount
	Unknown int64      // calls without an amount: unpriced, or without an exchange rate
}

// nothingHeard is that of a source of which there is no line.
func nothingHeard() Maturity {
	none := HeardSum{Cost: money.Known(money.Amount{})}
	return Maturity{Final: none, Provisional: none, Estimated: none}
}

// sources sums the usage of every source, of the roll-up where there is one. A line is
// final when it says so or its period is closed: nothing is ever written on it later.
func (c *compiler) sources(closed spend.Period) Statement {
	used, booked := "used_at", "booked_at"
	if c.days != nil {
		used, booked = "last_used", "last_booked"
	}
	d, final := c.dialect, "finality = '"+string(spend.Final)+"'"
	if closed != "" {
		final = "(" + final + " OR period <= " + c.argument(string(closed)) + ")"
	}
	columns := []string{d.AsText("sum(calls)"), d.AsText(d.Micros("min(first_used)")), d.AsText(d.Micros("max(latest_used)")), d.AsText(d.Micros("max(latest_booked)"))}
	for _, part := range []string{"final", "NOT final", "estimated"} {
		for _, column := range []string{"calls", "amount", "unknown_calls"} {
			columns = append(columns, d.AsText("sum(CASE WHEN "+part+" THEN "+column+" END)"))
		}
	}
	const standing = "stand <> 0 THEN local_day END)"
	for _, day := range []string{"min(CASE WHEN NOT final AND " + standing, "min(CASE WHEN final AND " + standing, "max(CASE WHEN " + standing} {
		columns = append(columns, d.AsText(day))
	}
	return c.finish(fmt.Sprintf(`SELECT source, %s FROM (
	SELECT source, %s AS final, usage_source = '%s' AS estimated, %s AS local_day,
		sum(calls) AS calls, sum(reporting) AS amount, sum(CASE WHEN reporting IS NULL THEN calls ELSE 0 END) AS unknown_calls, sum(%s) AS stand,
		min(used_at) AS first_used, max(%s) AS latest_used, max(%s) AS latest_booked
	FROM %s WHERE category = 'usage' AND book = 'metered' GROUP BY 1, 2, 3, 4
) AS told GROUP BY source ORDER BY source LIMIT %d`,
		strings.Join(columns, ", "), final, spend.UsageEstimate, c.bucket(), c.sign(), used, booked, c.source(), mostSources))
}

// maturityOf reads three sums, the first day that is not final, the first that is and the
// last, counted from 1970.
func maturityOf(cells []*string) (m Maturity, err error) {
	for i, into := range []*HeardSum{&m.Final, &m.Provisional, &m.Estimated} {
		if *into, err = heardSumOf(cells[3*i:]); err != nil {
			return m, err
		}
	}
	var days [3]int64
	for i, cell := range cells[9:12] {
		if days[i], err = wholeOf(cell); err != nil {
			return m, err
		}
	}
	open, final, through := cells[9] != nil, cells[10] != nil, days[2]
	if open {
		through = days[0] - 1
	}
	if final && days[1] <= through {
		m.Through = time.UnixMicro(through * day).UTC()
	}
	return m, nil
}

func heardSumOf(cells []*string) (s HeardSum, err error) {
	if s.Calls, err = wholeOf(cells[0]); err != nil {
		return s, err
	}
	if s.Unknown, err = wholeOf(cells[2]); err != nil {
		return s, err
	}
	if s.Cost, err = amountOf(cells[1]); !s.Cost.Valid && s.Calls == 0 {
		s.Cost = money.Known(money.Amount{})
	}
	return s, err
}
