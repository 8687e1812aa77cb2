package vendor

import (
	"strconv"
	"time"
)

// instant reads an instant: Unix seconds of 10 digits, milliseconds of 13, or RFC 3339.
// One without a zone is in that of the options.
func (r *row) instant(column string) time.Time {
	text := r.text(column)
	if at, ok := unix(text); ok {
		return at
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.UTC()
	}
	for _, layout := range [...]string{"2006-01-02T15:04:05", time.DateTime} {
		if at, err := time.ParseInLocation(layout, text, r.options.Zone); err == nil {
			return at.UTC()
		}
	}
	r.bad(column, "holds %s; want an instant like 2026-11-22T09:30:00Z, or Unix time in seconds or milliseconds", shown(text))
	return time.Time{}
}

// unix reads Unix time; by its digits it is in seconds or in milliseconds.
func unix(text string) (time.Time, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return time.Time{}, false
	case len(text) == 10:
		return time.Unix(n, 0).UTC(), true
	case len(text) == 13:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Time{}, false
}

// bucket reads the start of a span of a day or less, and the day that it is of.
func (r *row) bucket(start, end string) (at time.Time, day string) {
	at = r.instant(start)
	if end := r.instant(end); len(r.found) == 0 && (!end.After(at) || end.Sub(at) > 24*time.Hour) {
		r.bad(start, "begins a span of %s; export by the day or by the hour", end.Sub(at))
	}
	return at, at.Format(time.DateOnly)
}

// utc reads a date, or an instant of one, of a column that says that it is in UTC.
func (r *row) utc(column string) (time.Time, string) {
	text := r.text(column)
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at, text
	}
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), at.UTC().Format(time.DateOnly)
		}
	}
	r.bad(column, "holds %s; want a day like 2026-11-22, or an hour of one", shown(text))
	return time.Time{}, ""
}
