package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/spend"
)

func newPriceLint(c *common) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Look for slips in the price book",
		Long: `Lint looks for the slips that public price books have made: a factor of ten, a
figure in the wrong slot, another model's figure, a missing price as zero. It fails
when a fact is surely wrong; what a person should look at is shown with --all.`,
		Example: "  bursar price lint\n  bursar price lint --all --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := app.ReadPrices(c.data)
			if err != nil {
				return err
			}
			findings := pricebook.Lint(log.Facts)
			wrong := 0
			var shown []pricebook.Finding
			for _, f := range findings {
				if f.Severity == pricebook.Wrong {
					wrong++
				}
				if all || f.Severity == pricebook.Wrong {
					shown = append(shown, f)
				}
			}
			out := cmd.OutOrStdout()
			err = c.form(map[string]func() error{
				"json": func() error { return json.NewEncoder(out).Encode(shown) },
				"table": func() error {
					_, err := fmt.Fprintf(out, "%s%d facts, %d findings, %d of them surely wrong\n", findingLines(shown), len(log.Facts), len(findings), wrong)
					return err
				},
			})
			if err == nil && wrong > 0 {
				return spend.Errorf(spend.KindInvalid, "lint prices", "%d facts are surely wrong", wrong).WithHint("correct or revoke them with bursar price import")
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "show what a person should look at, too")
	return cmd
}

func findingLines(findings []pricebook.Finding) string {
	text := ""
	for _, f := range findings {
		text += fmt.Sprintf("%-6s %s\n", f.Severity, f.Msg)
	}
	return text
}
