package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/exchange"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Rates lists exchange rates, the newest day first.
func (s *Server) Rates(ctx context.Context, l api.RateList) (rates []exchange.Rate, err error) {
	err = s.State.Read(ctx, func(tx *state.Tx) error {
		rates, err = tx.ListRates(ctx, state.RateList(l))
		return err
	})
	return rates, err
}

// InForce are the rates that convert, nil while there is none.
func (s *Server) InForce() *exchange.Rates { return s.rates.Load() }

// AddRates keeps exchange rates, notes who did it, converts with them from now
// on, and books anew what had no rate. What is converted already stays as it is,
// also when a rate is corrected.
func (s *Server) AddRates(ctx context.Context, by auth.Identity, rates []exchange.Rate) (api.RateChange, error) {
	rates = slices.Clone(rates)
	for i := range rates {
		rates[i].Seller = pricebook.Seller(rates[i].Seller) // as the lines name it
	}
	var added []exchange.Rate
	err := s.State.Write(ctx, func(tx *state.Tx) (err error) {
		if added, err = tx.AddRates(ctx, rates); err != nil || len(added) == 0 {
			return err
		}
		_, err = auth.Append(ctx, tx, auth.Note{Who: by, Action: auth.RateChange, Target: "exchange_rates", After: auth.DigestOf(idsOf(added))})
		return err
	})
	if err != nil {
		return api.RateChange{}, err
	}
	done, err := s.reconvert(ctx, added)
	return api.RateChange{
		Added: len(added), Known: len(rates) - len(added), Converted: orEmpty(done.Converted), Left: orEmpty(done.Left),
	}, err
}

func orEmpty(lines map[money.Currency]int64) map[money.Currency]int64 {
	if lines == nil {
		return map[money.Currency]int64{}
	}
	return lines
}

func idsOf(rates []exchange.Rate) string {
	ids := make([]string, len(rates))
	for i := range rates {
		ids[i] = rates[i].ID
	}
	return strings.Join(ids, "\n")
}

// reconvert puts further rates in force, and converts what had none. One at a
// time, so that none of them is lost.
func (s *Server) reconvert(ctx context.Context, added []exchange.Rate) (ingest.Reconversion, error) {
	s.exchanging.Lock()
	defer s.exchanging.Unlock()
	if len(added) > 0 {
		s.rates.Store(s.rates.Load().With(added))
		s.Ingest.Pipeline.UseRates(s.rates.Load())
		s.recounted(ctx)
	}
	done, err := s.Ingest.Pipeline.Reconvert(ctx, s.Lake)
	if done.Corrections == 0 {
		return done, err
	}
	s.total.add(done.Result)
	s.log.Info("converted lines that had no exchange rate", "lines", done.Corrections)
	if err := s.Live.Publish(api.Message{Topic: "booked", Data: []byte("{}")}); err != nil {
		s.log.Error("publish", "error", err)
	}
	return done, err
}

// convertLeft ends what a crash between a rate and its lines left undone.
func (s *Server) convertLeft(ctx context.Context) error {
	if s.rates.Load() == nil {
		return nil
	}
	_, err := s.reconvert(ctx, nil)
	return err
}

// exchanged says by which rates a question's lines were converted, nil when all
// of them are in the reporting currency.
func (s *Server) exchanged(ctx context.Context, q *spend.Query) (*api.Rates, error) {
	rates := s.rates.Load()
	if rates == nil { // spare the ledger the question
		return nil, nil //nolint:nilnil // no rates, none was used
	}
	found, err := lake.Exchanged(ctx, s.Lake, q)
	if err != nil || !found {
		return nil, err
	}
	end := s.Now()
	if !q.To.IsZero() && q.To.Before(end) {
		end = q.To.Add(-time.Microsecond)
	}
	zone := s.Calendar().Location()
	newest := rates.Newest(exchange.DayOf(end, zone))
	return &api.Rates{Basis: "day of use", AsOf: newest.Start(zone)}, nil
}

// ratesOf are the rates of the state, nil while it has none.
func ratesOf(ctx context.Context, store *state.Store) (rates *exchange.Rates, err error) {
	err = store.Read(ctx, func(tx *state.Tx) error {
		all, err := tx.Rates(ctx)
		if len(all) > 0 {
			rates = exchange.New(all, time.Time{})
		}
		return err
	})
	return rates, err
}
