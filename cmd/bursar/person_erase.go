package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func newPersonErase(c *common) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "erase PERSON",
		Short: "Forget who a person is, for ever",
		Long: `Erase destroys name, e-mail, everything that sources call the person, roles and
sessions, and what kept answers and applied files say of them. The id stays in ledger
and audit trail and is nobody's: lines, totals and closed periods are as before. It
asks first; without a terminal it wants --yes.`,
		Example: "  bursar person erase ada@example.org\n  bursar person erase ada@example.org --yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				person, err := seek(ctx, cl, args[0])
				if err != nil {
					return err
				}
				if err := sure(cmd, yes, "forget who "+person.Principal+" is", "this cannot be undone"); err != nil {
					return err
				}
				if err := cl.Delete(ctx, peoplePath+"/"+person.Principal); err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), person.Principal+" is nobody now")
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// sure asks at a terminal whether something is meant, and says why it asks.
func sure(cmd *cobra.Command, yes bool, what, why string) error {
	if yes {
		return nil
	}
	in, ok := cmd.InOrStdin().(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return spend.Errorf(spend.KindInvalid, what, "%s, and nobody is there to ask", why).WithHint("repeat with --yes if it is meant")
	}
	cmd.PrintErrf("%s? %s. Type yes: ", what, strings.ToUpper(why[:1])+why[1:])
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != "yes" {
		return spend.Errorf(spend.KindInvalid, what, "the answer was not yes; nothing was changed")
	}
	return nil
}
