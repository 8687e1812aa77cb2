package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/ingest"
)

// newImportHistories are the commands that read what other products wrote down.
func newImportHistories(c *common) []*cobra.Command {
	return []*cobra.Command{
		c.history(history.LiteLLM(), &cobra.Command{
			Use: "litellm FILE…", Short: "Book the spend logs of a LiteLLM proxy: a database dump, CSV, or pages of its interface",
			Example: `  pg_dump --data-only --table='"LiteLLM_SpendLogs"' litellm | bursar import litellm -
  bursar import litellm spendlogs.csv page-*.json`,
		}),
		c.history(history.Langfuse(), &cobra.Command{
			Use: "langfuse FILE…", Short: "Book observations that Langfuse exported (CSV, JSON, JSON Lines), or pages of its interface",
			Example: `  bursar import langfuse observations_v2/*.jsonl
  bursar import langfuse observations.csv --seller openai`,
		}),
		c.history(history.Helicone(), &cobra.Command{
			Use: "helicone FILE…", Short: "Book requests that Helicone exported (CSV, JSON, JSON Lines), or pages of its interface",
			Example: "  bursar import helicone requests.jsonl\n  bursar import helicone requests.csv --seller openai",
		}),
		c.history(history.OpenRouter(), &cobra.Command{
			Use: "openrouter FILE…", Short: "Book OpenRouter's activity: its CSV, daily rows, or what it tells of single calls",
			Example: "  bursar import openrouter activity.csv\n  bursar import openrouter activity.json",
		}),
	}
}

// history completes the command that reads what one product wrote down.
func (c *common) history(p history.Product, cmd *cobra.Command) *cobra.Command {
	f := importFlags{}
	cmd.Long = fmt.Sprintf(`Tokens are priced anew by the price book. What %s says that a call cost is kept
beside; bursar discrepancy shows where the two differ, and why. The form of a file
is told by its content. Prompts and answers are passed over unread; people become
random ids. docs/histories.md says what is read of each product.`, p.Title)
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		options := connect.Options{Source: f.source}
		return c.bookFiles(cmd, upload{paths: paths, flags: f, options: options}, func(a *app.App, path string, bar bar) (ingest.Result, error) {
			return a.Import(cmd.Context(), app.File{Path: path, History: &p, Seller: f.seller, Options: options, Progress: bar.show})
		})
	}
	flags := cmd.Flags()
	flags.StringVar(&f.source, "source", "", "name of the source, of each installation its own; default "+p.Name)
	flags.StringVar(&f.seller, "seller", "", "who sold the tokens of records that do not say it, like openai; they are unpriced without")
	flags.StringVar(&f.rules, "rules", "", "file of attribution rules")
	flags.IntVar(&c.bulk, "commit-every", 0, "lines that are committed together, 122880 when 0; fewer are slower and lose less progress to a crash")
	return cmd
}
