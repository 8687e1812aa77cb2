package money_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/money"
)

func TestParseReadsDecimals(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"0": "0", "-0": "0", "+1": "1", "-2.50": "-2.5", ".5": "0.5", "5.": "5", "007": "7",
		"3e-05": "0.00003", "1.25E+2": "125", "1e-12": "0.000000000001", "12345e-12": "0.000000012345",
		"0.00001e-7": "0.000000000001", "100000e-17": "0.000000000001", "1e25": "10000000000000000000000000",
		"0e99999999999": "0", "-0e-99999999999": "0", "0.000e30": "0",
		"0.000000000000000000000000001e15":                       "0.000000000001",
		"0." + strings.Repeat("0", 126):                          "0",
		strings.Repeat("0", 127) + "3":                           "3",
		"1.5" + strings.Repeat("0", 125):                         "1.5",
		"99999999999999999999999999.999999999999000":             "99999999999999999999999999.999999999999",
		"-9999999999999999999999999999999999999900000000000e-23": "-99999999999999999999999999.999999999999",
	} {
		if got, err := money.Parse(s); err != nil || got.String() != want {
			t.Errorf("Parse(%q) = %v, %v; want %s", s, got, err, want)
		}
		checkParse(t, s)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for want, texts := range map[error][]string{
		money.ErrSyntax: {
			"", " ", "1 ", " 1", "-", "+", ".", "-.", "e5", ".e5", "1e", "1e+", "1e1.5", "--1", "+-1", "1-", "1.2.3",
			"NaN", "Inf", "-inf", "Infinity", "nil", "null", "1_000", "1,000", "1,5", "0x10", "0b1", "1e0x1", "1p3", "$1", "१२",
			"\x00", "1\x00", "1\n", "½", strings.Repeat("1", 129), "0." + strings.Repeat("0", 127),
		},
		money.ErrPrecision: {
			"0.0000000000001", "1.0000000000001", "-1e-13", "1e-400", "1e-99999999999", "0.30000000000000004",
			"99999999999999999999999999.9999999999991",
		},
		money.ErrOverflow: {
			"1e26", "-1e26", "1e27", "1e400", "-1e99999999999", "100000000000000000000000000", "0.1e27",
			"100000000000000000000000000.0000000000001", strings.Repeat("9", 128),
		},
	} {
		for _, s := range texts {
			if got, err := money.Parse(s); !errors.Is(err, want) || !got.IsZero() {
				t.Errorf("Parse(%q) = %v, %v; want zero and %v", s, got, err, want)
			}
			checkParse(t, s)
		}
	}
}

func TestParseRoundedSaysWhetherItRounded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		s, want string
		exact   bool
	}{
		{"0.30000000000000004", "0.3", false},
		{"0.25", "0.25", true},
		{"1.0000000000000000", "1", true},
		{"0.0000000000005", "0", false},
		{"0.00000000000050000000001", "0.000000000001", false},
		{"0.0000000000015", "0.000000000002", false},
		{"-0.0000000000015", "-0.000000000002", false},
		{"-0.0000000000004", "0", false},
		{"5e-13", "0", false},
		{"9e-14", "0", false},
		{"1e-99999999999", "0", false},
		{"0e-99999999999", "0", true},
		{"99999999999999999999999999.9999999999994999", "99999999999999999999999999.999999999999", false},
	} {
		got, exact, err := money.ParseRounded(tc.s)
		if err != nil || got.String() != tc.want || exact != tc.exact {
			t.Errorf("ParseRounded(%q) = %v, %t, %v; want %s, %t", tc.s, got, exact, err, tc.want, tc.exact)
		}
	}
	if got, _, err := money.ParseRounded("99999999999999999999999999.9999999999995"); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("rounding past the end = %v, %v; want ErrOverflow", got, err)
	}
	if _, _, err := money.ParseRounded("x"); !errors.Is(err, money.ErrSyntax) {
		t.Errorf("ParseRounded(x): %v, want ErrSyntax", err)
	}
}

// TestParseFineLosesNothing sums what is written below a unit before it is rounded.
func TestParseFineLosesNothing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ s, want, rest string }{
		{"0.0000000000004", "0", "0.4"},
		{"0.0000000000017", "0.000000000002", "-0.3"},
		{"-0.0000000000017", "-0.000000000002", "0.3"},
		{"0.0000000000005", "0", "0.5"},
		{"0.0000000000015", "0.000000000002", "-0.5"},
		{"14e-14", "0", "0.14"},
		{"-9e-14", "0", "-0.09"},
		{"99999999999999999999999999.9999999999994", "99999999999999999999999999.999999999999", "0.4"},
		{"1.25", "1.25", "0"},
		{"1e-99999999999", "0", "0"},
	} {
		got, rest, err := money.ParseFine(tc.s)
		if err != nil || got.String() != tc.want || rest.String() != tc.rest {
			t.Errorf("ParseFine(%q) = %v and %v, %v; want %s and %s", tc.s, got, rest, err, tc.want, tc.rest)
		}
	}
	for s, want := range map[string]error{"x": money.ErrSyntax, "1e26": money.ErrOverflow, "99999999999999999999999999.9999999999995": money.ErrOverflow} {
		if _, _, err := money.ParseFine(s); !errors.Is(err, want) {
			t.Errorf("ParseFine(%s): %v, want %v", s, err, want)
		}
	}
}

func TestErrorsClipWhatTheyQuote(t *testing.T) {
	t.Parallel()
	_, err := money.Parse(strings.Repeat("7", 5000))
	want := `parse amount "` + strings.Repeat("7", 40) + `…": it has 5000 characters, at most 128 are read: not an amount such as -12.5 or 3e-05`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestMustPanicsOnBadConstants(t *testing.T) {
	t.Parallel()
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, money.ErrSyntax) {
			t.Errorf("Must panicked with %v, want ErrSyntax", err)
		}
	}()
	money.Must("a lot")
}
