package lake

import (
	"slices"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/spend"
)

// Before is the query about the window that it is compared with: the one that it
// names, else the window before, see calendar.Preceding, on the period axis of equally many
// months.
func Before(q spend.Query) spend.Query {
	before := q
	before.Previous, before.Against = false, [2]time.Time{}
	if !q.Against[1].IsZero() {
		before.From, before.To = q.Against[0], q.Against[1]
		before.Periods = [2]spend.Period{} // its ends name them
		return before
	}
	before.From, before.To = calendar.Of(&q).Preceding(q.Grain, q.From, q.To), q.From
	if q.Axis != spend.ByPeriod {
		return before
	}
	first, last := periodsOf(&q)
	months := 1
	for p := first; p < last && months < 1200; p = p.Next() {
		months++
	}
	start, err := time.Parse("2006-01", string(first))
	if err != nil {
		return before
	}
	before.Periods = [2]spend.Period{
		spend.PeriodOf(start.AddDate(0, -months, 0), time.UTC), spend.PeriodOf(start.AddDate(0, -1, 0), time.UTC),
	}
	return before
}

// compare sets beside each row what the window before had in the same group
// and, with a grain, at the same distance from its start. Groups that only the
// window before had get rows of nothing, so that its values sum to its totals.
func (m *measured) compare(q, before *spend.Query, earlier measured) {
	bucket := counterparts(q, before)
	for _, row := range earlier.rows.found {
		at := *row
		if q.Grain != spend.Whole {
			at.Bucket = bucket(row.Bucket)
		}
		m.rows.intern(at).Previous = row.Values
	}
	for _, row := range m.rows.found {
		if row.Previous == nil {
			row.Previous = nothings(q)
		}
	}
	m.totals.Previous = earlier.totals.Values
}

// counterparts gives the bucket of q that stands as far from the start of its window as a
// bucket of the window before. Buckets are walked over once, however many rows there are.
func counterparts(q, before *spend.Query) func(bucket time.Time) time.Time {
	var there, here []time.Time
	from, to := windowStart(before), windowStart(q)
	return func(bucket time.Time) time.Time {
		for len(there) == 0 || there[len(there)-1].Before(bucket) {
			there, here = append(there, from), append(here, to)
			from, to = nextBucket(q, from), nextBucket(q, to)
		}
		i, _ := slices.BinarySearchFunc(there, bucket, time.Time.Compare)
		return here[i]
	}
}

// windowStart gives the first bucket of a window.
func windowStart(q *spend.Query) time.Time {
	if q.Axis == spend.ByPeriod {
		first, _ := periodsOf(q)
		if start, _, err := calendar.Of(q).Bounds(first); err == nil {
			return start
		}
	}
	return BucketOf(q, q.From)
}
