package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/notify"
)

const noticesPath = "/api/v1/notices"

func newNotice(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "notice",
		Short: "See what was told to owners, and try again what did not arrive",
		Long: `A threshold that a budget reaches is told once to the channels of its owner: webhooks,
rooms of Slack and Teams, mailboxes. The server tries for a day and a half.
docs/budgets.md says how channels are named.`,
		Example: "  bursar notice list --state given_up\n  bursar notice retry 0f3a… --channel support-room",
	}
	cmd.AddCommand(newNoticeList(c), newNoticeRetry(c))
	return cmd
}

func newNoticeList(c *common) *cobra.Command {
	var state string
	limit := 100
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List notices, the newest first",
		Long:    "List shows what was told, to which channel, and why what did not arrive did not.",
		Example: "  bursar notice list\n  bursar notice list --state waiting --output json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			query := url.Values{"state": {state}, "limit": {strconv.Itoa(limit)}}
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var list api.NoticeList
				if err := cl.Get(ctx, noticesPath, query, &list); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(list) },
					"csv":   func() error { return api.NoticeCSV(out, &list) },
					"table": func() error { return noticeTable(out, &list) },
				})
			})
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "waiting, delivered or given_up; default all")
	cmd.Flags().IntVar(&limit, "limit", limit, "notices, at most 1000")
	complete(cmd, "state", []string{string(notify.Waiting), string(notify.Delivered), string(notify.GivenUp)})
	return cmd
}

func newNoticeRetry(c *common) *cobra.Command {
	var o api.NoticeOrder
	cmd := &cobra.Command{
		Use:   "retry MESSAGE [--channel NAME]",
		Short: "Try a notice again that was given up",
		Long: `Retry makes a running server try at once, and again at its pace, as if the notice were new.
A notice that was for nobody has no channel: it goes to those that its owner has by now.`,
		Example: "  bursar notice retry 0f3a… --channel support-room\n  bursar notice retry 0f3a…",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Message = args[0]
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var again api.NoticeList
				if err := cl.Post(ctx, noticesPath+"/retry", o, &again); err != nil {
					return err
				}
				out := cmd.OutOrStdout()
				return c.form(map[string]func() error{
					"json":  func() error { return json.NewEncoder(out).Encode(again) },
					"csv":   func() error { return api.NoticeCSV(out, &again) },
					"table": func() error { return retriedText(out, &again) },
				})
			})
		},
	}
	cmd.Flags().StringVar(&o.Channel, "channel", "", "the channel that it is for; none for what was for nobody")
	return cmd
}

// retriedText says to which channels a notice goes.
func retriedText(w io.Writer, again *api.NoticeList) error {
	for i := range again.Items {
		n := &again.Items[i]
		if _, err := fmt.Fprintf(w, "%s waits for channel %s\n", n.Title, n.Channel); err != nil {
			return err
		}
	}
	return nil
}

func noticeTable(w io.Writer, list *api.NoticeList) error {
	if len(list.Items) == 0 {
		_, err := fmt.Fprintln(w, "nobody was told anything")
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(out, "AT\tWHAT\tOWNER\tCHANNEL\tSTATE\tTRIES\tNEXT\tWHY\tMESSAGE"); err != nil {
		return err
	}
	for i := range list.Items {
		n := &list.Items[i]
		next := ""
		if n.Next != nil {
			next = moment(n.Next)
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", moment(&n.At), n.Title, n.Owner, n.Channel, n.State, n.Tries, next, n.Why, n.Message); err != nil {
			return err
		}
	}
	return out.Flush()
}
