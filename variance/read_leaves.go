package variance

import (
	"io"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// ReadLeaves reads a CSV file with the columns leaf, q0, q1, p0 and p1, in any order.
// An empty price is one that is not given. The error lists every line that is wrong.
func ReadLeaves(in io.Reader) ([]Leaf, error) {
	const op = "read leaves"
	s, err := open(op, in)
	if err != nil {
		return nil, err
	}
	columns := []string{"leaf", "q0", "q1", "p0", "p1"}
	for _, name := range columns {
		if !slices.Contains(s.header, name) {
			s.report(1, "column %s is missing", name)
		}
	}
	for _, name := range s.header {
		if !slices.Contains(columns, name) {
			s.report(1, "column %.60q is not known; the columns are leaf, q0, q1, p0 and p1", name)
		}
	}
	if s.count > 0 {
		return nil, s.err()
	}
	var leaves []Leaf
	for {
		row, err := s.row()
		if err != nil {
			return nil, err
		}
		if row == nil {
			return leaves, s.err()
		}
		if len(leaves) == MaxLeaves {
			return nil, tooMany(op)
		}
		leaves = append(leaves, s.readLeaf(row))
	}
}

func (s *sheet) readLeaf(row map[string]string) Leaf {
	l := Leaf{Name: s.leaf(row)}
	legible := true
	for t, names := range [2][2]string{{"q0", "p0"}, {"q1", "p1"}} {
		var quantity, price bool
		l.Quantity[t], quantity = s.number(row, names[0])
		l.Price[t], price = s.number(row, names[1])
		legible = legible && quantity && price
	}
	if legible {
		s.checked(l.Problems())
	}
	return l
}

func tooMany(op string) error {
	return spend.Errorf(spend.KindExhausted, op, "the file has more than %d leaves", MaxLeaves).WithHint("split it, or sum leaves first")
}
