package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/spend"
)

func newKeyCreate(c *common) *cobra.Command {
	order := api.TokenOrder{}
	var ends string
	cmd := &cobra.Command{
		Use:   "create [KIND]",
		Short: "Create a key and print its secret, once",
		Long: `Create makes a key for calls to models, or one of another kind. Team and application of
what comes with it are those of the key, whatever a client says. A key for calls may be
bound below them as well: to a workflow, an environment, some models and some endpoints.`,
		Example: `  bursar key create --name refunds --team claims --application triage --workflow refunds
  bursar key create --name nightly --team claims --application triage --model 'gpt-5*' --endpoint chat --expires 90d
  bursar key create events --name triage-service --team claims --application triage --expires 2027-01-31`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			order.Kind, c.create = auth.GatewayToken, true
			if len(args) > 0 {
				order.Kind = auth.Kind(args[0])
			}
			if order.Expires, err = expiry(ends, time.Now().UTC()); err != nil {
				return err
			}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var made api.IssuedToken
				if err := cl.Post(ctx, "/api/v1/tokens", order, &made); err != nil {
					return err
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), made.Secret)
				return err
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&order.Name, "name", "", "what it is for")
	flags.StringVar(&order.Scope.BusinessUnit, "business-unit", "", "the business unit that it belongs to")
	flags.StringVar(&order.Scope.Team, "team", "", "the team that it belongs to")
	flags.StringVar(&order.Scope.Application, "application", "", "the application that it belongs to")
	flags.StringVar(&ends, "expires", "", "when it ends: after 90d or 12h, or at the start of a day, 2027-01-31 in UTC; never without")
	flags.StringVar(&order.Bounds.Workflow, "workflow", "", "of a key for calls: the workflow of every call")
	flags.StringVar(&order.Bounds.Environment, "environment", "", "of a key for calls: the environment of every call")
	flags.StringArrayVar(&order.Bounds.Models, "model", nil, "of a key for calls: a model that it may ask for, with * and ?; may be repeated")
	flags.StringSliceVar(&order.Bounds.Endpoints, "endpoint", nil, "of a key for calls: what it may use, "+strings.Join(auth.Endpoints(), ", "))
	complete(cmd, "endpoint", auth.Endpoints())
	cmd.ValidArgs = names(auth.Kinds())
	return cmd
}

// expiry reads when a key ends: after a time, at the start of a day in UTC, or at an
// instant; the zero time is never.
func expiry(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	after, err := config.ParseDuration(text)
	if err != nil || after <= 0 {
		return time.Time{}, spend.Errorf(spend.KindInvalid, "read --expires", "%.40q is no time after now and no day", text).
			WithHint("like 90d, 12h, 2027-01-31 or 2027-01-31T18:00:00Z")
	}
	return now.Add(after), nil
}
