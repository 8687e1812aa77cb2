package main

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/harvest"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// shownLogs is what the screen after an import of logs is made of.
type shownLogs struct {
	harvest *harvest.Harvest
	result  *harvest.Result
	to      *client.Client
}

// showLogs writes the first screen.
func (c *common) showLogs(ctx context.Context, cmd *cobra.Command, s shownLogs) error {
	r := s.result
	l := report.Log{
		Program: s.harvest.Program.Name, Plan: string(r.Plan), Files: r.Files, Grown: r.Grown, Replaced: r.Replaced, Unread: r.Unread,
		Bytes: r.Bytes, New: r.Booked, Changed: r.Corrections, Rejected: r.Quarantined,
	}
	err := c.held(ctx, s.to, &l)
	if err != nil && spend.KindOf(err) != spend.KindForbidden { // a token that only imports may not ask
		return err
	}
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(cmd.OutOrStdout()).Encode(&l) },
		"table": func() error { return report.LogText(cmd.OutOrStdout(), s.harvest.Program.Title, &l) },
	})
}

// held asks what the ledger holds of a coding agent.
func (c *common) held(ctx context.Context, to *client.Client, l *report.Log) error {
	var answer api.Envelope
	query := url.Values{
		"where": {"source=" + l.Program}, "grain": {string(spend.Day)}, "format": {"json"},
		"measures": {"runs,calls,prompt_tokens,cached_tokens,completion_tokens,cost,notional,unpriced_calls"},
	}
	if c.zone != "" {
		query.Set("zone", c.zone)
	}
	if err := to.Get(ctx, "/api/v1/spend", query, &answer); err != nil {
		return err
	}
	v := answer.Total.Values
	unpriced, _ := v[spend.UnpricedCalls].Amount.Int()
	l.Currency = answer.Meta.Currency
	l.Holds = &report.Logged{
		Sessions: v[spend.Runs], Calls: answer.Total.Calls, Prompt: v[spend.PromptTokens], Cached: v[spend.CachedTokens], Completion: v[spend.OutputTokens],
		Cost: v[spend.Cost], Notional: v[spend.NotionalCost], Unpriced: unpriced,
	}
	for i := range answer.Rows {
		day := answer.Rows[i].Bucket
		if day == nil {
			continue
		}
		if l.Holds.First.IsZero() || day.Before(l.Holds.First) {
			l.Holds.First = *day
		}
		if day.After(l.Holds.Last) {
			l.Holds.Last = *day
		}
	}
	return nil
}
