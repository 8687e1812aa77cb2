package money_test

import (
	"encoding/binary"
	"math"
	"math/big"
	"testing"
)

// unitsOf makes an amount's units of two fuzzed words: their 128-bit integer,
// modulo 10³⁸.
func unitsOf(hi int64, lo uint64) *big.Int {
	x := new(big.Int).Lsh(big.NewInt(hi), 64)
	x.Add(x, new(big.Int).SetUint64(lo))
	return x.Rem(x, power10(38))
}

// wordsOf cuts fuzzed bytes into at most 64 integers.
func wordsOf(data []byte) []int64 {
	var words []int64
	for len(data) >= 8 && len(words) < 64 {
		words = append(words, int64(binary.LittleEndian.Uint64(data)))
		data = data[8:]
	}
	return words
}

func bytesOf(words ...int64) []byte {
	var data []byte
	for _, w := range words {
		data = binary.LittleEndian.AppendUint64(data, uint64(w))
	}
	return data
}

// The largest amount is topHi·2⁶⁴ + topLo units, the least endHi·2⁶⁴ + endLo.
const (
	topHi int64  = 5421010862427522170
	topLo uint64 = 687399551400673279
	endHi        = ^topHi
	endLo        = ^topLo + 1
)

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"0", "-0", "+1.5", ".5", "5.", "3e-05", "1.25E+2", "0.0000000375", "1e-13", "0e-99999999",
		"99999999999999999999999999.999999999999", "99999999999999999999999999.9999999999995", "1e26", "1e400",
		"0.0000000000005", "0.0000000000015", "0.00000000000050001", "1.000000000000000000000",
		"", "-", ".", "e5", "1e", "1e+", " 1", "1 ", "NaN", "Inf", "0x10", "1_000", "1,5", "१", "--1", "1.2.3",
	} {
		f.Add(s)
	}
	f.Fuzz(checkParse)
}

func FuzzAddSub(f *testing.F) {
	f.Add(int64(0), uint64(0), int64(0), uint64(1))
	f.Add(topHi, topLo, int64(0), uint64(1))
	f.Add(topHi, topLo, topHi, topLo)
	f.Add(endHi, endLo, int64(-1), uint64(math.MaxUint64))
	f.Add(int64(0), uint64(math.MaxUint64), int64(0), uint64(1))
	f.Fuzz(func(t *testing.T, hi int64, lo uint64, hi2 int64, lo2 uint64) {
		checkAddSub(t, unitsOf(hi, lo), unitsOf(hi2, lo2))
	})
}

func FuzzMulRatio(f *testing.F) {
	f.Add(int64(0), uint64(37_500_000_000), int64(123_457), int64(1_000_000))
	f.Add(int64(0), uint64(1), int64(500_000), int64(1_000_000))
	f.Add(int64(0), uint64(math.MaxUint64), int64(math.MaxInt64), int64(math.MaxInt64))
	f.Add(topHi, topLo, int64(math.MinInt64), int64(math.MaxInt64))
	f.Add(endHi, endLo, int64(3), int64(2))
	f.Add(int64(1), uint64(0), int64(1), int64(0))
	f.Fuzz(func(t *testing.T, hi int64, lo uint64, num, den int64) {
		checkMulRatio(t, unitsOf(hi, lo), num, den)
	})
}

func FuzzMul(f *testing.F) {
	f.Add(int64(0), uint64(6_000_000_000), int64(2), uint64(606_511_852_580_896_768), int64(60))
	f.Add(topHi, topLo, topHi, topLo, int64(math.MaxInt64))
	f.Add(topHi, topLo, int64(0), uint64(1_000_000_000_000), int64(1))
	f.Add(int64(-1), uint64(math.MaxUint64), int64(0), uint64(500_000_000_000), int64(1))
	f.Add(int64(0), uint64(1), int64(0), uint64(1), int64(-1))
	f.Fuzz(func(t *testing.T, hi int64, lo uint64, hi2 int64, lo2 uint64, per int64) {
		checkMul(t, unitsOf(hi, lo), unitsOf(hi2, lo2), per)
	})
}

func FuzzMulQuotient(f *testing.F) {
	f.Add(int64(0), uint64(100_000_000_000_000), bytesOf(0, 1_000_000_000_000, 0, 1_081_300_000_000))
	f.Add(topHi, topLo, bytesOf(topHi, int64(topLo), topHi, int64(topLo)))
	f.Add(endHi, endLo, bytesOf(0, 3, 0, 2))
	f.Add(int64(0), uint64(1), bytesOf(1, 0, 2, 0))
	f.Add(int64(0), uint64(3), bytesOf(1, 0, 2, 0))
	f.Add(topHi, topLo, bytesOf(3, 0, 2, 1))
	f.Add(int64(0), uint64(1), bytesOf(0, 1, 0, 0))
	f.Fuzz(func(t *testing.T, hi int64, lo uint64, rate []byte) {
		w := append(wordsOf(rate), 0, 0, 0, 0)
		checkMulQuotient(t, unitsOf(hi, lo), unitsOf(w[0], uint64(w[1])), unitsOf(w[2], uint64(w[3])))
	})
}

func FuzzRound(f *testing.F) {
	f.Add(int64(0), uint64(2_345_000_000_000), 2)
	f.Add(int64(0), uint64(500_000_000_000), 0)
	f.Add(topHi, topLo, 3)
	f.Add(endHi, endLo, -1)
	f.Add(topHi, topLo, 99)
	f.Fuzz(func(t *testing.T, hi int64, lo uint64, digits int) {
		checkRound(t, unitsOf(hi, lo), digits)
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(int64(0), uint64(100), bytesOf(1, 1, 1))
	f.Add(int64(-1), uint64(1), bytesOf(0, 0, 0, 0))
	f.Add(topHi, topLo, bytesOf(math.MaxInt64, math.MaxInt64, math.MaxInt64, 0, 1))
	f.Add(int64(0), uint64(7), bytesOf(5, -5))
	f.Add(int64(0), uint64(7), []byte(nil))
	f.Fuzz(func(t *testing.T, hi int64, lo uint64, weights []byte) {
		checkSplit(t, unitsOf(hi, lo), wordsOf(weights))
	})
}

func FuzzShown(f *testing.F) {
	f.Add(uint8(2), bytesOf(0, 3_335_000_000_000, 0, 3_335_000_000_000, 0, 3_330_000_000_000))
	f.Add(uint8(0), bytesOf(0, 500_000_000_000, -1, -500_000_000_000))
	f.Add(uint8(11), bytesOf(topHi, int64(topLo)))
	f.Add(uint8(5), []byte(nil))
	f.Fuzz(func(t *testing.T, digits uint8, data []byte) {
		var parts []*big.Int
		words := wordsOf(data)
		for i := 0; i+1 < len(words); i += 2 {
			parts = append(parts, unitsOf(words[i], uint64(words[i+1])))
		}
		checkShown(t, int(digits%13), parts)
	})
}
