package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
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
	cmd.AddCommand(newKeyMake(c), newKeyList(c), newKeyRevoke(c))
	return cmd
}

func newKeyMake(c *common) *cobra.Command {
	request := auth.TokenRequest{}
	var days int
	cmd := &cobra.Command{
		Use:     "make KIND",
		Short:   "Make a token and print its secret, once",
		Example: "  bursar key make events --name triage-service --team claims --application triage --days 90",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			request.Kind = auth.Kind(args[0])
			if days > 0 {
				request.Expires = time.Now().UTC().AddDate(0, 0, days)
			}
			return c.keyring(cmd, func(k *app.Keyring) error {
				secret, _, err := k.Make(cmd.Context(), request)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), secret.Reveal())
				return err
			})
		},
	}
	cmd.Flags().StringVar(&request.Name, "name", "", "what it is for")
	cmd.Flags().StringVar(&request.Scope.BusinessUnit, "business-unit", "", "the business unit that it belongs to")
	cmd.Flags().StringVar(&request.Scope.Team, "team", "", "the team that it belongs to")
	cmd.Flags().StringVar(&request.Scope.Application, "application", "", "the application that it belongs to")
	cmd.Flags().IntVar(&days, "days", 0, "days until it expires; never when 0")
	cmd.ValidArgs = names(auth.Kinds())
	return cmd
}

func newKeyList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List tokens, without their secrets",
		Example: "  bursar key list\n  bursar key list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.keyring(cmd, func(k *app.Keyring) error {
				rows, err := k.List(cmd.Context())
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(rows) },
					"table": func() error { return keyTable(out, rows) },
				})
			})
		},
	}
}

func newKeyRevoke(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "revoke PREFIX",
		Short:   "End a token",
		Example: "  bursar key revoke 7kq2m5x8",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.keyring(cmd, func(k *app.Keyring) error {
				done, err := k.Revoke(cmd.Context(), args[0])
				if err == nil && !done {
					err = spend.Errorf(spend.KindNotFound, "revoke token", "no live token begins with %.20q", args[0]).WithHint("bursar key list")
				}
				return err
			})
		},
	}
}

// keyring opens the tokens of the data folder for one piece of work.
func (c *common) keyring(cmd *cobra.Command, work func(*app.Keyring) error) error {
	k, err := app.OpenKeyring(cmd.Context(), c.data, time.Now)
	if err != nil {
		return err
	}
	return errors.Join(work(k), k.Close())
}

func keyTable(w io.Writer, rows []auth.TokenRow) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "PREFIX\tKIND\tNAME\tTEAM\tAPPLICATION\tCREATED\tEXPIRES\tLAST USED\tREVOKED"); err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Prefix, r.Kind, r.Name, r.Scope.Team, r.Scope.Application,
			r.Created.Format(time.DateOnly), date(r.Expires, "never"), r.LastUsed, date(r.Revoked, "")); err != nil {
			return err
		}
	}
	return out.Flush()
}
