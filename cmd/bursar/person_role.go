package main

import (
	"context"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/client"
)

func newPersonRole(c *common) *cobra.Command {
	role, take := api.Role{}, false
	cmd := &cobra.Command{
		Use:     "role PERSON ROLE",
		Short:   "Give a person a role, or take it with --take",
		Long:    "Role gives admin or finance, of everything; viewer, of everything or a scope; or lead, which needs one.",
		Example: "  bursar person role ada@example.org lead --team claims\n  bursar person role ada@example.org lead --team claims --take",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			role.Role = auth.Role(args[1])
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				person, err := seek(ctx, cl, args[0])
				if err != nil {
					return err
				}
				path := peoplePath + "/" + person.Principal + "/roles"
				if take {
					return cl.Delete(ctx, path+"?"+roleQuery(&role).Encode())
				}
				return cl.Post(ctx, path, role, nil)
			})
		},
	}
	cmd.Flags().StringVar(&role.Scope.BusinessUnit, "business-unit", "", "the business unit that it holds in")
	cmd.Flags().StringVar(&role.Scope.Team, "team", "", "the team that it holds in")
	cmd.Flags().StringVar(&role.Scope.Application, "application", "", "the application that it holds in")
	cmd.Flags().BoolVar(&take, "take", false, "take the role of exactly this scope")
	return cmd
}

// roleQuery is a role as the parameters of an address.
func roleQuery(r *api.Role) url.Values {
	q := url.Values{"role": {string(r.Role)}}
	for name, value := range map[string]string{
		"business_unit": r.Scope.BusinessUnit, "team": r.Scope.Team, "application": r.Scope.Application,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// seek finds a person. What a source calls somebody goes into no address.
func seek(ctx context.Context, cl *client.Client, who string) (api.Person, error) {
	var found api.Person
	err := cl.Post(ctx, peoplePath+"/find", api.PersonSought{Who: who}, &found)
	return found, err
}
