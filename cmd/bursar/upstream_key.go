package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/vault"
)

func newUpstreamKey(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "upstream-key",
		Short: "Keep the vendors' keys sealed in the data folder",
		Long: `A vendor's key comes from a variable, from a file, or is kept sealed under a master key.
The master key is in no data folder and no backup: the server takes it from BURSAR_MASTER_KEY,
or from the file that BURSAR_MASTER_KEY_FILE names; openssl rand -base64 32 makes one. Where
no server runs, the command needs it in the same way.

A route takes the key that key_sealed names; the built-in routes take the one of their own
name. The next call goes by every change.`,
		Example: `  bursar upstream-key set openai < openai.key
  bursar upstream-key list
  bursar upstream-key reseal`,
	}
	cmd.AddCommand(newUpstreamKeySet(c), newUpstreamKeyList(c), newUpstreamKeyRemove(c), newUpstreamKeyReseal(c))
	return cmd
}

func newUpstreamKeySet(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "set NAME",
		Short: "Seal a vendor's key, read from standard input",
		Long: `Set reads the vendor's key from standard input, never from the command line, which
others of the machine can see; at a terminal it asks for it and shows nothing.`,
		Example: "  bursar upstream-key set openai < openai.key\n  bursar upstream-key set azure-eu",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := vault.CheckName(args[0]); err != nil { // before somebody types
				return err
			}
			secret, err := readSecret(cmd)
			if err != nil {
				return err
			}
			c.create = true
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var set api.UpstreamKey
				if err := cl.Post(ctx, "/api/v1/upstream-keys", api.UpstreamKeyOrder{Name: args[0], Secret: secret}, &set); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s is sealed under the master key %s\n", set.Name, set.Master)
				return err
			})
		},
	}
}

// readSecret reads one line, which a terminal does not show.
func readSecret(cmd *cobra.Command) (string, error) {
	if file, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		cmd.PrintErr("the vendor's key, which is not shown: ")
		typed, err := term.ReadPassword(int(file.Fd()))
		cmd.PrintErrln()
		if err != nil {
			return "", spend.Errorf(spend.KindInvalid, "read a key of an upstream", "%w", err)
		}
		return strings.TrimSpace(string(typed)), nil
	}
	raw, err := io.ReadAll(io.LimitReader(bufio.NewReader(cmd.InOrStdin()), 2*vault.MaxSecret))
	if err != nil {
		return "", spend.Errorf(spend.KindInvalid, "read a key of an upstream", "%w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

func newUpstreamKeyList(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the vendors' keys that are kept, without what they hold",
		Example: "  bursar upstream-key list\n  bursar upstream-key list --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var all api.UpstreamKeyList
				if err := cl.Get(ctx, "/api/v1/upstream-keys", url.Values{}, &all); err != nil {
					return err
				}
				return c.writeUpstreamKeys(cmd.OutOrStdout(), all.Items)
			})
		},
	}
}

func newUpstreamKeyRemove(c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "remove NAME",
		Short:   "Remove a vendor's key",
		Example: "  bursar upstream-key remove openai",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				return cl.Delete(ctx, "/api/v1/upstream-keys/"+url.PathEscape(args[0]))
			})
		},
	}
}

func newUpstreamKeyReseal(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "reseal",
		Short: "Seal all keys anew, under the newest master key",
		Long: `Reseal replaces the master key. Give the server both, the new one first and a space
between them, reseal, and take the old one away. All keys are sealed anew, or none.`,
		Example: "  bursar upstream-key reseal",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var all api.UpstreamKeyList
				if err := cl.Post(ctx, "/api/v1/upstream-keys/reseal", struct{}{}, &all); err != nil {
					return err
				}
				return c.writeUpstreamKeys(cmd.OutOrStdout(), all.Items)
			})
		},
	}
}

func (c *common) writeUpstreamKeys(w io.Writer, keys []api.UpstreamKey) error {
	return c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(w).Encode(keys) },
		"table": func() error {
			out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			if _, err := fmt.Fprintln(out, "NAME\tSET\tMASTER KEY\tOPENS"); err != nil {
				return err
			}
			for _, k := range keys {
				opens := "yes"
				if !k.Opens {
					opens = "no: " + k.Why + " → " + k.Mend
				}
				if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", k.Name, k.Set.Format(time.DateOnly), k.Master, opens); err != nil {
					return err
				}
			}
			return out.Flush()
		},
	})
}
