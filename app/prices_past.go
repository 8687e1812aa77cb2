package app

import (
	"context"
	"slices"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/pricebook"
)

// RestatePrices prices a window anew by the book in force and books what changes; when
// it is dry, it only says so. Who asked is noted first: what is interrupted has changed
// something already.
func (s *Server) RestatePrices(ctx context.Context, by auth.Identity, r api.RepricePast) (api.PastPrices, error) {
	return s.pricePast(ctx, by, repricing{RepricePast: r, book: s.Book()})
}

// repricing is a window that is to be priced anew by a book.
type repricing struct {
	api.RepricePast
	book *pricebook.Book
}

func (s *Server) pricePast(ctx context.Context, by auth.Identity, r repricing) (api.PastPrices, error) {
	told := api.PastPrices{From: r.Window.From, To: r.Window.To, Of: append([]api.PricedModel{}, r.Of...), Currency: s.Currency(), Repricing: ingest.Repricing{Rows: []ingest.RepricedRow{}}}
	if !r.Dry {
		note := auth.Note{Who: by, Action: auth.PastRestate, Target: "charges/" + noted(r.Window.From) + "/" + noted(r.Window.To)}
		if err := (trail{s.State}).Note(ctx, note); err != nil {
			return told, err
		}
	}
	within, found, err := s.used(ctx, r.Window)
	if err != nil || !found {
		return told, err
	}
	if told.From.IsZero() {
		told.From = within.From
	}
	asked := ingest.Repriced{Book: r.book, Window: within, About: r.about, Most: mostMoves}
	if r.Dry {
		told.Repricing, err = s.Ingest.Pipeline.PreviewPrices(ctx, s.Lake, asked)
		return told, err
	}
	told.Repricing, err = s.Ingest.Pipeline.Reprice(ctx, s.Lake, asked)
	if told.After.Lines > 0 {
		s.log.Info("priced lines anew", "lines", told.After.Lines)
		s.whenBooked(context.WithoutCancel(ctx), ingest.Result{Corrections: told.After.Lines})
	}
	return told, err
}

// about says that a name is priced by what is asked about, at its first or its last use.
func (r *repricing) about(sold *lake.Sold) bool {
	if len(r.Of) == 0 {
		return true
	}
	seller := pricebook.Seller(sold.Seller)
	first, last := r.book.Match(seller, sold.Model, sold.First).SKU, r.book.Match(seller, sold.Model, sold.Last).SKU
	return slices.ContainsFunc(r.Of, func(m api.PricedModel) bool {
		if m.Seller != "" && pricebook.Seller(m.Seller) != seller {
			return false
		}
		return m.Model == "" || m.Model == sold.Model || m.Model == first || m.Model == last
	})
}

// past is what a proposal may change in the past: the models that it is about, from the
// beginning of the first of its prices on.
func (t *taken) past(now time.Time) repricing {
	r := repricing{book: t.book, RepricePast: api.RepricePast{Dry: true, Window: lake.Window{From: now, To: now}}}
	about := func(m api.PricedModel, from time.Time) {
		if from.Before(r.Window.From) {
			r.Window.From = from
		}
		if !slices.Contains(r.Of, m) {
			r.Of = append(r.Of, m)
		}
	}
	for i := range t.Changes {
		f := t.Changes[i].New
		if f == nil {
			f = t.Changes[i].Old
		}
		about(api.PricedModel{Seller: f.Seller, Model: f.SKU}, f.Valid.From)
	}
	for _, l := range t.Limits {
		about(api.PricedModel{Seller: l.Seller, Model: l.SKU}, time.Time{})
	}
	for _, a := range t.Aliases {
		about(api.PricedModel{Seller: a.Seller, Model: a.Match}, a.Valid.From)
	}
	for _, o := range t.Overlays {
		about(api.PricedModel{Seller: o.Seller}, o.Valid.From)
	}
	return r
}
