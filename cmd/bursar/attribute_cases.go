package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/attribute"
	"github.com/bursarhq/bursar/spend"
)

func newAttributeTest(c *common) *cobra.Command {
	var rules []string
	cmd := &cobra.Command{
		Use:   "test CASES.yaml --rules FILE|FOLDER",
		Short: "Try rules on cases: which scope and which rule an event must get",
		Long: `Test reads a file of cases, each an event with the scope and the rule that it must
get, and tries the rules on them. With the organisation among the files of rules it
completes scopes as in the ledger. Each failure comes with its explanation, step by
step, and rules that decide in no case are told. No ledger is needed. It fails when a
case does. See docs/attribution.md.`,
		Example: "  bursar attribute test cases.yaml --rules rules.yaml\n  bursar attribute test cases.yaml --rules policies/ --output json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			book, err := rulebookIn(rules)
			if err != nil {
				return err
			}
			cases, err := casesIn(args[0])
			if err != nil {
				return err
			}
			got, out := book.Rules.Test(cases, book.Complete()), cmd.OutOrStdout()
			err = c.form(map[string]func() error{
				"json":  func() error { return json.NewEncoder(out).Encode(got) },
				"table": func() error { return testedText(out, &got) },
			})
			if err == nil && got.Failed > 0 {
				return spend.Errorf(spend.KindInvalid, "test rules", "%d of %d cases fail", got.Failed, len(cases))
			}
			return err
		},
	}
	cmd.Flags().StringArrayVar(&rules, "rules", nil, "a file of rules, or documents as for bursar apply; may be repeated")
	_ = cmd.MarkFlagRequired("rules") // the flag exists
	return cmd
}

func casesIn(path string) ([]attribute.Case, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "read cases of attribution", "%w", err)
	}
	cases, err := attribute.ReadCases(f, time.Now().UTC())
	return cases, errors.Join(err, f.Close())
}

func testedText(w io.Writer, got *attribute.Tested) error {
	var b strings.Builder
	for i := range got.Verdicts {
		verdictText(&b, &got.Verdicts[i])
	}
	fmt.Fprintf(&b, "%d of %d cases pass\n", len(got.Verdicts)-got.Failed, len(got.Verdicts))
	if len(got.Untold) > 0 {
		fmt.Fprintf(&b, "%d of %d rules decide in no case: %s\n", len(got.Untold), got.Rules, strings.Join(got.Untold, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func verdictText(b *strings.Builder, v *attribute.Verdict) {
	if v.Passed {
		fmt.Fprintf(b, "ok    %s (%s)\n", v.Name, cmp.Or(v.Rule, attribute.NoRule))
		return
	}
	fmt.Fprintf(b, "FAIL  %s (line %d)\n", v.Name, v.Line)
	for _, w := range v.Wrong {
		fmt.Fprintf(b, "      %s is %q, want %q\n", w.Field, w.Got, w.Want)
	}
	for line := range strings.Lines(v.Explanation.Text()) {
		b.WriteString("      | " + line)
	}
}
