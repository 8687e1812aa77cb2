package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
)

func newPerson(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "person",
		Short: "List, add and erase people, and give them roles",
		Long: `A person is a random id in ledger, exports and audit trail; who that is stands in
one table, which these commands read and change. PERSON is the id, or what a source
calls the person: an e-mail, a user name, an account id.`,
		Example: "  bursar person list\n  bursar person add --name 'Ada Quill' --email ada@example.org\n  bursar person role ada@example.org lead --team claims\n  bursar person erase ada@example.org",
	}
	cmd.AddCommand(newPersonList(c), newPersonAdd(c), newPersonRole(c), newPersonErase(c))
	return cmd
}

const peoplePath = "/api/v1/people"

func newPersonList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List people, oldest first, with their roles",
		Long:    "List says whom the ids of the ledger stand for. The audit trail notes who looked.",
		Example: "  bursar person list\n  bursar person list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				people, err := pages[api.Person](ctx, cl, peoplePath, url.Values{})
				if err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(people) },
					"csv":   func() error { return api.PersonCSV(out, &api.Page[api.Person]{Items: people}) },
					"table": func() error { return personTable(out, people) },
				})
			})
		},
	}
}

func personTable(w io.Writer, people []api.Person) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "PRINCIPAL\tNAME\tE-MAIL\tCALLED\tROLES\tSINCE\tERASED"); err != nil {
		return err
	}
	for _, p := range people {
		var roles []string
		for _, r := range p.Roles {
			roles = append(roles, roleText(&r))
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.Principal, p.Name, p.Email, strings.Join(p.ExternalIDs, ", "),
			strings.Join(roles, ", "), p.Created.Format(time.DateOnly), date(p.Erased, "")); err != nil {
			return err
		}
	}
	return out.Flush()
}

// roleText is "lead of insurance/claims", the role alone for the whole organisation.
func roleText(r *api.Role) string {
	scope := strings.Join(filled(r.Scope.BusinessUnit, r.Scope.Team, r.Scope.Application), "/")
	if scope == "" {
		return string(r.Role)
	}
	return string(r.Role) + " of " + scope
}

func filled(texts ...string) (some []string) {
	for _, text := range texts {
		if text != "" {
			some = append(some, text)
		}
	}
	return some
}

func newPersonAdd(c *common) *cobra.Command {
	order := api.PersonOrder{}
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Add a person, or say more of one, and print the id",
		Long: `Add keeps a name and what sources call the person; the e-mail is one of these. When
one of them names somebody already, because usage did, the rest is added to that
person. Names of several people are refused: what is booked stays apart.`,
		Example: "  bursar person add --name 'Ada Quill' --email ada@example.org --called acme:7 --called aquill",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c.create = true
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var kept api.KeptPerson
				if err := cl.Post(ctx, peoplePath, order, &kept); err != nil {
					return err
				}
				_, err := fmt.Fprintln(cmd.OutOrStdout(), kept.Principal)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&order.Name, "name", "", "what people call them")
	cmd.Flags().StringVar(&order.Email, "email", "", "e-mail address")
	cmd.Flags().StringArrayVar(&order.ExternalIDs, "called", nil, "what a source calls them: a user name, an account id; may be repeated")
	return cmd
}
