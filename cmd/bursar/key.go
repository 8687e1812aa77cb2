package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/client"
)

func newKey(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Make, list and revoke tokens",
		Long: `A token opens one door: events, telemetry, imports, outcomes or the gateway for
programs; admin, finance, lead or viewer for people. Its scope bounds what it may say
and see. The secret is shown once. A running server sees every change at once.`,
		Example: "  bursar key make events --name triage-service --team claims --application triage\n  bursar key list\n  bursar key revoke 7kq2m5x8",
	}
	cmd.AddCommand(newKeyMake(c), newKeyList(c), newKeyRotate(c), newKeyRevoke(c))
	return cmd
}

func newKeyMake(c *common) *cobra.Command {
	order := api.TokenOrder{}
	var days int
	cmd := &cobra.Command{
		Use:     "make KIND",
		Aliases: []string{"create"},
		Short:   "Make a token and print its secret, once",
		Example: "  bursar key make events --name triage-service --team claims --application triage --days 90\n" +
			"  bursar key make gateway --name refunds --team claims --application triage --workflow refunds --model 'gpt-5*'",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			order.Kind, c.create = auth.Kind(args[0]), true
			if days > 0 {
				order.Expires = time.Now().UTC().AddDate(0, 0, days)
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
	cmd.Flags().StringVar(&order.Name, "name", "", "what it is for")
	cmd.Flags().StringVar(&order.Scope.BusinessUnit, "business-unit", "", "the business unit that it belongs to")
	cmd.Flags().StringVar(&order.Scope.Team, "team", "", "the team that it belongs to")
	cmd.Flags().StringVar(&order.Scope.Application, "application", "", "the application that it belongs to")
	cmd.Flags().IntVar(&days, "days", 0, "days until it expires; never when 0")
	cmd.Flags().StringVar(&order.Bounds.Workflow, "workflow", "", "of a gateway token: the workflow of every call")
	cmd.Flags().StringVar(&order.Bounds.Environment, "environment", "", "of a gateway token: the environment of every call")
	cmd.Flags().StringArrayVar(&order.Bounds.Models, "model", nil, "of a gateway token: a model that it may ask for, with * and ?; may be repeated")
	cmd.Flags().StringSliceVar(&order.Bounds.Endpoints, "endpoint", nil, "of a gateway token: what it may use, "+strings.Join(auth.Endpoints(), ", "))
	complete(cmd, "endpoint", auth.Endpoints())
	cmd.ValidArgs = names(auth.Kinds())
	return cmd
}

func newKeyRotate(c *common) *cobra.Command {
	var order api.RotateOrder
	cmd := &cobra.Command{
		Use:     "rotate PREFIX",
		Short:   "Make a token in the place of another, which ends after an overlap",
		Example: "  bursar key rotate 7kq2m5x8 --overlap 24h",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var made api.IssuedToken
				if err := cl.Post(ctx, "/api/v1/tokens/"+url.PathEscape(args[0])+"/rotate", order, &made); err != nil {
					return err
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), made.Secret)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&order.Overlap, "overlap", "", "how long both are good, like 24h; the old one ends at once without")
	return cmd
}

func newKeyList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List tokens, without their secrets",
		Example: "  bursar key list\n  bursar key list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				keys, err := pages[api.Token](ctx, cl, "/api/v1/tokens", url.Values{})
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(keys) },
					"table": func() error { return keyTable(out, keys) },
				})
			})
		},
	}
}

// pages reads every page of a list.
func pages[T any](ctx context.Context, cl *client.Client, path string, query url.Values) ([]T, error) {
	return upTo[T](ctx, cl, listing{path, query, math.MaxInt})
}

// listing is a list of the interface, and how much of it is wanted.
type listing struct {
	path  string
	query url.Values
	most  int
}

// upTo reads pages of a list until there is as much as wanted.
func upTo[T any](ctx context.Context, cl *client.Client, l listing) ([]T, error) {
	all := []T{}
	for len(all) < l.most {
		l.query.Set("limit", strconv.Itoa(min(l.most-len(all), 1000)))
		var page api.Page[T]
		if err := cl.Get(ctx, l.path, l.query, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			break
		}
		l.query.Set("cursor", page.Next)
	}
	return all, nil
}

func newKeyRevoke(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke PREFIX",
		Short:   "End a token",
		Example: "  bursar key revoke 7kq2m5x8",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				return cl.Delete(ctx, "/api/v1/tokens/"+url.PathEscape(args[0]))
			})
		},
	}
}

func keyTable(w io.Writer, keys []api.Token) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "PREFIX\tKIND\tNAME\tTEAM\tAPPLICATION\tCREATED\tEXPIRES\tLAST USED\tREVOKED"); err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", k.Prefix, k.Kind, k.Name, k.Scope.Team, k.Scope.Application,
			k.Created.Format(time.DateOnly), date(k.Expires, "never"), k.LastUsed, date(k.Revoked, "")); err != nil {
			return err
		}
	}
	return out.Flush()
}
