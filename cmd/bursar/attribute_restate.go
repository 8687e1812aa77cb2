package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
)

// restating is what is to be attributed anew, and how.
type restating struct {
	days     pastDays
	by       string
	dry, yes bool
}

func newAttributeRestate(c *common) *cobra.Command {
	var r restating
	cmd := &cobra.Command{
		Use:   "restate --from DAY --to DAY",
		Short: "Attribute the past anew by the rules and the organisation in force",
		Long: `Restate decides anew whose the calls of a window are and books what changes: for each
such line a reversal and a replacement. No total moves, closed periods stay closed
(their corrections are booked in the open one), and open calls are left alone. It may
be interrupted: the same command goes on, and when all is done it changes nothing.
It shows what moves and asks first; without a terminal it wants --yes. Rules in force
are those that are applied, and where no server runs those of --rules: leave out a file
that an import was given, and what it decided is undone.`,
		Example: "  bursar attribute restate --from 2026-10-01 --to 2026-11-01 --dry-run\n  bursar attribute restate --from 2026-10-01 --to 2026-11-01 --yes\n  bursar attribute restate --from 2026-10-01 --rules rules.yaml",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error { return c.restate(ctx, cmd, cl, &r) })
		},
	}
	r.days.flags(cmd)
	moveFlag(cmd, &r.by)
	c.rulesFlag(cmd)
	cmd.Flags().BoolVar(&r.dry, "dry-run", false, "only show what would move")
	cmd.Flags().BoolVar(&r.yes, "yes", false, "do not ask")
	return cmd
}

// restate shows what moves and, when that is meant, books it.
func (c *common) restate(ctx context.Context, cmd *cobra.Command, cl *client.Client, r *restating) error {
	if !r.dry && c.output != "table" && c.output != "json" { // before anything is booked
		return unknownOutput(c.output)
	}
	found, err := previewed(ctx, cmd, cl, api.PreviewOrder{From: r.days.from, To: r.days.to, By: dimensions(r.by)})
	if err != nil {
		return err
	}
	if r.dry || c.output == "table" {
		if err := c.showMoves(cmd.OutOrStdout(), &found); err != nil || r.dry {
			return err
		}
	}
	if found.Rebooked.Lines > 0 {
		if err := sure(cmd, r.yes, "restate", "these lines are reversed and booked anew"); err != nil {
			return err
		}
	}
	done, err := c.restateParts(ctx, cmd, cl, &found)
	if err != nil {
		return err
	}
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(cmd.OutOrStdout()).Encode(done) },
		"table": func() error { return restatedText(cmd.OutOrStdout(), &done) },
	})
}

// atOnce is how much of the past one request attributes anew.
const atOnce = 7 * 24 * time.Hour

// restateParts asks for one part of a window after the other and sums what was booked.
func (c *common) restateParts(ctx context.Context, cmd *cobra.Command, cl *client.Client, w *api.PreviewAnswer) (api.RestateAnswer, error) {
	total := api.RestateAnswer{From: w.From, To: w.To, Currency: w.Currency}
	bar := newCount(cmd.ErrOrStderr(), "weeks", int((w.To.Sub(w.From)+atOnce-1)/atOnce))
	defer bar.end()
	for from := w.From; from.Before(w.To) && w.Rebooked.Lines > 0; from = from.Add(atOnce) {
		to := from.Add(atOnce)
		if to.After(w.To) {
			to = w.To
		}
		part, err := ask[api.RestateAnswer](ctx, cl, "restate", api.RestateOrder{From: from.Format(time.RFC3339Nano), To: to.Format(time.RFC3339Nano)})
		if err == nil {
			err = total.Add(&part.Reattribution)
		}
		if err != nil {
			return total, err
		}
		bar.add(1)
	}
	return total, nil
}

func restatedText(w io.Writer, done *api.RestateAnswer) error {
	_, err := fmt.Fprintf(w, "%d lines with %d calls and %s %s were booked anew\n", done.Moved.Lines, done.Moved.Calls, done.Moved.Cost.Fixed(shownDigits), done.Currency)
	return err
}
