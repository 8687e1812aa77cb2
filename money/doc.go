// Package money counts currency exactly.
//
// An [Amount] is a whole number of units, and a unit is 10⁻¹² of the currency
// (of a dollar, not of a cent). One token at $0.0375 per million costs 37,500
// units; the largest amount is 99,999,999,999,999,999,999,999,999.999999999999.
// That is what the lake's DECIMAL(38,12) holds, digit for digit.
//
// It is for prices, charges, budgets, bills and statements: everything that
// must add up to the last digit in any order, on any machine.
//
// It refuses
//   - floats, in and out, but for [Amount.Approx], which draws charts;
//   - to round without being told to: Parse and JSON fail where a 13th decimal
//     would be lost, and each multiplication rounds once, half to even;
//   - general division: a quotient is either a price applied to a quantity
//     ([Amount.MulRatio], [Amount.Mul]), a conversion at a rate
//     ([Amount.MulQuotient]) or a split whose parts sum to the whole
//     ([Amount.Split], [Shown]);
//   - to read "unknown" as zero: JSON null and SQL NULL need a [Null];
//   - to mix currencies: [Money.Add] fails.
//
// Invariant: every Amount that this package hands out lies within ±(10³⁸−1)
// units. What would lie beyond is an error that wraps [ErrOverflow].
//
// Start with amount.go, then multiply.go and split.go. Unsigned arithmetic in
// 128 and 256 bits lies under them, in magnitude.go and wide.go. DESIGN.md says
// why this is not a library.
package money
