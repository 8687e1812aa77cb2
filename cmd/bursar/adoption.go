package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/adoption"
	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/report"
)

func newAdoption(c *common) *cobra.Command {
	var since, until, by string
	var where []string
	cmd := &cobra.Command{
		Use:   "adoption",
		Short: "See how many people use what is paid for, and what idle seats cost",
		Long: `Adoption counts people and seats in a window: who is active and new, since when, how
widely, and what seats cost that nobody uses. Nobody is shown, and no group of fewer
people than the organisation shows (docs/adoption.md).`,
		Example: "  bursar adoption --since 30d\n  bursar adoption --by source --where team=claims\n  bursar adoption --output csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"where": where}
			for name, value := range map[string]string{"since": since, "until": until, "by": by, "zone": c.zone} {
				if value != "" {
					query.Set(name, value)
				}
			}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var shown api.Adoption
				if err := cl.Get(ctx, "/api/v1/adoption", query, &shown); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(shown) },
					"csv":   func() error { return report.AdoptionCSV(out, &shown.Statement) },
					"table": func() error { return adoptionTable(out, &shown) },
				})
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&since, "since", "", "start: an age (30d, 8w), mtd, qtd, ytd or a date; its day is whole; default 30d")
	flags.StringVar(&until, "until", "", "end, not included; default now")
	flags.StringVar(&by, "by", "team", "groups of people: team, application or source")
	flags.StringArrayVar(&where, "where", nil, "one value of business_unit, team or application, like team=claims; may be repeated")
	complete(cmd, "by", []string{"team", "application", "source"})
	return cmd
}

func adoptionTable(w io.Writer, a *api.Adoption) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) } // Flush has the error
	s := &a.Statement
	switch {
	case s.Few:
		say("fewer than %d people were active, or than %[1]d beside other groups: nothing more is said of them", s.Fewest)
	case *s.Active == 0:
		say("no call names a person in this window; docs/adoption.md says how calls name one")
	default:
		adoptionPeople(say, a)
	}
	adoptionSeats(say, &s.Seats, string(a.Meta.Currency))
	return out.Flush()
}

type sayer func(format string, args ...any)

func adoptionPeople(say sayer, a *api.Adoption) {
	s := &a.Statement
	currency := a.Meta.Currency
	say("active\t%s\tpeople, with %d calls for %s %s", heads(s.Active), s.Calls, known(s.Cost), currency)
	say("new\t%s\tin this window", heads(s.New))
	say("known\t%s\tbefore its end", heads(s.Known))
	say("half use\t%d\tworkflows or more", s.Workflows.Median)
	for i, p := range s.Parts {
		say("part %d\t%d\tpeople, with %d calls for %s %s", i+1, p.People, p.Calls, known(p.Cost), currency)
	}
	say("")
	say("%s\tPEOPLE\tCALLS\tCOST %s\tFIRST USE\tLAST USE", strings.ToUpper(string(a.By)), currency)
	for i := range s.Groups {
		g := &s.Groups[i]
		say("%s\t%s\t%d\t%s\t%s\t%s", report.GroupName(g), heads(g.People), g.Calls, known(g.Cost), useDay(g.First), useDay(g.Last))
	}
	say("")
	say("WORKFLOWS USED\tPEOPLE")
	for _, b := range s.Workflows.Bins {
		say("%s\t%d", binText(&b), b.People)
	}
}

func adoptionSeats(say sayer, s *adoption.Seats, currency string) {
	if len(s.Rows) == 0 {
		say("\nno seat is paid for in this window; docs/purchases.md says how to book some")
		return
	}
	say("")
	say("SEATS on %s\tPAID FOR\tIN USE\tIDLE\tCOST %s\tOF IT IDLE\tUSE NOT TOLD", s.On.Format(time.DateOnly), currency)
	row := func(name string, one *adoption.Subscription) {
		say("%s\t%s\t%s\t%s\t%s\t%s\t%s", name, known(one.Assigned), known(one.Active), known(one.Idle), known(one.Cost), known(one.IdleCost), one.Untold)
	}
	for i := range s.Rows {
		one := &s.Rows[i]
		name := report.Safe(one.Seller) + ": " + report.Safe(one.Product)
		if one.Few {
			name = "(other, with fewer seats than are shown)"
		}
		row(name, one)
	}
	row("TOTAL", &s.Total)
}

func binText(b *adoption.CountBin) string {
	switch {
	case b.Through == nil:
		return fmt.Sprintf("%d and more", b.From)
	case *b.Through == b.From:
		return fmt.Sprint(b.From)
	}
	return fmt.Sprintf("%d to %d", b.From, *b.Through)
}

// heads is a number of people, or the dash of one that is not told.
func heads(n *int64) string {
	if n == nil {
		return "–"
	}
	return fmt.Sprint(*n)
}

func known(n money.Null) string {
	if !n.Valid {
		return "–"
	}
	return n.Amount.String()
}

func useDay(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return t.Format(time.DateOnly)
}
