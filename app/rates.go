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
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/state"
)

// RateChange says what became of exchange rates that were told.
type RateChange struct {
	Added               int // facts that are new
	Known               int // facts that were there before
	ingest.Reconversion     // of the lines that had no rate
}

// AddRates keeps exchange rates, notes who did it, converts with them from now
// on, and books anew what had no rate. What is converted already stays as it is,
// also when a rate is corrected.
func (s *Server) AddRates(ctx context.Context, by auth.Identity, rates []exchange.Rate) (RateChange, error) {
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
		return RateChange{}, err
	}
	change := RateChange{Added: len(added), Known: len(rates) - len(added)}
	change.Reconversion, err = s.reconvert(ctx)
	return change, err
}

func idsOf(rates []exchange.Rate) string {
	ids := make([]string, len(rates))
	for i := range rates {
		ids[i] = rates[i].ID
	}
	return strings.Join(ids, "\n")
}

// reconvert puts the rates of the state in force and converts what had none. One
// at a time, so that the rates read last are the ones that stay.
func (s *Server) reconvert(ctx context.Context) (ingest.Reconversion, error) {
	s.exchanging.Lock()
	defer s.exchanging.Unlock()
	rates, err := ratesOf(ctx, s.State)
	if err != nil || rates == nil {
		return ingest.Reconversion{}, err
	}
	s.Ingest.Pipeline.UseRates(rates)
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
	_, err := s.reconvert(ctx)
	return err
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
