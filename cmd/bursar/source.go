package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
)

func newSource(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "source",
		Short: "Say who told usage, until when it is final, and what is charged elsewhere",
		Long: `Source says of everybody who told usage when, whether they have gone silent, what of it
is final, may still change or is estimated, and how many of their calls are duplicates:
charged as another source tells them. Repeats came again with the same content since the
server started.`,
		Example: "  bursar source list\n  bursar source list --output csv",
	}
	cmd.AddCommand(newSourceList(c))
	return cmd
}

func newSourceList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List them, those that have gone silent first",
		Example: "  bursar source list\n  bursar source list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var list api.SourceList
				if err := cl.Get(ctx, "/api/v1/sources", url.Values{}, &list); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(list) },
					"csv":   func() error { return api.SourcesCSV(out, &list) },
					"table": func() error { return sourceTable(out, &list) },
				})
			})
		},
	}
}

func sourceTable(w io.Writer, list *api.SourceList) error {
	if len(list.Items) == 0 {
		_, err := fmt.Fprintln(w, "no source has told anything yet\n  → bursar import --help")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "SOURCE\tSTATE\tLAST USAGE\tCALLS\tFINAL THROUGH\tMAY CHANGE\tESTIMATED\tDUPLICATES\tREPEATS") // Flush tells what fails
	for i := range list.Items {
		s := &list.Items[i]
		through := "not yet"
		if s.FinalThrough != nil {
			through = *s.FinalThrough
		}
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%d\n", s.Source, s.Rhythm, s.Last.UTC().Format(time.RFC3339), s.Calls, through,
			partOf(&s.Provisional, list), partOf(&s.Estimated, list), duplicatesOf(s), s.Repeats)
	}
	return out.Flush()
}

// partOf shows the cost of some calls, in words where none of them has one.
func partOf(p *api.SourcePart, list *api.SourceList) string {
	switch {
	case p.Calls == 0:
		return "none"
	case !p.Cost.Valid:
		return "unpriced"
	}
	return p.Cost.Amount.Fixed(2) + " " + string(list.Currency)
}

func duplicatesOf(s *api.Source) string {
	if s.Duplicates == 0 {
		return "none"
	}
	by := make([]string, len(s.ChargedBy))
	for i, c := range s.ChargedBy {
		by[i] = fmt.Sprintf("%d by %s", c.Calls, c.Source)
	}
	return strings.Join(by, ", ")
}
