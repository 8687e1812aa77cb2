package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// upload is what a running server is sent.
type upload struct {
	to      *client.Client
	paths   []string
	flags   importFlags
	options connect.Options
}

// upload sends files of usage to a running server.
func (c *common) upload(ctx context.Context, cmd *cobra.Command, u upload) error {
	f := u.flags
	if err := theirRules(f.rules); err != nil {
		return err
	}
	order := api.ImportOrder{Format: cmd.Name(), Mapping: f.mapping, Seller: f.seller, Source: u.options.Source, Origin: u.options.Origin, Revision: u.options.Revision}
	if f.mapping != "" && !slices.Contains(connect.Builtins(), f.mapping) {
		text, err := os.ReadFile(f.mapping)
		if err != nil {
			return spend.Errorf(spend.KindNotFound, "read mapping", "%w", err)
		}
		order.Mapping = string(text)
	}
	var house api.Session
	if err := u.to.Get(ctx, "/api/v1/session", nil, &house); err == nil { // a token that only imports may not ask
		c.reporting = house.Currency
	}
	return c.eachFile(cmd, u.paths, c.showResult, func(path string, bar bar) (ingest.Result, error) {
		return sendFile(ctx, u.to, path, sending{&order, bar})
	})
}

// sending says how a file is to be read, and shows how far it is sent.
type sending struct {
	order *api.ImportOrder
	bar   bar
}

func sendFile(ctx context.Context, to *client.Client, path string, s sending) (result ingest.Result, err error) {
	s.order.Name = filepath.Base(path)
	in, err := opened(path)
	if err != nil {
		return result, err
	}
	defer discard(in)
	sent := &counted{Reader: in, bar: s.bar}
	if info, err := in.Stat(); err == nil && info.Mode().IsRegular() {
		sent.size = info.Size()
	}
	err = to.Upload(ctx, "/api/v1/imports", s.order, client.File{Name: s.order.Name, Body: sent}, &result)
	return result, err
}

func opened(path string) (*os.File, error) {
	if path == "-" {
		return os.Stdin, nil
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "import", "%w", err).WithHint("give the path of a file, or - for standard input")
	}
	return in, nil
}

// counted shows how much of a file was sent.
type counted struct {
	io.Reader
	bar        bar
	sent, size int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.sent += int64(n)
	c.bar.show(app.Progress{Bytes: c.sent, Size: c.size})
	return n, err
}
