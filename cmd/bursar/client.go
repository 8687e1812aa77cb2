package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

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
	ctx := cmd.Context()
	if c.server != "" {
		token := os.Getenv(tokenVariable)
		if token == "" {
			return spend.Errorf(spend.KindInvalid, "ask "+c.server, "no token is set").WithHint("export %s=bursar_…", tokenVariable)
		}
		return work(ctx, &client.Client{Base: c.server, Token: token})
	}
	config, err := c.config("")
	if err != nil {
		return err
	}
	config.Create = c.create
	server, err := app.OpenServer(ctx, config, slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if spend.KindOf(err) == spend.KindConflict {
		running, found := c.running()
		if !found {
			return err
		}
		return work(ctx, running)
	}
	if err != nil {
		return err
	}
	return errors.Join(server.Inside(ctx, func(cl *client.Client) error { return work(ctx, cl) }), server.Close())
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
