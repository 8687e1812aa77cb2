package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func newReport(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "report",
		Short:   "Make reports that people act on",
		Long:    "Report writes what the ledger knows as pages for those who decide.",
		Example: "  bursar report board --month 2026-10 --format html --output board.html",
	}
	cmd.AddCommand(newReportBoard(c), newReportKPIs(c))
	return cmd
}

// boarding is what the flags of the command say.
type boarding struct {
	month, from, to string
	format, file    string
	paper           string
}

func newReportBoard(c *common) *cobra.Command {
	b := boarding{}
	cmd := &cobra.Command{
		Use:   "board",
		Short: "Make the report of a board",
		Long: `Board sets a month, or a window, against the one before: what was spent and why it
changed, what outcomes cost, what prices did, on which vendors spend leans, what is at
risk, up to five decisions with their money, and whether the figures tie out. A part
that nothing in the ledger tells is left out and named at the end.

A pdf has a title page, contents, charts and tables on paper of a size; the page of html
loads nothing and prints; markdown is text; the workbook of xlsx has live formulas over a
sheet of data; json has every figure with its exact amount, its unit and the question that
it answers. Without --output the report
is written to standard output, with it to a file, whose name tells the format where
--format does not. What the days to come will cost is forecast, and kept.`,
		Example: "  bursar report board\n  bursar report board --month 2026-10 --output board.pdf\n  bursar report board --month 2026-10 --output board.pdf --paper letter\n  bursar report board --month 2026-10 --output board.xlsx\n  bursar report board --from 2026-10-01 --to 2026-10-15 --format json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return b.run(c, cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&b.month, "month", "", "month of finance, like 2026-10; default the last whole one")
	flags.StringVar(&b.from, "from", "", "first day of a window instead, like 2026-10-01")
	flags.StringVar(&b.to, "to", "", "its end, not included")
	flags.StringVar(&b.format, "format", "", "markdown, html, pdf, xlsx or json; default as the name of --output ends, else markdown")
	flags.StringVarP(&b.file, "output", "o", "", "file to write; default standard output")
	flags.StringVar(&b.paper, "paper", "", "of pdf: a4 or letter; default a4")
	complete(cmd, "paper", []string{"a4", "letter"})
	complete(cmd, "format", []string{"markdown", "html", "pdf", "xlsx", "json"})
	cmd.MarkFlagsMutuallyExclusive("month", "from")
	cmd.MarkFlagsMutuallyExclusive("month", "to")
	return cmd
}

// run writes the report once it is whole: a file is never half of one.
func (b *boarding) run(c *common, cmd *cobra.Command) error {
	query := url.Values{"format": {b.form()}}
	for _, p := range [][2]string{{"month", b.month}, {"from", b.from}, {"to", b.to}, {"zone", c.zone}, {"paper", b.paper}} {
		if p[1] != "" {
			query.Set(p[0], p[1])
		}
	}
	var page bytes.Buffer
	err := c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		wait := newWait(cmd.ErrOrStderr(), "making the report")
		defer wait.end()
		return cl.Raw(ctx, "/api/v1/reports/board", query, wait.before(&page))
	})
	if err != nil {
		return err
	}
	if b.file == "" {
		_, err = page.WriteTo(cmd.OutOrStdout())
		return err
	}
	if err := os.WriteFile(b.file, page.Bytes(), 0o600); err != nil {
		return spend.Errorf(spend.KindInvalid, "write the report", "%w", err).WithHint("name a file in a folder that is there")
	}
	return nil
}

// form is the format that is named, or that the file's name tells.
func (b *boarding) form() string {
	switch ending := strings.ToLower(filepath.Ext(b.file)); {
	case b.format != "":
		return b.format
	case ending == ".html" || ending == ".htm":
		return "html"
	case ending == ".json" || ending == ".xlsx" || ending == ".pdf":
		return ending[1:]
	}
	return "markdown"
}
