package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/app"
	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

// common are the flags that every command has.
type common struct {
	data      string
	server    string         // URL of a server elsewhere, "" for the folder's own
	settings  *config.Config // the server's, for commands that read its file
	create    bool           // make the folder when it is missing
	output    string
	reporting money.Currency // the organisation's, once it is known
	zone      string
	bulk      int    // lines of an import that are committed together
	rules     string // file of attribution rules beside what is applied, of a command that opens the folder
}

func newRoot() *cobra.Command {
	c := &common{}
	root := &cobra.Command{
		Use:   "bursar",
		Short: "Keeps the accounts of an organisation's AI",
		Long: `Bursar meters every model call, prices it exactly, and says who spent what, on
which model, at which dated price, and what could not be priced.

Exit codes: 0 done, 1 a defect of ours, 2 bad input, 3 not found, 4 conflict (the
data folder is in use), 5 forbidden, 6 a limit or the disk is full, 7 unavailable,
130 interrupted.`,
		Example: `  bursar demo                                   # a simulated company, and its bill
  bursar import csv usage.csv --map mini-swe-agent
  bursar spend --by team,model --since 30d --compare previous
  bursar price show claude-sonnet-5`,
		SilenceUsage: true, SilenceErrors: true,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&c.data, "data", dataFolder(), "folder of the ledger ($BURSAR_HOME)")
	flags.StringVar(&c.server, "server", "", "address of a server, like https://bursar.example.com; its token is in $BURSAR_TOKEN")
	flags.StringVarP(&c.output, "output", "o", "table", "table for people; json or csv for programs")
	flags.StringVar(&c.zone, "zone", "", "time zone of the days and months shown, an IANA name; default the organisation's")
	root.AddCommand(
		newImport(c), newSpend(c), newForecast(c), newReport(c), newUpstreamKey(c), newNotice(c), newBudget(c), newRun(c), newAdoption(c), newExplain(c), newDiscrepancy(c), newReconcile(c), newUnfold(c), newAttribute(c), newRegister(c), newOutcome(c), newPrice(c), newRate(c), newPeriod(c), newDemo(c), newExport(c), newApply(c), newQuarantine(c), newSource(c),
		newDoctor(c), newBackup(c), newRestore(c), newServe(c), newKey(c), newPerson(c), newAudit(c), newVersion(),
	)
	complete(root, "output", []string{"table", "json", "csv"})
	strict(root)
	return root
}

// strict refuses what is no command below one that only groups others, for which
// cobra would print its help and succeed.
func strict(cmd *cobra.Command) {
	for _, group := range cmd.Commands() {
		strict(group)
		if group.Runnable() || !group.HasSubCommands() {
			continue
		}
		group.RunE = func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return spend.Errorf(spend.KindInvalid, "read the command", "%s has no command %.40q", cmd.Name(), args[0]).
				WithHint("%s --help lists them", cmd.CommandPath())
		}
	}
}

func dataFolder() string {
	if dir := os.Getenv("BURSAR_HOME"); dir != "" {
		return dir
	}
	return "bursar-data"
}

// open opens the ledger of the data folder and books what a server that was
// killed had accepted.
func (c *common) open(create bool, rules string) (*app.App, error) {
	config, err := c.config(rules)
	if err != nil {
		return nil, err
	}
	config.Create = create
	a, err := app.Open(config)
	if err != nil {
		return nil, err
	}
	if err := a.CatchUp(context.Background()); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// config reads the flags that every command has.
func (c *common) config(rules string) (app.Config, error) {
	zone, err := c.location()
	if err != nil {
		return app.Config{}, spend.Errorf(spend.KindInvalid, "read --zone", "%w", err).WithHint("an IANA name, like Europe/Berlin")
	}
	base := app.Config{Data: c.data, Rules: rules, Zone: zone, Bulk: c.bulk}
	if c.settings != nil {
		base = base.Configured(c.settings)
	}
	return base, nil
}

// readSettings reads the server's configuration for a command that works as it does.
// The flag for the data folder beats it.
func (c *common) readSettings(cmd *cobra.Command, file string) error {
	if file == "" {
		return nil
	}
	settings, err := config.Load(file)
	if err != nil {
		return unreadable(err)
	}
	if !cmd.Flags().Changed("data") {
		c.data = settings.Data
	}
	settings.Data = c.data
	c.settings = &settings
	return nil
}

// location is what --zone names, nil without it.
func (c *common) location() (*time.Location, error) {
	if c.zone == "" {
		return nil, nil //nolint:nilnil // the organisation's
	}
	return time.LoadLocation(c.zone)
}

// zoneOf names the zone of questions to a ledger that this process opened.
func (c *common) zoneOf(a *app.App) string { return a.View().Location().String() }

// form runs the writer of the asked output.
func (c *common) form(forms map[string]func() error) error {
	write, ok := forms[c.output]
	if !ok {
		return unknownOutput(c.output)
	}
	return write()
}

func unknownOutput(form string) error {
	return spend.Errorf(spend.KindInvalid, "read --output", "%.20q is not known here", form).WithHint("table, json or csv")
}

func complete(cmd *cobra.Command, flag string, words []string) {
	// The flag exists: the call can only fail for an unknown one.
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// discard closes what was only read.
func discard(c io.Closer) { _ = c.Close() }
