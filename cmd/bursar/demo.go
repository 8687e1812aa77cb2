package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/company"
	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// demo is what the flags of the demo say.
type demo struct {
	*common
	company company.Config
	remove  string // what is to be removed afterwards
	listen  string
	rate    int
	noServe bool
	start   time.Time
}

// manyCalls are so many that a page would wait for what the server asks ahead of it; of
// fewer this is done while the first page opens.
const manyCalls = 3_000_000

func newDemo(c *common) *cobra.Command {
	d := &demo{common: c}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "A simulated company to click through, until Ctrl-C",
		Long: `Demo makes a company that does not exist: business units, teams, workflows and
agents, six months of model calls at real dated prices and what they brought about,
migrations, an incident, and calls that nobody can price or attribute. It fills a new
folder with it, a temporary one unless --data names another, serves the page, and lets
the company go on working. The link that it prints signs a browser in.

The same seed gives the same company. The six months end now; with --no-serve they end
on 1 November 2026, so that the bill is the same on every day.`,
		Example: "  bursar demo\n  bursar demo --events 100000 --data /tmp/demo --no-serve\n  bursar spend --data /tmp/demo --by workflow --top 10",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return d.run(cmd) },
	}
	flags := cmd.Flags()
	flags.Uint64Var(&d.company.Seed, "seed", 1, "which of the possible companies")
	flags.IntVar(&d.company.Events, "events", 2_000_000, "number of model calls")
	flags.StringVar(&d.listen, "listen", config.Default().Listen, "address and port; another free port when it is taken")
	flags.IntVar(&d.rate, "rate", 2, "calls a second while it serves, 0 to 1000")
	flags.BoolVar(&d.noServe, "no-serve", false, "fill the folder, print the bill and end")
	return cmd
}

func (d *demo) run(cmd *cobra.Command) (err error) {
	d.start = time.Now()
	if d.rate < 0 || d.rate > 1000 {
		return spend.Errorf(spend.KindInvalid, "read --rate", "%d calls a second", d.rate).WithHint("0 to 1000")
	}
	d.remove = d.data
	if !cmd.Flag("data").Changed { // that of $BURSAR_HOME is somebody's own
		if d.remove, err = os.MkdirTemp("", "bursar-demo-"); err != nil {
			return fmt.Errorf("make a demo folder: %w", err)
		}
		d.data = filepath.Join(d.remove, "data")
	}
	if !d.noServe {
		d.company.End = d.start.UTC().Truncate(time.Hour)
		d.company.Start = d.company.End.AddDate(0, -6, 0)
	}
	if err := d.fill(cmd, company.New(d.company)); err != nil || d.noServe {
		return err
	}
	return d.serve(cmd)
}

// fill books the company's calls and outcomes.
func (d *demo) fill(cmd *cobra.Command, c *company.Company) error {
	a, err := d.open(true, "")
	if err != nil {
		return err
	}
	bar := newBar(cmd.ErrOrStderr(), "DEMO company")
	result, err := a.Demo(cmd.Context(), c, func(so ingest.Result) {
		bar.show(app.Progress{Result: so, Bytes: so.Read, Size: int64(d.company.Events)})
	})
	bar.end()
	if err != nil {
		return errors.Join(err, a.Close())
	}
	results, err := a.DemoOutcomes(cmd.Context(), c, d.until())
	if err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "DEMO: %d simulated calls and %d results booked in %.1f s into %s\n\n",
			result.Read, results, time.Since(d.start).Seconds(), d.data)
	}
	if err == nil && d.noServe {
		err = d.bill(cmd, a)
	}
	return errors.Join(err, a.Close())
}

// until is the end of the company's history.
func (d *demo) until() time.Time {
	if d.company.End.IsZero() {
		return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	}
	return d.company.End
}

// bill prints what was spent, and where to look further.
func (d *demo) bill(cmd *cobra.Command, a *app.App) error {
	out := cmd.OutOrStdout()
	for _, ask := range []report.Ask{
		{By: "business_unit", Measures: "cost,calls,runs,prompt_tokens,completion_tokens"},
		{By: "seller,model", Measures: "cost,calls,cached_tokens,unpriced_calls,exposure", Top: 12},
	} {
		ask.Zone, ask.Book, ask.Axis = d.zoneOf(a), "metered", "used_at"
		q, err := ask.Query(time.Now())
		if err != nil {
			return err
		}
		t, err := a.Answer(cmd.Context(), &q)
		if err != nil {
			return err
		}
		if err := report.Text(out, &t); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "Look further:\n  bursar serve --data %[1]s\n  bursar spend --data %[1]s --by team,workflow --top 15\n"+
		"  bursar spend --data %[1]s --outcome\n  bursar doctor --data %[1]s\n", d.data)
	return err
}

// serve shows the company until it is interrupted.
func (d *demo) serve(cmd *cobra.Command) error {
	c, err := d.config("")
	if err != nil {
		return err
	}
	settings := config.Default()
	settings.Data = d.data
	server, err := app.OpenServer(cmd.Context(), c.Configured(&settings), logger(cmd.ErrOrStderr(), "text", slog.LevelInfo))
	if err != nil {
		return err
	}
	return errors.Join(d.show(cmd, server, &settings), server.Close(), d.farewell(cmd.OutOrStdout()))
}

func (d *demo) show(cmd *cobra.Command, server *app.Server, settings *config.Config) error {
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	err := server.FirstToken(ctx)
	if err == nil && d.company.Events > manyCalls {
		err = server.AskAhead(ctx) // now, so that the first page opens as fast as any
	}
	if err != nil {
		return err
	}
	listener, err := d.listener(cmd)
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	vendors := app.NewMadeUp()
	site, err := app.NewServing(cmd.Context(), server, address, vendors.Behind(app.DoorOf(settings)))
	if err == nil {
		err = d.greet(cmd.OutOrStdout(), address)
	}
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	working := make(chan error, 1)
	go func() {
		working <- d.work(ctx, site, vendors)
		stop() // a company that stopped working has a reason to tell
	}()
	err = site.Serve(ctx, listener)
	stop()
	return errors.Join(err, <-working)
}

// work lets calls trickle in until the context ends.
func (d *demo) work(ctx context.Context, site *app.Serving, vendors *app.MadeUp) error {
	if d.rate == 0 {
		<-ctx.Done()
		return nil
	}
	return site.Trickle(ctx, app.Shift{Seed: d.company.Seed, PerSecond: d.rate, Vendors: vendors})
}

// listener takes the port that was asked for, else, when nobody asked for it, any.
func (d *demo) listener(cmd *cobra.Command) (net.Listener, error) {
	var listen net.ListenConfig
	l, err := listen.Listen(cmd.Context(), "tcp", d.listen)
	if err != nil && !cmd.Flags().Changed("listen") {
		l, err = listen.Listen(cmd.Context(), "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, spend.Errorf(spend.KindConflict, "listen", "%w", err).WithHint("choose another port with --listen")
	}
	return l, nil
}

// greet prints the link. What stands behind the # stays in the browser: it is the
// demo's admin token, which the page exchanges for a session.
func (d *demo) greet(out io.Writer, address string) error {
	token, err := os.ReadFile(filepath.Join(d.data, "admin-token"))
	if err != nil {
		return fmt.Errorf("read the admin token: %w", err)
	}
	_, err = fmt.Fprintf(out, "Ready after %.1f s. Open\n\n  %s/#token=%s\n\nCtrl-C stops. The company is made up: DEMO.\n",
		time.Since(d.start).Seconds(), address, strings.TrimSpace(string(token)))
	return err
}

// farewell says what is left.
func (d *demo) farewell(out io.Writer) error {
	_, err := fmt.Fprintf(out, "\nStopped. Look again: bursar serve --data %s\nRemove it: rm -r %s\n", d.data, d.remove)
	return err
}
