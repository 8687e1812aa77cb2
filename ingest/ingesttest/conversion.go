package ingesttest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// Rates is a set with one rate, of the day before Now: a EUR is 1.25 USD.
func Rates() *exchange.Rates {
	return exchange.New([]exchange.Rate{{
		ID: "rate-1", From: "EUR", To: "USD", Rate: money.Must("1.25"), Day: exchange.DayOf(Now(), time.UTC) - 1, Source: "ecb",
	}}, time.Time{})
}

func euros(t testing.TB, e Engine, rates *exchange.Rates) *ingest.Pipeline {
	t.Helper()
	return pipeline(t, e, ingest.Config{Order: ingest.Order{Reporting: "EUR"}, Exchange: rates})
}

// foreign is what is billed in USD: a call of a model without a price, then told().
func foreign() []ingest.Record {
	unknown := event("gateway", "unknown", spend.RankGateway, [2]int64{1000, 10})
	unknown.Event.RequestedModel = "enormous"
	return append([]ingest.Record{unknown}, told()...)
}

func reconvert(t testing.TB, p *ingest.Pipeline, e Engine) ingest.Reconversion {
	t.Helper()
	done, err := p.Reconvert(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// lateRates: what rates convert later ends like what they converted at once, and
// a second time there is nothing to do.
func lateRates(t *testing.T, open func(*testing.T) Engine) {
	atOnce := open(t)
	book(t, euros(t, atOnce, Rates()), foreign()...)
	want := total(t, atOnce)

	e := open(t)
	p := euros(t, e, nil)
	first := book(t, p, foreign()[:12]...)
	if got := total(t, e); got.Waiting == 0 || !got.Known.IsZero() || !first.Cost.IsZero() {
		t.Errorf("%+v: want nothing in EUR before a rate is known", got)
	}
	if none := reconvert(t, p, e); none.Corrections != 0 || none.Left["USD"] != 5 {
		t.Errorf("%+v without a rate, want five lines left", none)
	}
	p.UseRates(Rates())
	done := reconvert(t, p, e)
	if done.Corrections != 5 || len(done.Left) != 0 || done.Cost != total(t, e).Known {
		t.Errorf("%+v, want five lines converted and none left", done)
	}
	book(t, p, foreign()[12:]...) // further sightings of converted lines
	if diff := cmp.Diff(want, total(t, e)); diff != "" {
		t.Errorf("late rates give another total (-at once +late):\n%s", diff)
	}
	onlyOnce(t, e, p)
}

// onlyOnce wants a second conversion, and one after a restart, to book nothing.
func onlyOnce(t *testing.T, e Engine, p *ingest.Pipeline) {
	t.Helper()
	before, err := e.Charges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*ingest.Pipeline{p, euros(t, e, Rates())} {
		again := reconvert(t, p, e)
		repeated := book(t, p, foreign()...)
		if again.Corrections != 0 || repeated.Duplicates != repeated.Read {
			t.Errorf("%+v and %+v, want nothing new", again, repeated)
		}
	}
	after, err := e.Charges(t.Context())
	if err != nil || len(before) != len(after) {
		t.Errorf("%d lines became %d (%v)", len(before), len(after), err)
	}
}

// lateRatesOften: conversions and sightings that come at the same time leave each
// line reversed once at most.
func lateRatesOften(t *testing.T, open func(*testing.T) Engine) {
	atOnce := open(t)
	book(t, euros(t, atOnce, Rates()), foreign()...)
	e := open(t)
	p := euros(t, e, nil)
	var working sync.WaitGroup
	working.Go(func() {
		for i := range 20 {
			if i == 3 {
				p.UseRates(Rates())
			}
			if _, err := p.Reconvert(t.Context(), e); err != nil {
				t.Error(err)
			}
		}
	})
	for _, r := range foreign() {
		book(t, p, r)
	}
	working.Wait()
	reconvert(t, p, e)
	if diff := cmp.Diff(total(t, atOnce), total(t, e)); diff != "" {
		t.Errorf("at the same time gives another total (-at once +meanwhile):\n%s", diff)
	}
}

// ratesInBetween: many pages, of which rates convert some lines and leave others,
// with each line looked at once.
func ratesInBetween(t *testing.T, open func(*testing.T) Engine) {
	e := open(t)
	p := euros(t, e, nil)
	var records []ingest.Record
	for i := range 9000 {
		r := event("file", fmt.Sprint(i), spend.RankSpan, [2]int64{1000, 0})
		if i%3 == 0 {
			r.Event.UsedAt = Now().AddDate(0, 0, -30)
		}
		records = append(records, r)
	}
	book(t, p, records...)
	p.UseRates(Rates())
	for i, want := range []int64{6000, 0} {
		done := reconvert(t, p, e)
		if done.Corrections != want || done.Converted["USD"] != want || done.Left["USD"] != 3000 {
			t.Errorf("time %d: %d converted and %v left, want %d and 3000 of USD", i+1, done.Corrections, done.Left, want)
		}
	}
	if got := total(t, e); got.Calls != 9000 || got.Waiting != 3000 || got.Known != money.Must("9.6") {
		t.Errorf("%d calls, %d waiting, %s EUR; want 9000, 3000 and 9.6", got.Calls, got.Waiting, got.Known)
	}
}
