package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/spend"
)

func newDoctor(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check the data folder, the price book and the ledger's own laws",
		Long: `Doctor opens the ledger, checks what must always hold (one current line an attempt,
reversals that net to zero, components that sum to the list price, unpriced lines
without an amount) and says what needs a person: unpriced models, unattributed
spend, stale prices, the quarantine.`,
		Example: "  bursar doctor\n  bursar doctor --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(false, "")
			if err != nil {
				return err
			}
			checks, err := a.Doctor(cmd.Context(), time.Now())
			if err = errors.Join(err, a.Close()); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			err = c.form(map[string]func() error{
				"json":  func() error { return json.NewEncoder(out).Encode(checks) },
				"table": func() error { return checkLines(out, checks) },
			})
			if err == nil && app.Failed(checks) {
				return spend.Errorf(spend.KindInternal, "doctor", "the ledger breaks a law").WithHint("keep the folder as it is and report the line above")
			}
			return err
		},
	}
}

func checkLines(out io.Writer, checks []app.Check) error {
	for _, check := range checks {
		if _, err := fmt.Fprintf(out, "%-8s %s: %s\n", check.State, check.Name, check.Msg); err != nil {
			return err
		}
		if check.Mend == "" {
			continue
		}
		if _, err := fmt.Fprintf(out, "%-8s → %s\n", "", check.Mend); err != nil {
			return err
		}
	}
	return nil
}
