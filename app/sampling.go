package app

import (
	"slices"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/telemetry"
)

// Sampling gives nothing: what spans say of it is remembered by a server alone.
func (a *App) Sampling([]api.Counter) ([]api.Sampling, error) { return nil, nil }

// Sampling says how much of the traces of services is kept: by their spans' word, else by
// what counters tell and no call does.
func (s *Server) Sampling(counters []api.Counter) ([]api.Sampling, error) {
	receiver := s.receiving.Load()
	if receiver == nil {
		return nil, nil
	}
	var all []api.Sampling
	for _, of := range receiver.Sampled() {
		one := api.Sampling{Application: of.Application, Service: of.Service, Calls: of.Calls, Said: of.Said}
		counted, booked := sumsOf(counters, &one)
		var err error
		switch {
		case of.Stands > 0:
			one.How = "tracestate"
			one.Share, err = shareOf(of.Said, of.Stands, telemetry.All)
		case counted > 0 && 100*booked < 98*counted:
			one.How = "counters"
			one.Share, err = shareOf(booked, counted, 1)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b api.Sampling) int { return a.Share.Amount.Cmp(b.Share.Amount) })
	return all, nil
}

// sumsOf gives what a service counts and what its calls tell, of all models.
func sumsOf(counters []api.Counter, of *api.Sampling) (counted, booked int64) {
	for i := range counters {
		if c := &counters[i]; c.Application == of.Application && c.Service == of.Service {
			counted, booked = counted+c.Counted, booked+c.Booked
		}
	}
	return counted, booked
}

// shareOf divides, to four places.
func shareOf(part, whole, scale int64) (money.Null, error) {
	share, err := money.FromInt(part).MulRatio(scale, whole)
	return money.Null{Amount: share.Round(4), Valid: err == nil}, err
}
