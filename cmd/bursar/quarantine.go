package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

func newQuarantine(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "List, show and retry records that could not be booked",
		Long: `A rejected record keeps its place in its file, its numbers and every field error,
never its text. Mend the source and import it again, or retry what is kept: what was
booked stays as it is.`,
		Example: "  bursar quarantine list\n  bursar quarantine show 3f0c…\n  bursar quarantine retry 3f0c…",
	}
	cmd.AddCommand(newQuarantineList(c), newQuarantineShow(c), newQuarantineRetry(c))
	return cmd
}

func newQuarantineList(c *common) *cobra.Command {
	query, all, limit := url.Values{}, false, 0
	source := ""
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List them, the newest first",
		Example: "  bursar quarantine list\n  bursar quarantine list --source csv:my-app --all --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query.Set("all", strconv.FormatBool(all))
			query.Set("source", source)
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				rejected, err := upTo[api.RejectedRecord](ctx, cl, listing{"/api/v1/quarantine", query, limit})
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(rejected) },
					"csv":   func() error { return api.QuarantineCSV(out, &api.Page[api.RejectedRecord]{Items: rejected}) },
					"table": func() error { return quarantineTable(out, rejected) },
				})
			})
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "only of this source")
	cmd.Flags().BoolVar(&all, "all", false, "those that were booked since, too")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most this many")
	return cmd
}

func newQuarantineShow(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "show DIGEST",
		Short:   "Show one with everything that was read of it, and every try since",
		Example: "  bursar quarantine show 3f0c… --output json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var found api.RejectedRecords
				if err := cl.Get(ctx, "/api/v1/quarantine/"+url.PathEscape(args[0]), nil, &found); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(found) },
					"table": func() error { return showRejected(out, &found) },
				})
			})
		},
	}
}

func newQuarantineRetry(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "retry DIGEST…",
		Short: "Book rejected records by the prices, rules and definitions of today",
		Long: `What was rejected because something of ours was missing or wrong can be booked once
that is mended: a clock, a rule, a definition. What contradicts a booked record is
refused again, and what was not legible as a whole has to come anew from its source.
What an import with a file of rules rejected is retried with the same --rules.`,
		Example: "  bursar quarantine retry 3f0c…\n  bursar quarantine retry 3f0c… --rules rules.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				all, err := retry(ctx, cl, args)
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(all) },
					"table": func() error { return triesTable(out, all) },
				})
			})
		},
	}
	c.rulesFlag(cmd)
	return cmd
}

// retry tries records one by one.
func retry(ctx context.Context, cl *client.Client, digests []string) ([]lake.Resolution, error) {
	all := []lake.Resolution{}
	for _, digest := range digests {
		var tried api.Retried
		if err := cl.Post(ctx, "/api/v1/quarantine/"+url.PathEscape(digest)+"/retry", api.RetryOrder{}, &tried); err != nil {
			return all, err
		}
		all = append(all, tried.Tries...)
	}
	return all, nil
}

func quarantineTable(w io.Writer, rejected []api.RejectedRecord) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(rejected) > 0 {
		_, _ = fmt.Fprintln(out, "DIGEST\tSOURCE\tRECORD\tFIELD\tWHY") // Flush tells what fails
	}
	for i := range rejected {
		r := &rejected[i]
		for _, p := range r.Problems {
			_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", r.Digest, r.Source, placeOf(r.File, r.Record), p.Field, p.Msg)
		}
	}
	return out.Flush()
}

// placeOf names a record by its place in its file, or by how it came.
func placeOf(file string, record int64) string {
	if file == "" {
		return "posted"
	}
	return fmt.Sprintf("%s:%d", file, record)
}

func showRejected(w io.Writer, found *api.RejectedRecords) error {
	for i := range found.Records {
		r := &found.Records[i]
		if _, err := fmt.Fprintf(w, "%s record of %s, %s, rejected at %s, %s\n", r.Kind, r.Source, placeOf(r.File, r.Record),
			r.At.Format(time.RFC3339), standing(r)); err != nil {
			return err
		}
		for _, p := range r.Problems {
			if _, err := fmt.Fprintf(w, "  %s %s\n", p.Field, p.Msg); err != nil {
				return err
			}
		}
		var read any = r.Event
		if r.Outcome != nil {
			read = r.Outcome
		}
		text, err := json.MarshalIndent(read, "  ", "  ")
		if err != nil {
			return spend.Errorf(spend.KindInternal, "show the record", "%w", err)
		}
		if _, err := fmt.Fprintf(w, "  %s\n", text); err != nil {
			return err
		}
	}
	return triesTable(w, found.Tries)
}

// standing says what can be done about a record.
func standing(r *api.RejectedRecord) string {
	switch {
	case r.Result == lake.RetryBooked:
		return "booked since"
	case r.Result == lake.RetryDuplicate:
		return "what it tells was booked since"
	case r.Whole:
		return "kept whole: it can be retried"
	}
	return "not legible as a whole: mend it in its source"
}

func triesTable(w io.Writer, tries []lake.Resolution) error {
	for _, t := range tries {
		if _, err := fmt.Fprintf(w, "%s %s: tried by %s: %s\n", t.At.UTC().Format(time.RFC3339), placeOf(t.File, t.Record), t.By, t.Result); err != nil {
			return err
		}
		for _, p := range t.Problems {
			if _, err := fmt.Fprintf(w, "  %s %s\n", p.Field, p.Msg); err != nil {
				return err
			}
		}
	}
	return nil
}
