package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func newBudgetCheck(c *common) *cobra.Command {
	var t api.BudgetTrial
	var in, out int64
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say what a call would be told by the limits that match it",
		Long: `Check describes a call: whose it would be, its model, and the most tokens that it may
use. It says what every limit that the call does not fit would do, and holds nothing.
Without tokens nothing bounds what the call may cost.`,
		Example: "  bursar budget check --application support --seller openai --model gpt-5 --input-tokens 20000 --output-tokens 4000",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for meter, tokens := range map[spend.Meter]int64{spend.InText: in, spend.OutText: out} {
				if tokens < 0 {
					return spend.Errorf(spend.KindInvalid, "read the tokens", "%d is below 0", tokens).WithHint("the most that the call may use")
				}
				if err := t.Usage.Set(meter, money.FromInt(tokens)); err != nil {
					return err
				}
			}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var v api.BudgetVerdict
				if err := cl.Post(ctx, "/api/v1/budgets/check", t, &v); err != nil {
					return err
				}
				w := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(w).Encode(v) },
					"table": func() error { return trialText(w, &v) },
				})
			})
		},
	}
	for _, f := range []struct {
		name string
		into *string
	}{
		{"team", &t.Scope.Team}, {"application", &t.Scope.Application}, {"workflow", &t.Scope.Workflow}, {"agent", &t.Scope.Agent}, {"run", &t.Scope.Run},
		{"environment", &t.Scope.Environment}, {"seller", &t.Seller}, {"model", &t.Model},
	} {
		cmd.Flags().StringVar(f.into, f.name, "", "the "+f.name+" of the call")
	}
	cmd.Flags().Int64Var(&in, "input-tokens", 0, "the most tokens of its prompt")
	cmd.Flags().Int64Var(&out, "output-tokens", 0, "the most tokens of its answer")
	return cmd
}

func trialText(w io.Writer, v *api.BudgetVerdict) error {
	needs := "nothing bounds what it may cost"
	if v.Needs.Valid {
		needs = fmt.Sprintf("it may cost %s %s", v.Needs.Amount, v.Currency)
	}
	word := "refused"
	switch {
	case v.Admitted && v.Model != "":
		word = "goes on as " + v.Model
	case v.Admitted:
		word = "goes on"
	}
	lines := []string{fmt.Sprintf("%s (%s); %s", word, cmp.Or(v.Action, "nothing to say"), needs)}
	for i := range v.Reasons {
		lines = append(lines, v.Reasons[i].Action+": "+v.Reasons[i].Says)
		for _, remark := range v.Reasons[i].Remarks {
			lines = append(lines, "! "+remark)
		}
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}
