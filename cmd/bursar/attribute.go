package main

import (
	"context"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

const attributionPath = "/api/v1/attribution/"

func newAttribute(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "attribute",
		Short: "Read, test and correct whose spend it is, and attribute the past anew",
		Long: `Rules and the organisation decide whose what is booked next is. These commands try
rules on cases, find those that do not do what they say, and explain a call; they say
how much has an owner and what other rules would move, and book the past anew by the
rules in force. See docs/attribution.md and docs/restate.md.`,
		Example: "  bursar attribute test cases.yaml --rules rules.yaml\n  bursar attribute explain call-17\n  bursar attribute coverage\n  bursar attribute preview -f rules.yaml --from 2026-10-01",
	}
	cmd.AddCommand(newAttributeLint(c), newAttributeTest(c), newAttributeExplain(c), newAttributeCoverage(c), newAttributePreview(c), newAttributeRestate(c))
	return cmd
}

func newAttributeCoverage(c *common) *cobra.Command {
	var since, until, grain string
	top := 10
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Say how much is attributed, and suggest rules for the largest slices that are not",
		Long: `Coverage says for each dimension how much of the money and of the tokens has a value
in it, with a trend. Unpriced calls and exposure stand beside: they are in no share of
money. Below come the largest slices without a team, an application or a workflow, each
with a rule made of names alone: read it, say whose it is, and apply it.`,
		Example: "  bursar attribute coverage --since 26w --grain week\n  bursar attribute coverage --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"since": {since}, "grain": {grain}, "top": {strconv.Itoa(top)}}
			for name, value := range map[string]string{"until": until, "zone": c.zone} {
				if value != "" {
					query.Set(name, value)
				}
			}
			return c.raw(cmd, attributionPath+"coverage", query)
		},
	}
	cmd.Flags().StringVar(&since, "since", "90d", "start: an age (30d, 12h, 8w), mtd, qtd or ytd, a date, or RFC 3339")
	cmd.Flags().StringVar(&until, "until", "", "end, not included; default now")
	cmd.Flags().StringVar(&grain, "grain", string(spend.Month), "of the trend: day, week, month, quarter or year")
	cmd.Flags().IntVar(&top, "top", 10, "suggestions, at most 100")
	complete(cmd, "grain", names(spend.Grains()[3:]))
	return cmd
}

// ask posts an order and reads the answer.
func ask[T any](ctx context.Context, cl *client.Client, path string, order any) (answer T, err error) {
	err = cl.Post(ctx, attributionPath+path, order, &answer)
	return answer, err
}
