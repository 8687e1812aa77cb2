package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/harvest"
	"github.com/bursarhq/bursar/spend"
)

// logFlags are the flags of the imports of coding agents' logs.
type logFlags struct {
	plan  string
	watch bool
	every time.Duration
}

// logs completes the command that brings in the logs of one coding agent.
func (c *common) logs(cmd *cobra.Command, p agentlog.Program) *cobra.Command {
	f := logFlags{}
	cmd.Short = "Book what " + p.Title + " used on this machine"
	cmd.Long = fmt.Sprintf(`Reads the logs of %s where it writes them, or below DIR, and books every
call once, however often that is done: only what grew is read. Counts, ids, models and
names leave a file, no prompt, code or path. When a server runs, or --server names one,
it is sent that and nothing else. docs/coding-agents.md says more.`, p.Title)
	cmd.Example = fmt.Sprintf(`  bursar import %[1]s
  bursar import %[1]s --plan api
  bursar import %[1]s ~/backup/laptop --watch
  bursar spend --by project,model`, p.Name)
	cmd.RunE = func(cmd *cobra.Command, dirs []string) error {
		h, err := harvestOf(&p, dirs, f)
		if err != nil {
			return err
		}
		if err := h.Look(); err != nil { // before a data folder is made for nothing
			return err
		}
		c.create = true
		if f.watch {
			return c.watchLogs(cmd, h, f.every)
		}
		return c.importLogs(cmd, h)
	}
	flags := cmd.Flags()
	flags.StringVar(&f.plan, "plan", "", "who pays: seat for a subscription, api for each token; default what was said last, or seat")
	flags.BoolVar(&f.watch, "watch", false, "keep importing until Ctrl-C")
	flags.DurationVar(&f.every, "every", 5*time.Second, "pause between two looks at the files with --watch")
	complete(cmd, "plan", names(agentlog.Plans()))
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return cmd
}

func harvestOf(p *agentlog.Program, dirs []string, f logFlags) (h *harvest.Harvest, err error) {
	h = &harvest.Harvest{Program: *p}
	if f.plan != "" {
		if h.Plan, err = agentlog.ParsePlan(f.plan); err != nil {
			return nil, err
		}
	}
	if f.every <= 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read --every", "%s is no pause", f.every).WithHint("a length of time, like 5s or 1m")
	}
	if len(dirs) == 0 {
		h.Folders, err = harvest.Default(p)
	}
	for _, dir := range dirs {
		h.Folders = append(h.Folders, harvest.Within(p, filepath.Clean(dir))...)
	}
	return h, err
}

// importLogs brings in what is new, and shows what the ledger holds then.
func (c *common) importLogs(cmd *cobra.Command, h *harvest.Harvest) error {
	return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		result, err := c.harvested(ctx, cmd, h, cl)
		if err != nil {
			return err
		}
		return c.showLogs(ctx, cmd, shownLogs{h, &result, cl})
	})
}

func (c *common) harvested(ctx context.Context, cmd *cobra.Command, h *harvest.Harvest, cl *client.Client) (harvest.Result, error) {
	bar := newBar(cmd.ErrOrStderr(), h.Program.Title)
	defer bar.end()
	h.Progress = func(read, total int64) { bar.show(app.Progress{Bytes: read, Size: total}) }
	return h.Run(ctx, cl)
}

// watchLogs brings in what is new whenever a file has grown. Between two rounds the
// folder is free for other commands.
func (c *common) watchLogs(cmd *cobra.Command, h *harvest.Harvest, every time.Duration) error {
	if err := c.importLogs(cmd, h); err != nil {
		return err
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-cmd.Context().Done():
			return cmd.Context().Err()
		case <-tick.C:
		}
		if !h.Changed() {
			continue
		}
		if err := c.watchOnce(cmd, h); err != nil {
			return err
		}
	}
}

// watchOnce books what is new and says so in a line. A folder that another command has
// open, and a server that is away, are tried again.
func (c *common) watchOnce(cmd *cobra.Command, h *harvest.Harvest) error {
	err := c.client(cmd, func(ctx context.Context, cl *client.Client) error {
		result, err := c.harvested(ctx, cmd, h, cl)
		if err != nil || result.Booked+result.Corrections+result.Quarantined == 0 {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s  new calls: %d, told otherwise than before: %d, rejected lines: %d\n",
			time.Now().Format(time.TimeOnly), result.Booked, result.Corrections, result.Quarantined)
		return err
	})
	switch spend.KindOf(err) {
	case spend.KindConflict, spend.KindUnavailable:
		cmd.PrintErrln(err)
		return cmd.Context().Err()
	}
	return err
}
