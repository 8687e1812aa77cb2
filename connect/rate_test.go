package connect_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func rateOf(day, from, to, rate string) exchange.Rate {
	d, _ := exchange.ParseDay(day) // constants of this file
	return exchange.Rate{From: money.Currency(from), To: money.Currency(to), Rate: money.Must(rate), Day: d, Basis: exchange.DayRate, Source: "ecb"}
}

func TestRatesOneARow(t *testing.T) {
	t.Parallel()
	const file = "\ufeffsource,day,from,to,rate,basis,seller,account,period\r\n" +
		"ecb,2026-11-20,EUR,USD,1.0813,,,,\r\n" +
		"ecb,2026-11-20,EUR,USD,1.0813,day,,,\r\n\r\n" +
		"\"bill, 7\",2026-12-02, USD ,EUR,0.92481272542310218,invoice,acme,eu,2026-11\r\n"
	bill := rateOf("2026-12-02", "USD", "EUR", "0.924812725423")
	bill.Basis, bill.Source, bill.Seller, bill.Account, bill.Period = exchange.InvoiceRate, "bill, 7", "acme", "eu", "2026-11"
	got, err := connect.ReadRates(iotest.OneByteReader(strings.NewReader(file)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]exchange.Rate{rateOf("2026-11-20", "EUR", "USD", "1.0813"), bill}, got); diff != "" {
		t.Errorf("rates (-want +got):\n%s", diff)
	}
}

// TestRatesOfACentralBank reads both files of the European Central Bank: that of
// all days, with its comma at each end, and that of the last day.
func TestRatesOfACentralBank(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"all days":     "Date,USD,JPY,CYP,\n2026-11-20,1.0813,168.78,N/A,\n2026-11-19,1.079,N/A,,\n",
		"the last day": "Date, USD, JPY, CYP, \n20 November 2026, 1.0813, 168.78, N/A, \n19 November 2026, 1.079, N/A, , \n",
	} {
		got, err := connect.ReadRates(strings.NewReader(file))
		want := []exchange.Rate{
			rateOf("2026-11-20", "EUR", "USD", "1.0813"), rateOf("2026-11-20", "EUR", "JPY", "168.78"), rateOf("2026-11-19", "EUR", "USD", "1.079"),
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestRatesWithMistakes(t *testing.T) {
	t.Parallel()
	const head = "day,from,to,rate,source\n"
	for _, c := range []struct{ name, file, want string }{
		{"a day", head + "20.11.2026,EUR,USD,1,ecb\n", "line 2: day: must be a day like 2026-11-25"},
		{"all fields", head + "x,y,z,w,\n", "line 2: from: must be"},
		{"no number, once", head + "2026-11-20,EUR,USD,one,ecb\n", "line 2: rate: column \"rate\" holds a text of 3 bytes; want a decimal number such as 12.5"},
		{"zero", head + "2026-11-20,EUR,USD,0,ecb\n", "line 2: rate: must be above 0"},
		{"too few", head + "2026-11-20,EUR,USD\n", "line 2: record: has 3 columns where the header has 5"},
		{"a contradiction", head + "2026-11-20,EUR,USD,1,ecb\n2026-11-20,EUR,USD,2,ecb\n", "line 3: rate: is another one than in line 2"},
		{"many", head + strings.Repeat("2026-11-20,EUR,USD,0,ecb\n", 25), "line 21: rate: must be above 0 and below 1,000,000,000\nand 5 more"},
		{"a table's cell", "Date,USD\n2026-11-20,one\n", "line 2: USD: column \"USD\" holds a text"},
		{"a table's zero", "Date,USD\n2026-11-20,0\n", "line 2: USD: column \"USD\" must be above 0"},
		{"a table's EUR", "Date,EUR\n2026-11-20,1\n", "line 2: EUR: column \"EUR\" is the currency that it converts from"},
		{"a table's day", "Date,USD\n2026-13-20,1\n", "line 2: day: column \"Date\" must be a day"},
		{"a table's header", "Date,USD,dollars\n2026-11-20,1,1\n", "column \"dollars\" is no currency"},
		{"a wide table", "Date" + strings.Repeat(",USD", 301) + "\n", "the table has 301 currencies"},
		{"a narrow table", "Date,\n2026-11-20,\n", "the table has 0 currencies"},
		{"twice a column", "Date,USD,USD\n2026-11-20,1,1\n", "columns that appear twice: \"USD\""},
		{"another header", "date;usd\n", "missing columns: \"day\", \"from\", \"to\", \"rate\", \"source\""},
		{"nothing", "", "the file is empty"},
		{"no text", "PK\x03\x04", "spreadsheet"},
	} {
		got, err := connect.ReadRates(strings.NewReader(c.file))
		if err == nil || spend.KindOf(err) != spend.KindInvalid || !strings.Contains(err.Error(), c.want) || len(got) > 0 {
			t.Errorf("%s: %d rates, %v; want none and %q", c.name, len(got), err, c.want)
		}
		if spend.HintOf(err) == "" {
			t.Errorf("%s: no hint", c.name)
		}
	}
	broken := io.MultiReader(strings.NewReader(head+"2026-11-20,EUR,USD,1,ecb\n"), iotest.ErrReader(io.ErrClosedPipe))
	if got, err := connect.ReadRates(broken); spend.KindOf(err) != spend.KindUnavailable || len(got) > 0 {
		t.Errorf("a broken stream gives %d rates, %v", len(got), err)
	}
}

func TestTooManyRates(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	file.WriteString("Date,AAA,AAB,AAC,AAD,AAE,AAF,AAG,AAH,AAI,AAJ\n")
	for day := range connect.MaxRates/10 + 1 {
		fmt.Fprintf(&file, "%s%s\n", exchange.Day(day+1), strings.Repeat(",1", 10))
	}
	if got, err := connect.ReadRates(strings.NewReader(file.String())); spend.KindOf(err) != spend.KindExhausted || len(got) > 0 {
		t.Errorf("%d rates, %v; want none", len(got), err)
	}
}

func FuzzRates(f *testing.F) {
	f.Add("day,from,to,rate,source,basis\n2026-11-20,EUR,USD,1.0813,ecb,day\n")
	f.Add("Date, USD, JPY, \n20 November 2026, 1.0813, N/A, \n")
	f.Add("Date,USD,\n\"2026-11-20\n\",1e300,\n")
	f.Fuzz(func(t *testing.T, file string) {
		rates, err := connect.ReadRates(strings.NewReader(file))
		slow, slowErr := connect.ReadRates(iotest.OneByteReader(strings.NewReader(file)))
		if diff := cmp.Diff(rates, slow); diff != "" || (err == nil) != (slowErr == nil) {
			t.Fatalf("byte by byte: %v, %v\n%s", err, slowErr, diff)
		}
		for i := range rates {
			if problems := rates[i].Validate(); len(problems) > 0 {
				t.Fatalf("%+v: %v", rates[i], problems)
			}
		}
	})
}
