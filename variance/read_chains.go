package variance

import (
	"io"
	"slices"
	"strings"
)

// ReadChains reads a CSV file with a column leaf and, for any factors X, the columns
// X0 and X1, in any order. The factors come in the order in which the header first
// names them. An empty cell is a factor that is not given. The error lists every line
// that is wrong.
func ReadChains(in io.Reader) (factors []string, chains []Chain, err error) {
	const op = "read factors"
	s, err := open(op, in)
	if err != nil {
		return nil, nil, err
	}
	if factors = s.factors(); s.count > 0 {
		return nil, nil, s.err()
	}
	for {
		row, err := s.row()
		if err != nil {
			return nil, nil, err
		}
		if row == nil {
			return factors, chains, s.err()
		}
		if len(chains) == MaxLeaves {
			return nil, nil, tooMany(op)
		}
		chains = append(chains, s.readChain(row, factors))
	}
}

// factors reads the pairs of the header.
func (s *sheet) factors() []string {
	var factors []string
	if !slices.Contains(s.header, "leaf") {
		s.report(1, "column leaf is missing")
	}
	for _, column := range s.header {
		if column == "leaf" {
			continue
		}
		name, twin := pair(column)
		switch {
		case name == "" || name == "leaf":
			s.report(1, "column %.60q is not known; each factor X has the columns X0 and X1", column)
		case !slices.Contains(s.header, twin):
			s.report(1, "column %.60q stands without %.60q", column, twin)
		case !slices.Contains(factors, name):
			factors = append(factors, name)
		}
	}
	if len(factors) == 0 || len(factors) > MaxFactors {
		s.report(1, "it names %d factors, want 1 to %d", len(factors), MaxFactors)
	}
	return factors
}

// pair cuts the period off a column, and names the one of the other period.
func pair(column string) (factor, twin string) {
	if name, ok := strings.CutSuffix(column, "0"); ok {
		return name, name + "1"
	}
	if name, ok := strings.CutSuffix(column, "1"); ok {
		return name, name + "0"
	}
	return "", ""
}

func (s *sheet) readChain(row map[string]string, factors []string) Chain {
	c := Chain{Name: s.leaf(row), Factors: make([][2]Number, len(factors))}
	legible := true
	for j, name := range factors {
		for t, period := range [2]string{"0", "1"} {
			n, ok := s.number(row, name+period)
			c.Factors[j][t], legible = n, legible && ok
		}
	}
	if legible {
		s.checked(c.Problems(factors))
	}
	return c
}
