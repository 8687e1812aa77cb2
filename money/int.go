package money

// Int gives the whole units of the amount, false when it has a fraction or lies
// outside int64.
func (a Amount) Int() (int64, bool) {
	whole, err := a.MulRatio(1, perWhole)
	if err != nil {
		return 0, false
	}
	n, fits := whole.Units()
	return n, fits && FromInt(n) == a
}
