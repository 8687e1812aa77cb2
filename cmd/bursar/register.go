package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

const registerPath = "/api/v1/register"

func newRegister(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "register",
		Short: "See which applications, workflows and agents there are, and say whose they are",
		Long: `Applications, workflows and agents are found in what is booked. Claim those that are
yours, give them better names, and make one of several; every act can be taken back.
What is booked next follows, and bursar attribute restate makes the past follow too.
See docs/registers.md.`,
		Example: "  bursar register list --unowned\n  bursar register claim triage-bot --team support --purpose 'sorts tickets'\n  bursar register merge triage-bot triage_bot_v2 --to triage",
	}
	cmd.AddCommand(newRegisterList(c), newRegisterShow(c), newRegisterGuardrails(c), newRegisterClaim(c), newRegisterRename(c), newRegisterMerge(c), newRegisterSplit(c), newRegisterRetire(c))
	return cmd
}

// kindFlag names the kind of a name that several kinds have.
func kindFlag(cmd *cobra.Command, kind *register.Kind) {
	cmd.Flags().StringVar((*string)(kind), "kind", "", "application, workflow or agent; needed for a new name, and where several kinds have it")
	complete(cmd, "kind", names(register.Kinds()))
}

// acting is an act that is to be done, and how.
type acting struct {
	api.RegisterOrder
}

func (a *acting) flags(cmd *cobra.Command) {
	kindFlag(cmd, &a.Kind)
	cmd.Flags().BoolVar(&a.DryRun, "dry-run", false, "only show what would change")
}

func newRegisterClaim(c *common) *cobra.Command {
	a := acting{RegisterOrder: api.RegisterOrder{Act: register.Claim}}
	cmd := &cobra.Command{
		Use:   "claim NAME --team TEAM",
		Short: "Say which team answers for a name, and what it is for",
		Long: `Claim names the team that answers for an application, a workflow or an agent. Lines
that name it and have no team from anything else are booked as that team's. Claimed
again, it is the other team's; purpose and contact stay unless they are said anew.
A lead may claim for the own team.`,
		Example: "  bursar register claim triage-bot --team support --purpose 'sorts tickets'\n  bursar register claim letters --kind workflow --team claims",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.act(cmd, &a, args) },
	}
	a.flags(cmd)
	cmd.Flags().StringVar(&a.Team, "team", "", "the team that answers for it")
	cmd.Flags().StringVar(&a.Purpose, "purpose", "", "what it is for")
	cmd.Flags().StringVar(&a.Contact, "contact", "", "whom to ask, by principal id (bursar person list)")
	return cmd
}

func newRegisterRetire(c *common) *cobra.Command {
	a := acting{RegisterOrder: api.RegisterOrder{Act: register.Retire}}
	cmd := &cobra.Command{
		Use:   "retire NAME",
		Short: "Say that a name should be seen no more",
		Long: `Retire keeps the entry, its owner and its past, and takes it off the list of what
nobody answers for. Claim it to bring it back.`,
		Example: "  bursar register retire triage-bot",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.act(cmd, &a, args) },
	}
	a.flags(cmd)
	return cmd
}

func newRegisterRename(c *common) *cobra.Command {
	a := acting{RegisterOrder: api.RegisterOrder{Act: register.Rename}}
	cmd := &cobra.Command{
		Use:   "rename NAME NEW",
		Short: "Give a name that is new",
		Long: `Rename makes what clients still call by the old name count under the new one, with the
old one's owner, for calls that are used from --from on, or whenever. A name that is
there already is merged instead. Split takes it back.`,
		Example: "  bursar register rename triage-bot triage\n  bursar register rename triage-bot triage --from 2026-07-01",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.To = args[1]
			return c.act(cmd, &a, args[:1])
		},
	}
	a.flags(cmd)
	cmd.Flags().StringVar(&a.From, "from", "", "the first day of use that counts under the new name; default always")
	return cmd
}

func newRegisterMerge(c *common) *cobra.Command {
	a := acting{RegisterOrder: api.RegisterOrder{Act: register.Merge}}
	cmd := &cobra.Command{
		Use:   "merge NAME... --to NAME",
		Short: "Make several names one",
		Long: `Merge makes what clients call by these names count under one, for calls that are used
from --from on, or whenever. The one keeps its owner; one without takes that of the
others where they agree. What was said of each is kept, so that split gives it back.`,
		Example: "  bursar register merge triage_bot triage-bot-v2 --to triage\n  bursar register merge helpdesk --to desk --kind application --from 2026-07-01",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.act(cmd, &a, args) },
	}
	a.flags(cmd)
	cmd.Flags().StringVar(&a.To, "to", "", "the name that they become")
	cmd.Flags().StringVar(&a.From, "from", "", "the first day of use that counts under it; default always")
	return cmd
}

func newRegisterSplit(c *common) *cobra.Command {
	a := acting{RegisterOrder: api.RegisterOrder{Act: register.Split}}
	cmd := &cobra.Command{
		Use:   "split NAME...",
		Short: "Take renames and merges of names back",
		Long: `Split makes names count as names of their own again, as if they had never been renamed
or merged; with --from the calls that are used before that day stay as they are.`,
		Example: "  bursar register split triage-bot-v2\n  bursar register split triage-bot-v2 --from 2026-09-01",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.act(cmd, &a, args) },
	}
	a.flags(cmd)
	cmd.Flags().StringVar(&a.From, "from", "", "the first day on which they are names of their own; default always")
	return cmd
}

// act does an act and shows what it changed.
func (c *common) act(cmd *cobra.Command, a *acting, names []string) error {
	a.Names, c.create = names, a.Act == register.Claim && !a.DryRun
	return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		var done api.Application
		if err := cl.Post(ctx, registerPath, a.RegisterOrder, &done); err != nil {
			return err
		}
		return c.showChanges(cmd.OutOrStdout(), &done)
	})
}

// entryPath is the address of an entry.
func entryPath(kind register.Kind, name string) string {
	parts := strings.Split(name, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return registerPath + "/" + string(kind) + "/" + strings.Join(parts, "/")
}

// oneEntry finds the entry of a name, of the only kind that has it.
func oneEntry(ctx context.Context, cl *client.Client, kind register.Kind, name string) (found api.RegisteredOne, err error) {
	kinds, hit := register.Kinds(), 0
	if kind != "" {
		kinds = []register.Kind{kind}
	}
	for _, k := range kinds {
		var one api.RegisteredOne
		err := cl.Get(ctx, entryPath(k, name), nil, &one)
		switch {
		case err == nil:
			found = one
			hit++
		case spend.KindOf(err) != spend.KindNotFound:
			return found, err
		}
	}
	switch hit {
	case 0:
		return found, spend.Errorf(spend.KindNotFound, "show an entry", "nobody knows this name").WithHint("bursar register list has the names")
	case 1:
		return found, nil
	}
	return found, spend.Errorf(spend.KindConflict, "show an entry", "several kinds have this name").WithHint("say which with --kind")
}
