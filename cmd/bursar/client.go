package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

// tokenVariable names the credential for --server.
const tokenVariable = "BURSAR_TOKEN"

// client gives work a client of the server that --server names, or of the one
// that has the data folder open; when none has, the folder is opened for it.
func (c *common) client(cmd *cobra.Command, work func(context.Context, *client.Client) error) error {
	return c.either(cmd, work, func(ctx context.Context, server *app.Server) error {
		return server.Inside(ctx, func(cl *client.Client) error { return work(ctx, cl) })
	})
}

// either gives asking a client of a server that runs, or own the folder that no
// server has open.
func (c *common) either(cmd *cobra.Command, asking func(context.Context, *client.Client) error, own func(context.Context, *app.Server) error) error {
	ctx := cmd.Context()
	if c.server != "" {
		if err := theirRules(c.rules); err != nil {
			return err
		}
		token := os.Getenv(tokenVariable)
		if token == "" {
			return spend.Errorf(spend.KindInvalid, "ask "+c.server, "no token is set").WithHint("export %s=bursar_…", tokenVariable)
		}
		return asking(ctx, &client.Client{Base: c.server, Token: token})
	}
	config, err := c.config(c.rules)
	if err != nil {
		return err
	}
	config.Create = c.create
	server, err := app.OpenServer(ctx, config, warnings(cmd))
	if spend.KindOf(err) == spend.KindConflict {
		running, found := c.starting(ctx)
		if !found {
			return err
		}
		if err := theirRules(c.rules); err != nil {
			return err
		}
		return asking(ctx, running)
	}
	if err != nil {
		return err
	}
	return errors.Join(own(ctx, server), server.Close())
}

// rulesFlag names the file of rules that decide beside what is applied.
func (c *common) rulesFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.rules, "rules", "", "file of attribution rules that count too, as for bursar import; none beside a running server, which has its own")
}

// theirRules refuses a file of rules where a server decides by its own.
func theirRules(file string) error {
	if file == "" {
		return nil
	}
	return spend.Errorf(spend.KindInvalid, "read --rules", "a running server attributes by its own rules").WithHint("leave --rules out, or stop the server")
}

// warnings logs what a command's user should know.
func warnings(cmd *cobra.Command) *slog.Logger {
	return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// starting gives the server that has the folder open. One that starts has its lock before
// its address is known.
func (c *common) starting(ctx context.Context) (running *client.Client, found bool) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	for again := time.NewTicker(50 * time.Millisecond); ; {
		if running, found = c.running(); found {
			return running, true
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// running finds the server that has the folder, and the token in its folder
// unless the environment names one.
func (c *common) running() (*client.Client, bool) {
	address, err := os.ReadFile(filepath.Join(c.data, "address"))
	if err != nil {
		return nil, false
	}
	token := os.Getenv(tokenVariable)
	if token == "" {
		text, err := os.ReadFile(filepath.Join(c.data, "admin-token"))
		if err != nil {
			return nil, false
		}
		token = string(text)
	}
	return &client.Client{Base: strings.TrimSpace(string(address)), Token: strings.TrimSpace(token)}, true
}
