package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/spend"
)

// serving is what the flags of the server say.
type serving struct {
	*common
	flags interface{ Changed(name string) bool }
	file  string // of the configuration, "" for none
	check bool
	own   config.Config // what flags say
	level slog.LevelVar
}

func newServe(c *common) *cobra.Command {
	f := &serving{common: c}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server: events in, questions out",
		Long: `Serve owns its data folder: what it accepts is in the journal, on disk, before it
says so, and is booked behind that. On the first start it writes an admin token to a
file that only its owner can read, and says where. It binds to loopback unless told
otherwise, and answers under the names of this machine's loopback and of --host only.

A configuration file sets everything (docs/config.md); flags beat it. SIGHUP reads it
again: log level, hosts, limits and metrics change at once, and so do the files of prices
and attribution rules; the rest at the next start.`,
		Example: `  bursar serve
  bursar serve --data /var/lib/bursar --listen 0.0.0.0:4141 --host bursar.example.com
  bursar serve --config /etc/bursar.yaml --check`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	f.flags = flags
	flags.StringVar(&f.file, "config", "", "configuration file")
	flags.BoolVar(&f.check, "check", false, "read the configuration and the files that it names, print it, start nothing")
	flags.StringVar(&f.own.Listen, "listen", config.Default().Listen, "address and port; port 0 takes any free one")
	flags.StringVar(&f.own.Rules, "rules", "", "file of attribution rules")
	flags.StringArrayVar(&f.own.Hosts, "host", nil, "name that the server is reached under; may be repeated")
	flags.BoolVar(&f.own.Metrics.Enabled, "metrics", true, "serve /metrics")
	flags.StringVar(&f.own.Log.Format, "log-format", "text", "text for people, json for programs")
	complete(cmd, "log-format", []string{"text", "json"})
	return cmd
}

// settings reads the file, and the flags over it.
func (f *serving) settings() (config.Config, error) {
	s := config.Default()
	if f.file != "" {
		var err error
		if s, err = config.Load(f.file); err != nil {
			return s, unreadable(err)
		}
	}
	for _, over := range []struct {
		flag string
		set  func()
	}{
		{"data", func() { s.Data = f.data }}, {"listen", func() { s.Listen = f.own.Listen }}, {"rules", func() { s.Rules = f.own.Rules }},
		{"host", func() { s.Hosts = f.own.Hosts }}, {"metrics", func() { s.Metrics = f.own.Metrics }},
		{"log-format", func() { s.Log.Format = f.own.Log.Format }},
	} {
		if f.flags.Changed(over.flag) {
			over.set()
		}
	}
	if f.file == "" {
		s.Data = f.data
	}
	if err := s.Validate(); err != nil {
		return s, unreadable(err)
	}
	f.data = s.Data
	return s, nil
}

func unreadable(err error) error {
	kind := spend.KindInvalid
	if errors.Is(err, fs.ErrNotExist) {
		kind = spend.KindNotFound
	}
	return spend.Errorf(kind, "", "%w", err).WithHint("docs/config.md lists every setting")
}

func (f *serving) run(cmd *cobra.Command) error {
	defer runtime.KeepAlive(ballast())
	settings, err := f.settings()
	if err != nil {
		return err
	}
	if f.check {
		if err := app.CheckFiles(&settings); err != nil {
			return err
		}
		return config.Print(cmd.OutOrStdout(), settings)
	}
	base, err := f.config("")
	if err != nil {
		return err
	}
	base.Create = true
	f.level.Set(app.LevelOf(&settings))
	log := logger(cmd.ErrOrStderr(), settings.Log.Format, &f.level)
	hear(log)
	open := func(ctx context.Context) (*app.Server, error) {
		return app.OpenServer(ctx, base.Configured(&settings), log)
	}
	server, err := open(cmd.Context())
	if err != nil {
		return err
	}
	base.Create = false // a folder that is opened again is one that was there
	thrifty()
	lives, listener, err := f.listen(cmd, server, &settings)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	lives.Open, lives.Log = open, log
	return lives.Run(cmd.Context(), server, listener)
}

// headroom is what may come and go between two collections of garbage beside half of what
// lives long.
const headroom = 12 << 20

// ballast is taken by the collector for what lives long. It is made before anything else,
// of memory that was never used, and is never touched: so it takes none of the machine's.
func ballast() []byte { return make([]byte, 2*headroom) }

// thrifty keeps the process small. Most of what a server holds lives long, as its price
// book does, so that half as much again is room enough for what comes and goes; GOGC says
// otherwise. What opening the folder left behind goes back to the system.
func thrifty() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	debug.FreeOSMemory()
	app.ForgetCode()
}

// listen takes the port and says how a life is served on it.
func (f *serving) listen(cmd *cobra.Command, server *app.Server, settings *config.Config) (*app.Lives, net.Listener, error) {
	ctx := cmd.Context()
	certificate, err := app.CertificateOf(settings)
	if err != nil {
		return nil, nil, err
	}
	if err := server.FirstToken(ctx); err != nil {
		return nil, nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", settings.Listen)
	if err != nil {
		return nil, nil, spend.Errorf(spend.KindConflict, "listen", "%w", err).WithHint("another server may run; choose a port with --listen")
	}
	address := "http://" + listener.Addr().String()
	if certificate != nil {
		address = "https://" + listener.Addr().String()
	}
	life := func(ctx context.Context, server *app.Server, l net.Listener) error {
		s, err := app.NewServing(ctx, server, address, app.DoorOf(settings))
		if err != nil {
			return err
		}
		s.Certificate, s.Ports = certificate, app.PortsOf(settings)
		defer f.heed(ctx, cmd, s)()
		return s.Serve(ctx, l)
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), address); err != nil {
		return nil, nil, errors.Join(err, listener.Close())
	}
	return &app.Lives{Data: settings.Data, Certificate: certificate, Serve: life}, listener, nil
}

// heed reads the configuration again on SIGHUP; a mistake in it changes nothing.
func (f *serving) heed(ctx context.Context, cmd *cobra.Command, s *app.Serving) (stop func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for {
			select {
			case <-hup:
				f.reload(ctx, cmd, s)
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() {
		signal.Stop(hup)
		cancel()
	}
}

func (f *serving) reload(ctx context.Context, cmd *cobra.Command, s *app.Serving) {
	settings, err := f.settings()
	if err == nil {
		err = s.Reread(ctx)
	}
	if err == nil {
		err = s.Open(ctx, app.DoorOf(&settings))
	}
	if err != nil {
		cmd.PrintErrf("the configuration stays as it was: %s", explain(err))
		return
	}
	f.level.Set(app.LevelOf(&settings))
	cmd.PrintErrln("the configuration was read again")
}

func logger(w io.Writer, format string, level slog.Leveler) *slog.Logger {
	options := slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, &options))
	}
	return slog.New(slog.NewTextHandler(w, &options))
}
