package lake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Name is a value of a dimension with its first and last use.
type Name struct {
	By          spend.Dimension
	Value       string
	First, Last time.Time
}

// Names asks which values of dimensions lines have that were booked since an
// instant.
type Names struct {
	By    []spend.Dimension // fields of the scope
	Since time.Time         // of booking, zero for all lines
	Most  int               // of a dimension, those used last first
}

// NamesOf gives names, and when the last of all lines was booked, zero when there
// is none: the lines booked since are those that the next question is about.
func NamesOf(ctx context.Context, r Reader, n Names) (names []Name, through time.Time, err error) {
	d := r.Dialect()
	var parts []string
	for _, by := range n.By {
		if !slices.Contains(spend.ScopeFields(), string(by)) {
			return nil, through, spend.Errorf(spend.KindInternal, "list names", "%.40q is no field of a scope", string(by))
		}
		parts = append(parts, fmt.Sprintf(`SELECT * FROM (
	SELECT '%[1]s' AS field, %[1]s AS name, %[2]s, %[3]s, %[4]s
	FROM charges
	WHERE booked_at >= %[5]s AND %[1]s <> ''
	GROUP BY %[1]s
	ORDER BY max(used_at) DESC, %[1]s
	LIMIT %[6]d
)`, by, d.AsText(d.Micros("min(used_at)")), d.AsText(d.Micros("max(used_at)")), d.AsText(d.Micros("max(booked_at)")), d.Moment(micros(n.Since)), n.Most))
	}
	s := Statement{Text: strings.Join(parts, "\nUNION ALL\n")}
	err = r.Snapshot(ctx, func(ask Ask) error {
		return ask(ctx, s, func(cells []*string) error {
			name, booked, err := nameOf(cells)
			names = append(names, name)
			if booked.After(through) {
				through = booked
			}
			return err
		})
	})
	return names, through, err
}

// nameOf reads a row of names, with when the last of its lines was booked.
func nameOf(cells []*string) (name Name, booked time.Time, err error) {
	name = Name{By: spend.Dimension(*cells[0]), Value: *cells[1]}
	for i, into := range []*time.Time{&name.First, &name.Last, &booked} {
		micros, err := wholeOf(cells[2+i])
		if err != nil {
			return name, booked, err
		}
		*into = time.UnixMicro(micros).UTC()
	}
	return name, booked, nil
}

// micros is an instant in microseconds since 1970, before all others when it is zero.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
