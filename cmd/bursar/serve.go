package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/spend"
)

// serving are the flags of the server.
type serving struct {
	listen string
	rules  string
	json   bool
	limits app.Limits
}

func newServe(c *common) *cobra.Command {
	f := serving{limits: app.DefaultLimits()}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server: events in, questions out",
		Long: `Serve owns its data folder: what it accepts is in the journal, on disk, before it
says so, and is booked behind that. On the first start it writes an admin token to a
file that only its owner can read, and says where. It binds to loopback unless told
otherwise, and answers under the names of this machine's loopback and of --host only.`,
		Example: "  bursar serve\n  bursar serve --data /var/lib/bursar --listen 0.0.0.0:4141 --host bursar.example.com",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.serve(cmd, &f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:4141", "address and port; port 0 takes any free one")
	flags.StringVar(&f.rules, "rules", "", "file of attribution rules")
	flags.BoolVar(&f.json, "log-json", false, "log one JSON object a line")
	flags.StringArrayVar(&f.limits.Hosts, "host", nil, "name that the server is reached under; may be repeated")
	flags.Int64Var(&f.limits.BodyBytes, "body-bytes", f.limits.BodyBytes, "bytes of one request, after decompression")
	flags.IntVar(&f.limits.Events, "events", f.limits.Events, "events of one request")
	flags.DurationVar(&f.limits.Query, "query-time", f.limits.Query, "after which a question is stopped")
	flags.IntVar(&f.limits.AtOnce, "queries", f.limits.AtOnce, "questions that run at the same time")
	return cmd
}

func (c *common) serve(cmd *cobra.Command, f *serving) error {
	if f.limits.BodyBytes < 1 || f.limits.Events < 1 || f.limits.Query <= 0 || f.limits.AtOnce < 1 {
		return spend.Errorf(spend.KindInvalid, "serve", "a limit of nothing serves nobody").WithHint("give limits above zero")
	}
	config, err := c.config(f.rules)
	if err != nil {
		return err
	}
	server, err := app.OpenServer(cmd.Context(), config, logger(cmd.ErrOrStderr(), f.json))
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(cmd.Context(), "tcp", f.listen)
	if err != nil {
		err = spend.Errorf(spend.KindConflict, "listen", "%w", err).WithHint("another server may run; choose a port with --listen")
		return errors.Join(err, server.Close())
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "http://%s\n", listener.Addr())
	return errors.Join(err, server.Serve(cmd.Context(), listener, f.limits), server.Close())
}

func logger(w io.Writer, json bool) *slog.Logger {
	if json {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
