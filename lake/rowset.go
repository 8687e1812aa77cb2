package lake

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/calendar"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// rowSet gathers the rows of an answer from several statements.
type rowSet struct {
	query *spend.Query
	found map[string]*spend.Row
}

func newRowSet(q *spend.Query) *rowSet { return &rowSet{query: q, found: map[string]*spend.Row{}} }

// row finds or makes the row that the group cells name, and gives the cells
// behind them.
func (s *rowSet) row(cells []*string, top bool) (*spend.Row, []*string, error) {
	row := spend.Row{Keys: texts(cells[:len(s.query.By)])}
	rest := cells[len(s.query.By):]
	if s.query.Grain != spend.Whole {
		bucket, err := s.bucket(rest[0])
		if err != nil {
			return nil, nil, err
		}
		row.Bucket, rest = bucket, rest[1:]
	}
	if top {
		row.Other, rest = rest[0] != nil && *rest[0] == "1", rest[1:]
	}
	return s.intern(row), rest, nil
}

func (s *rowSet) bucket(cell *string) (time.Time, error) {
	if s.query.Axis == spend.ByPeriod {
		start, _, err := calendar.Of(s.query).Bounds(spend.Period(textOf(cell)))
		return start, err
	}
	number, err := wholeOf(cell)
	return bucketStart(s.query, number), err
}

func (s *rowSet) intern(row spend.Row) *spend.Row {
	key := rowKey(&row)
	if known := s.found[key]; known != nil {
		return known
	}
	row.Values = nothings(s.query)
	s.found[key] = &row
	return &row
}

// rowKey tells rows apart: each key is preceded by its length.
func rowKey(row *spend.Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %t", row.Bucket.UnixMicro(), row.Other)
	for _, k := range row.Keys {
		fmt.Fprintf(&b, " %d:%s", len(k), k)
	}
	return b.String()
}

func (s *rowSet) all() []*spend.Row { return slices.Collect(maps.Values(s.found)) }

// list sorts the rows for their reader.
func (m *measured) list(q *spend.Query) []spend.Row {
	i := slices.Index(q.Measures, order(q))
	rows := make([]spend.Row, 0, len(m.rows.found))
	for _, row := range m.rows.found {
		rows = append(rows, *row)
	}
	slices.SortFunc(rows, func(a, b spend.Row) int { return compareRows(&a, &b, i) })
	return rows
}

// compareRows orders by bucket, "other" last in it, by value i, largest first
// and unknown last, and by keys. There is no value to order by when i is -1.
func compareRows(a, b *spend.Row, i int) int {
	if c := cmp.Or(a.Bucket.Compare(b.Bucket), cmp.Compare(bit(a.Other), bit(b.Other))); c != 0 {
		return c
	}
	if i >= 0 {
		if c := compareKnown(b.Values[i], a.Values[i]); c != 0 {
			return c
		}
	}
	return slices.Compare(a.Keys, b.Keys)
}

func compareKnown(a, b money.Null) int {
	return cmp.Or(cmp.Compare(bit(a.Valid), bit(b.Valid)), a.Amount.Cmp(b.Amount))
}
