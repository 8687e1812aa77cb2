package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

const header = "seller,sku,model,meter,price,per,currency,region,valid_from,layer,basis,source,checked,confidence\n"

// priceLog is a log of two made-up facts, one of them for two regions.
func priceLog(t *testing.T) app.PriceLog {
	t.Helper()
	facts := readFacts(t, header+
		"acme,large,acme/large,in_text,2,1000000,USD,,2026-01-01,list,vendor_page,made up,2026-11-01,high\n"+
		"acme,large,acme/large,in_text,2.2,1000000,USD,eu|us,2026-01-01,list,vendor_page,made up,2026-11-01,high\n")
	return app.PriceLog{Facts: facts}
}

func readFacts(t *testing.T, text string) []pricebook.Fact {
	t.Helper()
	f, err := os.Open(write(t, "facts.csv", text))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	facts, err := pricebook.ReadFacts(f)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// file is a file of prices by its path.
func file(t *testing.T, path string) app.PriceFile {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return app.PriceFile{Name: filepath.Base(path), Text: text}
}

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// price rates a million prompt tokens.
func price(t *testing.T, l *app.PriceLog, region string, at time.Time) money.Amount {
	t.Helper()
	book, err := l.Compile(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var u spend.Usage
	u.Tokens[spend.InText] = 1_000_000
	var out pricebook.Rating
	book.Rate(&pricebook.Call{Seller: "acme", Model: "large", At: at, Region: region, Usage: &u}, &out)
	return out.List
}

func TestAnImportedPriceReplacesWhatItMeets(t *testing.T) {
	t.Parallel()
	log := priceLog(t)
	dearer := file(t, write(t, "new.csv", header+
		"acme,large,acme/large,in_text,3,1000000,USD,eu,2026-12-01,list,vendor_page,made up,2026-11-20,high\n"))
	p, err := log.Propose(dearer, noon())
	if err != nil {
		t.Fatal(err)
	}
	log.Add(p.Facts)
	december := time.Date(2026, 12, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		region string
		at     time.Time
		want   string
	}{
		{"eu", noon(), "2.2"}, {"eu", december, "3"}, {"us", noon(), "2.2"}, {"us", december, "2.2"}, {"", december, "2"},
	} {
		if got := price(t, &log, c.region, c.at); got != money.Must(c.want) {
			t.Errorf("region %q on %s costs %s, want %s", c.region, c.at.Format(time.DateOnly), got, c.want)
		}
	}
	before, err := log.Compile(noon().Add(-time.Hour))
	if err != nil || before.Hash() != compiled(t, priceLog(t)) {
		t.Errorf("as known before the import the book is another (%v)", err)
	}
	again, err := log.Propose(dearer, noon())
	if err != nil || len(again.Changes) != 0 {
		t.Errorf("importing again changes %d prices (%v)", len(again.Changes), err)
	}
}

func compiled(t *testing.T, l app.PriceLog) string {
	t.Helper()
	book, err := l.Compile(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return book.Hash()
}

func TestWhatTheLintIsSureAbout(t *testing.T) {
	t.Parallel()
	log := priceLog(t)
	p, err := log.Propose(file(t, write(t, "own.csv", header+
		"acme,large,acme/large,cache_read,20,1000000,USD,,2026-01-01,list,vendor_page,made up,2026-11-20,high\n")), noon())
	if err != nil || len(p.Findings) == 0 || p.Findings[0].Severity != pricebook.Wrong {
		t.Errorf("a cached read above the input price gives %v (%v)", p.Findings, err)
	}
	book := write(t, "models.csv", "provider,model,base_model,context_tier,input,output,cache_read,cache_write,reasoning,input_audio,output_audio,release_date,last_updated,status\n"+
		"acme,large,,base,2.5,9,30,,,,,2026-01-01,2026-02-01,\n")
	p, err = log.Propose(file(t, book), noon())
	if err != nil || p.Book != "models.dev" {
		t.Fatalf("read as %s (%v)", p.Book, err)
	}
	for _, f := range p.Facts {
		if f.Meter == spend.CacheRead {
			t.Errorf("a public book's slip was taken over: %s", f.Price)
		}
	}
	if len(p.Skipped) == 0 || len(p.Changes) == 0 {
		t.Errorf("%d left out and %d changes, want the slip left out and the new price taken", len(p.Skipped), len(p.Changes))
	}
}
