package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// importFlags are the flags of all imports of usage.
type importFlags struct {
	mapping string
	source  string
	origin  string
	rules   string
	seller  string
}

func newImport(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import",
		Short: "Book files of usage (CSV, JSON Lines, CloudEvents, logs, exports, histories), of purchases and of outcomes",
		Long: `Import reads usage files as a stream and books every record once, however often
the file is imported and wherever an import was interrupted. Usage that
cannot be booked goes to the quarantine with every reason (bursar quarantine list).`,
		Example: `  bursar import claude-code
  bursar import csv calls.csv --map mini-swe-agent
  bursar import jsonl trace.jsonl --map my-mapping.yaml --origin 2026-11-01T00:00:00Z
  bursar import events usage.jsonl
  bursar import purchases purchases.csv
  bursar import openai completions_usage.csv cost.csv
  bursar import litellm spendlogs.sql
  bursar import outcomes tickets.csv --definition support.resolution --workflow refund_triage`,
	}
	cmd.AddCommand(
		c.mapped(&cobra.Command{Use: "csv FILE… --map MAPPING", Short: "Book rows of a CSV file through a mapping"}, connect.CSV),
		c.mapped(&cobra.Command{Use: "jsonl FILE… --map MAPPING", Short: "Book objects of a JSON Lines file through a mapping"}, connect.JSONL),
		newImportEvents(c),
		newImportOutcomes(c),
		newImportPurchases(c),
		c.logs(&cobra.Command{Use: "claude-code [DIR…]"}, agentlog.ClaudeCode()),
		c.logs(&cobra.Command{Use: "codex [DIR…]"}, agentlog.Codex()),
		c.logs(&cobra.Command{Use: "gemini-cli [DIR…]"}, agentlog.Gemini()),
		c.logs(&cobra.Command{Use: "copilot-cli [DIR…]"}, agentlog.Copilot()),
		c.exported(&cobra.Command{Use: "openai FILE…", Short: "Book usage and costs as OpenAI's dashboard or interface exports them"}),
		c.exported(&cobra.Command{Use: "anthropic FILE…", Short: "Book usage and costs as Anthropic's console or interface exports them"}),
		c.exported(&cobra.Command{Use: "copilot FILE…", Short: "Book usage as GitHub reports it for Copilot"}),
		c.exported(&cobra.Command{Use: "cursor FILE…", Short: "Book usage as Cursor's dashboard or interface exports it"}),
		c.exported(&cobra.Command{Use: "focus FILE…", Short: "Book a bill in the form of FOCUS 1.0 to 1.4"}),
		c.exported(&cobra.Command{Use: "bedrock FILE…", Short: "Book what Bedrock costs in AWS's Cost and Usage Report 2.0"}),
		c.exported(&cobra.Command{Use: "azure FILE…", Short: "Book what models cost in Azure's cost export"}),
		c.exported(&cobra.Command{Use: "google-cloud FILE…", Short: "Book what models cost in Google Cloud's billing export"}),
	)
	cmd.AddCommand(newImportHistories(c)...)
	return cmd
}

// mapped completes the command that reads one format through a mapping.
func (c *common) mapped(cmd *cobra.Command, format connect.Format) *cobra.Command {
	f := importFlags{}
	name := cmd.Name()
	cmd.Long = fmt.Sprintf(`A mapping says which column is which; built in are: %s.
Its keys are explained in docs/import.md.`, strings.Join(connect.Builtins(), ", "))
	cmd.Example = fmt.Sprintf("  bursar import %s usage.%s --map my-mapping.yaml", name, name)
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		m, err := connect.LoadMapping(f.mapping)
		if err != nil {
			return err
		}
		if m.Format != format {
			return spend.Errorf(spend.KindInvalid, "import "+name, "mapping %s reads %s files", m.Name, m.Format).
				WithHint("use bursar import %s", m.Format)
		}
		return c.importFiles(cmd, paths, m, f)
	}
	cmd.Flags().StringVar(&f.mapping, "map", "", "a built-in mapping's name, or a mapping file")
	c.usageFlags(cmd, &f)
	complete(cmd, "map", connect.Builtins())
	_ = cmd.MarkFlagRequired("map") // the flag exists
	return cmd
}

func newImportEvents(c *common) *cobra.Command {
	f := importFlags{}
	cmd := &cobra.Command{
		Use:     "events FILE…",
		Short:   "Book CloudEvents: one object, an array, or JSON Lines",
		Example: "  bursar import events usage.jsonl\n  producer | bursar import events -",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error {
			return c.importFiles(cmd, paths, nil, f)
		},
	}
	c.usageFlags(cmd, &f)
	return cmd
}

func (c *common) usageFlags(cmd *cobra.Command, f *importFlags) {
	cmd.Flags().StringVar(&f.source, "source", "", "name of the source; default the mapping's")
	cmd.Flags().StringVar(&f.origin, "origin", "", "instant that relative times count from, RFC 3339")
	cmd.Flags().StringVar(&f.rules, "rules", "", "file of attribution rules")
	cmd.Flags().IntVar(&c.bulk, "commit-every", 0,
		"lines that are committed together, 122880 when 0; fewer are slower and lose less progress to a crash")
}

func (c *common) importFiles(cmd *cobra.Command, paths []string, m *connect.Mapping, f importFlags) error {
	options := connect.Options{Source: f.source, Revision: time.Now().UnixMicro()}
	if f.origin != "" {
		var err error
		if options.Origin, err = time.Parse(time.RFC3339, f.origin); err != nil {
			return spend.Errorf(spend.KindInvalid, "read --origin", "%w", err).WithHint("RFC 3339, like 2026-11-01T00:00:00Z")
		}
	}
	return c.bookFiles(cmd, upload{paths: paths, flags: f, options: options}, func(a *app.App, path string, bar bar) (ingest.Result, error) {
		return a.Import(cmd.Context(), app.File{Path: path, Mapping: m, Options: options, Progress: bar.show})
	})
}

// bookFiles sends files to the server that runs, or books them in the folder when
// none does.
func (c *common) bookFiles(cmd *cobra.Command, u upload, book func(a *app.App, path string, bar bar) (ingest.Result, error)) error {
	send := func(ctx context.Context, cl *client.Client) error {
		u.to = cl
		return c.upload(ctx, cmd, u)
	}
	return c.sendOrBook(cmd, u.flags.rules, send, func(a *app.App) error {
		return c.eachFile(cmd, u.paths, c.showResult, func(path string, bar bar) (ingest.Result, error) { return book(a, path, bar) })
	})
}

// sendOrBook sends to the server that is named or runs on the folder, or books in the folder
// when none does.
func (c *common) sendOrBook(cmd *cobra.Command, rules string, send func(context.Context, *client.Client) error, book func(*app.App) error) error {
	if c.server != "" {
		return c.client(cmd, send)
	}
	a, err := c.open(true, rules)
	if running, found := c.running(); found && spend.KindOf(err) == spend.KindConflict {
		return send(cmd.Context(), running)
	}
	if err != nil {
		return err
	}
	c.reporting = a.Currency()
	return errors.Join(book(a), a.Close())
}

// eachFile books files one by one and shows the sum of what became of them. Files of which
// nothing could be booked are an error in the end.
func (c *common) eachFile(cmd *cobra.Command, paths []string, show func(io.Writer, ingest.Result) error, book func(path string, bar bar) (ingest.Result, error)) error {
	var total ingest.Result
	var refused error
	for _, path := range paths {
		bar := newBar(cmd.ErrOrStderr(), path)
		result, err := book(path, bar)
		bar.end()
		if err != nil {
			return err
		}
		if total, err = total.Add(result); err != nil {
			return err
		}
		if known := result.Booked + result.Corrections + result.Sightings + result.Duplicates + result.Opened + result.Outcomes + result.Skipped; known == 0 {
			refused = errors.Join(refused, refusal(path, result.Quarantined))
		}
	}
	return errors.Join(show(cmd.OutOrStdout(), total), refused)
}

// refusal is the error of a file of which nothing is booked, nil when nothing was rejected.
func refusal(path string, rejected int64) error {
	if rejected == 0 {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "import", "nothing of %s is booked: records rejected: %d", filepath.Base(path), rejected).
		WithHint("bursar quarantine list says why")
}

func (c *common) showResult(out io.Writer, r ingest.Result) error {
	return c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(out).Encode(r) },
		"table": func() error {
			_, err := fmt.Fprint(out, resultText(r, c.reporting))
			return err
		},
	})
}

func resultText(r ingest.Result, currency money.Currency) string {
	lines := []string{fmt.Sprintf("%d records: %d booked, %d already there, %d rejected", r.Read, r.Booked, r.Duplicates, r.Quarantined)}
	if r.Skipped > 0 {
		lines = append(lines, fmt.Sprintf("%d lines were read by an earlier import of the same file and mapping", r.Skipped))
	}
	if r.Sightings+r.Withdrawn > 0 {
		lines = append(lines, fmt.Sprintf("%d told more of a booked attempt, %d corrections, %d withdrawn", r.Sightings, r.Corrections, r.Withdrawn))
	}
	lines = append(lines, strings.TrimSpace(fmt.Sprintf("cost %s %s", r.Cost, currency))+", exact")
	if r.UnconvertedLines > 0 {
		lines = append(lines, unconvertedText(r))
	}
	if r.Export != nil && r.Unpriced > 0 {
		lines = append(lines, fmt.Sprintf("%d calls have no amount in the book %s", r.Unpriced, r.Export.Book))
	} else if r.Unpriced > 0 {
		lines = append(lines, fmt.Sprintf("%d calls are unpriced: exposure up to %s %s, not in the cost (bursar spend --by model --where price_state=unpriced)", r.Unpriced, r.Exposure, currency))
	}
	if r.Quarantined > 0 {
		lines = append(lines, "rejected records and why: bursar quarantine list")
	}
	return strings.Join(lines, "\n") + "\n"
}

// unconvertedText tells the amounts that wait for an exchange rate.
func unconvertedText(r ingest.Result) string {
	var amounts []string
	for _, m := range r.WithoutRate {
		amounts = append(amounts, m.String())
	}
	return fmt.Sprintf("%d lines (%s) have no exchange rate, not in the cost: bursar rate import", r.UnconvertedLines, strings.Join(amounts, ", "))
}
