package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
)

func newKey(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "Create, list, rotate and revoke keys",
		Long: `A key opens one door: the gateway, events, telemetry, imports or outcomes for
programs; admin, finance, lead or viewer for people. Its scope bounds what it may say
and see. The secret is shown once. A running server sees every change at once: a key
that is revoked opens nothing from then on, and calls that have begun end as they would.`,
		Example: "  bursar key create --name triage --team claims --application triage --workflow refunds\n  bursar key list\n  bursar key revoke 7kq2m5x8",
	}
	cmd.AddCommand(newKeyCreate(c), newKeyList(c), newKeyRotate(c), newKeyRevoke(c))
	return cmd
}

func newKeyRotate(c *common) *cobra.Command {
	var order api.RotateOrder
	cmd := &cobra.Command{
		Use:     "rotate PREFIX",
		Short:   "Create a key in the place of another, which ends after an overlap",
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
	cmd.Flags().StringVar(&order.Overlap, "overlap", "", "how long both are good, like 24h or 7d; the old one ends at once without")
	return cmd
}

func newKeyList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List keys, without their secrets",
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
					"csv":   func() error { return api.TokenCSV(out, &api.Page[api.Token]{Items: keys}) },
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
		Short:   "End a key at once",
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
