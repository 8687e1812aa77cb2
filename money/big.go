package money

import (
	"encoding/binary"
	"fmt"
	"math/big"
)

// FromBig returns an amount of that many units of 10⁻¹² of the currency. The
// error wraps ErrOverflow, or ErrSyntax for nil.
func FromBig(units *big.Int) (Amount, error) {
	if units == nil {
		return Amount{}, fmt.Errorf("convert a nil *big.Int: %w", ErrSyntax)
	}
	if units.BitLen() > 128 { // before FillBytes, which panics on those
		return Amount{}, overflow("convert an integer of %d bits", units.BitLen())
	}
	var b [16]byte
	units.FillBytes(b[:])
	m := magnitude{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
	a, ok := m.signed(units.Sign() < 0)
	if !ok {
		return Amount{}, overflow("convert %v units", units)
	}
	return a, nil
}

// Big returns the count of 10⁻¹² units of the currency as a new integer.
func (a Amount) Big() *big.Int {
	m := a.magnitude()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], m.hi)
	binary.BigEndian.PutUint64(b[8:], m.lo)
	units := new(big.Int).SetBytes(b[:])
	if a.hi < 0 {
		units.Neg(units)
	}
	return units
}
