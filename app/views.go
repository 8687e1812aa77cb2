package app

import (
	"context"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/state"
)

// mostViews is how many one may name.
const mostViews = 200

// views is the state as the API asks it for views of the dashboard.
type views struct{ store *state.Store }

func (v views) Views(ctx context.Context, of auth.Identity) (all []api.View, err error) {
	err = v.store.Read(ctx, func(tx *state.Tx) error {
		kept, err := tx.Views(ctx, of.Actor())
		for i := range kept {
			all = append(all, api.View{Name: kept[i].Name, Page: kept[i].Page, Query: kept[i].Query, Saved: kept[i].Saved})
		}
		return err
	})
	return all, err
}

func (v views) KeepView(ctx context.Context, of auth.Identity, view api.View) error {
	return v.store.Write(ctx, func(tx *state.Tx) error {
		return tx.KeepView(ctx, state.View{Owner: of.Actor(), Name: view.Name, Page: view.Page, Query: view.Query}, mostViews)
	})
}

func (v views) DropView(ctx context.Context, of auth.Identity, name string) (done bool, err error) {
	err = v.store.Write(ctx, func(tx *state.Tx) error {
		done, err = tx.DropView(ctx, of.Actor(), name)
		return err
	})
	return done, err
}
