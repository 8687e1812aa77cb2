package vendor_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/spend"
)

// TestBillsWithOtherDecimalMarks refuses each amount and quantity in which a comma may be
// either sign, in every form of a bill: nothing is taken for a thousand times as much.
func TestBillsWithOtherDecimalMarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ of, text, number string }{
		{"focus", focusHead + focusRows, "0.4662"}, {"focus", focusHead + focusRows, "31080.0"},
		{"bedrock", bedrockHead + bedrockRow, "14.463"}, {"bedrock", bedrockHead + bedrockRow, "48211.4"},
		{"azure", azureHead + azureRows, "0.364"}, {"azure", azureHead + azureRows, "910.0"},
	} {
		for _, mark := range []string{strings.ReplaceAll(c.number, ".", ","), "1.234,56", "1,234", "1'234.5", "1 234.5"} {
			good := len(read(t, c.of, c.text).Lines)
			x, bad := read(t, c.of, strings.Replace(c.text, c.number, `"`+mark+`"`, 1)), 0
			for i := range x.Lines {
				if l := &x.Lines[i]; len(l.Problems) > 0 {
					bad++
				}
			}
			if bad != 1 || len(x.Lines) > good+1 {
				t.Errorf("%s with %s: %d of %d lines are refused", c.of, mark, bad, len(x.Lines))
			}
		}
	}
}

// TestBillsInTwoCurrencies keeps the amounts of one resource and day apart.
func TestBillsInTwoCurrencies(t *testing.T) {
	t.Parallel()
	row := "11/22/2026,Foundry Models,gpt 4.1 mini Inp glbl Tokens,1K,910.0,%s,%s,sub-1,\n"
	x := read(t, "azure", azureHead+fmt.Sprintf(row+row+row, "0.364", "USD", "0.34", "EUR", "0.01", "eur"))
	want := []string{
		`sub-1/2026-11 2026-11-22 azure gpt-4.1-mini {"in_text":"1820000"} 0.35 EUR`, `sub-1/2026-11 2026-11-22 azure gpt-4.1-mini {"in_text":"910000"} 0.364 USD`,
	}
	if diff := cmp.Diff(want, billed(t, x)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestEveryKindOfLineOfBedrock sorts what a Cost and Usage Report has beside usage; what
// gives money back is never taken for usage, and tokens are of usage alone.
func TestEveryKindOfLineOfBedrock(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]spend.Category{
		"Usage": "", "DiscountedUsage": "", "SavingsPlanCoveredUsage": "", "Tax": spend.CategoryTax, "Credit": spend.CategoryCredit, "Refund": spend.CategoryCredit,
		"BundledDiscount": spend.CategoryCredit, "EdpDiscount": spend.CategoryCredit, "PrivateRateDiscount": spend.CategoryCredit,
		"Fee": spend.CategoryPurchase, "RIFee": spend.CategoryPurchase, "SavingsPlanRecurringFee": spend.CategoryPurchase, "SavingsPlanNegation": spend.CategoryAdjustment,
	} {
		text := strings.Replace(bedrockRow, ",Usage,", ","+kind+",", 1)
		if want == spend.CategoryCredit || want == spend.CategoryAdjustment {
			text = strings.Replace(text, "14.463", "-14.463", 1)
		}
		x := read(t, "bedrock", bedrockHead+text)
		if len(x.Lines) != 1 || x.Lines[0].Event.Category != want || len(x.Lines[0].Problems) > 0 || x.Lines[0].Event.Usage.IsZero() != (want != "") {
			t.Errorf("%s is %+v, want the category %q", kind, x.Lines, want)
		}
	}
}

// TestSKUsThatNobodyKnows books the money of each under the name that the bill has for it:
// no model is guessed by a name that is like it.
func TestSKUsThatNobodyKnows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ of, text, model string }{
		{"focus", focusHead + strings.ReplaceAll(focusRows, "x-large", "claude-sonnet-99"), "claude-sonnet-99"},
		{"bedrock", bedrockHead + strings.Replace(bedrockRow, "Claude4.6Sonnet", "Claude99Sonnet", 1), "Claude99Sonnet"},
		{"bedrock", bedrockHead + strings.Replace(bedrockRow, "Claude4.6Sonnet-cache-read-input-token-count-cross-region-global", "Guardrail-text-units", 1), ""},
		{"azure", azureHead + strings.Replace(azureRows, "gpt 4.1 mini", "gpt 99 mini", 1), "gpt-99-mini"},
		{"google-cloud", strings.Replace(googleRow, "Gemini 2.5 Flash", "Gemini 99 Flash", 1), "gemini-99-flash"},
	} {
		known, x := read(t, c.of, strings.NewReplacer("\r", "").Replace(c.text)), false
		for i := range known.Lines {
			e := &known.Lines[i].Event
			x = x || e.RequestedModel == c.model && e.Reported.Valid && len(known.Lines[i].Problems) == 0
		}
		if !x {
			t.Errorf("%s: no line of %q in %+v", c.of, c.model, known.Lines)
		}
	}
}

// spaces are so many bytes that nobody holds.
type spaces struct{ left int }

func (s *spaces) Read(b []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	n := min(s.left, len(b))
	for i := range b[:n] {
		b[i] = ' '
	}
	s.left -= n
	return n, nil
}

// TestRowsWithoutAnEnd refuses a row, or a record of a page, that does not end within 32 MiB,
// also where it was a few kilobytes when it was packed.
func TestRowsWithoutAnEnd(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]string{"row": bedrockHead, "cell": bedrockHead + `1,"`, "record": `{"data":[{"a":"`} {
		for _, packed := range []bool{false, true} {
			in := io.MultiReader(strings.NewReader(begin), &spaces{40 << 20})
			if packed {
				var out bytes.Buffer
				w := gzip.NewWriter(&out)
				if _, err := io.Copy(w, in); err != nil || w.Close() != nil {
					t.Fatal(err)
				}
				in = &out
			}
			_, err := vendor.Read(in, vendor.Options{Vendor: "bedrock"})
			if spend.KindOf(err) != spend.KindExhausted || spend.HintOf(err) == "" {
				t.Errorf("%s, packed %v: %v", name, packed, err)
			}
		}
	}
}

// TestNamesWithoutAnEnd refuses rows whose names are longer than any that is kept, and holds
// nothing of them.
func TestNamesWithoutAnEnd(t *testing.T) {
	t.Parallel()
	x := read(t, "azure", azureHead+strings.Replace(azureRows, "gpt 4.1 mini", strings.Repeat("g", 1<<20), 1))
	refused := 0
	for i := range x.Lines {
		if l := &x.Lines[i]; len(l.Problems) > 0 {
			refused++
			if p := l.Problems[0].String(); !strings.HasPrefix(p, "metername: is 10485") || len(l.Event.RequestedModel) > 512 {
				t.Errorf("%.200s", p)
			}
		}
	}
	if refused != 1 {
		t.Errorf("%d rows are refused", refused)
	}
}

// TestBillsThatAreCutOff cuts each form of a bill at every byte: it is refused, or a row of
// it is, or what is there is what the whole says of these rows; a row that was cut is never
// taken for whole, but where the cut leaves nothing to tell it by.
func TestBillsThatAreCutOff(t *testing.T) {
	t.Parallel()
	for of, text := range map[string]string{"focus": focusHead + focusRows, "bedrock": bedrockHead + bedrockRow + bedrockRow, "azure": azureHead + azureRows} {
		lines := strings.SplitAfter(text, "\n")
		for at := len(lines[0]); at < len(text); at++ {
			ends := strings.LastIndexByte(text[:at], '\n') + 1
			x, err := vendor.Read(strings.NewReader(text[:at]), vendor.Options{Vendor: of})
			row := text[ends:at]
			cells := strings.Count(lines[0], ",")
			switch {
			case err != nil && spend.HintOf(err) == "":
				t.Fatalf("%s cut at %d: %v", of, at, err)
			case err == nil && row != "" && strings.Count(row, `"`) == 0 && strings.Count(row, ",") < cells:
				t.Fatalf("%s cut within %q: %+v", of, row, x.Lines)
			}
		}
	}
}
