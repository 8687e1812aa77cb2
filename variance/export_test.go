package variance

import "math/big"

// Half gives half of a number.
func Half(n Number) (Number, error) {
	return Number{new(big.Rat).Mul(n.value, big.NewRat(1, 2))}, nil
}
