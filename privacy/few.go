package privacy

import (
	"cmp"
	"slices"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Few merges the groups with too few people among the rows of one time bucket.
type Few struct {
	Limit    int64  // people that a group must have, or none at all
	People   int    // where the number of people stands among a row's values
	Together int64  // distinct people in all rows under the limit
	Adds     []bool // which values sum; the others of a merged row are unknown
	By       bool   // the rows are groups, and not only buckets
}

// Merge gives the rows with those under the limit summed into one, which is
// marked and does not say how many people it has. When even together they are too
// few, the next smallest group joins them, or the rest of the answer where no
// group is large enough: what is missing could be told from the total otherwise.
// The row of what is beyond the top is part of the merged one where there is one.
//
// Example: with a limit of 5, groups of 9, 6, 3 and 1 people, 4 together in the
// last two, give the group of 9 and one row with the other three; with 5 in the
// last two together, the group of 6 stays as well.
func (f Few) Merge(rows []spend.Row) ([]spend.Row, error) {
	if !slices.ContainsFunc(rows, func(r spend.Row) bool { return f.small(&r) }) {
		return rows, nil
	}
	rest := slices.Clone(rows)
	slices.SortStableFunc(rest, func(a, b spend.Row) int { return cmp.Compare(f.rank(&a), f.rank(&b)) })
	n, people := f.joining(rest)
	if people < f.Limit {
		n = f.enough(rest, n)
	}
	merged, err := f.sum(rest[:n])
	if err != nil {
		return nil, err
	}
	return append(rest[n:], merged), nil
}

// rank puts first what has to be merged, then the other groups of people from the
// smallest on, then what no person did.
func (f Few) rank(r *spend.Row) int64 {
	people := f.count(r)
	switch {
	case r.Other || f.small(r):
		return 0
	case people == 0:
		return 1 << 62
	}
	return people
}

// joining counts the rows that have to be merged, and at least how many people
// they have together.
func (f Few) joining(sorted []spend.Row) (n int, people int64) {
	people = f.Together
	for n < len(sorted) && f.rank(&sorted[n]) == 0 {
		people = max(people, f.count(&sorted[n]))
		n++
	}
	return n, people
}

// enough adds the next group of people, or everything when there is none.
func (f Few) enough(sorted []spend.Row, n int) int {
	if n < len(sorted) && f.count(&sorted[n]) > 0 {
		return n + 1
	}
	return len(sorted)
}

func (f Few) small(r *spend.Row) bool {
	people := f.count(r)
	return people > 0 && people < f.Limit
}

func (f Few) count(r *spend.Row) int64 {
	n, _ := r.Values[f.People].Amount.Int()
	return n
}

func (f Few) sum(rows []spend.Row) (spend.Row, error) {
	out := spend.Row{Bucket: rows[0].Bucket, Keys: rows[0].Keys, Values: slices.Clone(rows[0].Values)}
	if f.By {
		out.Keys, out.Other, out.Few = make([]string, len(rows[0].Keys)), true, true
	}
	for _, r := range rows[1:] {
		for i, v := range r.Values {
			if err := add(&out.Values[i], v); err != nil {
				return out, err
			}
		}
	}
	for i := range out.Values {
		if i == f.People || !f.Adds[i] && len(rows) > 1 {
			out.Values[i] = money.Null{}
		}
	}
	return out, nil
}

func add(sum *money.Null, v money.Null) error {
	if !v.Valid {
		return nil
	}
	s, err := sum.Amount.Add(v.Amount)
	*sum = money.Known(s)
	return err
}
