package lake

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Suppressed is what a source told of calls that are charged as another one told them.
type Suppressed struct {
	Duplicates int64      // calls
	ChargedBy  []Charging // whose lines they are, by name
	Told       time.Time  // when the last of them was booked
}

// Charging is a source by which calls are charged that another one told too.
type Charging struct {
	Source string
	Calls  int64
}

// tellings are the records of attempts that several of them tell, revisions left out, each
// with the one that is charged: that of the highest rank, as spend.Merge has it. An attempt
// that turned out to be another one has its sightings there as well.
const tellings = `WITH told AS (
	SELECT attempt_id, source, source_key, max(rank) AS rank, max(booked_at) AS booked_at FROM sightings
	WHERE NOT EXISTS (SELECT 1 FROM attempt_keys WHERE attempt_keys.key = sightings.attempt_id)
	GROUP BY attempt_id, source, source_key
), placed AS (
	SELECT source, booked_at,
		row_number() OVER (PARTITION BY attempt_id ORDER BY rank DESC, source, source_key) AS place,
		first_value(source) OVER (PARTITION BY attempt_id ORDER BY rank DESC, source, source_key) AS charged
	FROM told
)
`

// suppressed adds to sources what of theirs was told better, and sources of which nothing
// is charged.
func (a *answer) suppressed(ctx context.Context, all []Heard, since time.Time) ([]Heard, error) {
	d, at := a.dialect, map[string]int{}
	for i := range all {
		at[all[i].Source] = i
	}
	heard := len(all)
	s := Statement{Reads: &Reads{Sightings: true}, Text: tellings + fmt.Sprintf(`SELECT source, charged, %s, %s, %s FROM placed WHERE place > 1
GROUP BY source, charged ORDER BY source, charged LIMIT %d`,
		d.AsText("count(*)"), d.AsText(d.Micros("min(booked_at)")), d.AsText(d.Micros("max(booked_at)")), mostSources)}
	err := a.ask(ctx, s, func(cells []*string) error {
		source := textOf(cells[0])
		i, known := at[source]
		if !known {
			i, at[source], all = len(all), len(all), append(all, Heard{Source: source, Maturity: nothingHeard()})
		}
		return all[i].suppress(cells[1:], i >= heard)
	})
	if err != nil || len(all) == heard {
		return all, err
	}
	return all, a.hoursTold(ctx, all[heard:], since)
}

// suppress adds calls that are charged by one source.
func (h *Heard) suppress(cells []*string, alone bool) error {
	var n [3]int64
	for i := range n {
		var err error
		if n[i], err = wholeOf(cells[1+i]); err != nil {
			return err
		}
	}
	h.Duplicates += n[0]
	h.ChargedBy = append(h.ChargedBy, Charging{textOf(cells[0]), n[0]})
	first, last := time.UnixMicro(n[1]).UTC(), time.UnixMicro(n[2]).UTC()
	if last.After(h.Told) {
		h.Told = last
	}
	if alone {
		if h.First.IsZero() || first.Before(h.First) {
			h.First = first
		}
		h.Last, h.Booked = h.Told, h.Told
	}
	return nil
}

// hoursTold adds the hours in which sightings of sources were booked, since the beginning
// of the day of an instant.
func (a *answer) hoursTold(ctx context.Context, all []Heard, since time.Time) error {
	d := a.dialect
	booked := d.Micros("booked_at")
	s := Statement{Reads: &Reads{Sightings: true}, Text: fmt.Sprintf(`SELECT source, %s FROM (
	SELECT source, %[2]s - %[2]s %% 3600000000 AS started FROM sightings WHERE booked_at >= %[3]s
) AS told GROUP BY source, started ORDER BY source, started LIMIT %[4]d`,
		d.AsText("started"), booked, d.Moment(micros(since.Truncate(utcDay))), mostHours)}
	return a.ask(ctx, s, func(cells []*string) error {
		started, err := wholeOf(cells[1])
		i := slices.IndexFunc(all, func(h Heard) bool { return h.Source == textOf(cells[0]) })
		if at := time.UnixMicro(started).UTC(); i >= 0 && !at.Add(time.Hour).Before(since) {
			all[i].Hours = append(all[i].Hours, at)
		}
		return err
	})
}
