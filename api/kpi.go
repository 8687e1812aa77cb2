package api

import (
	"context"
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

func kpiRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/kpis", action: auth.SpendRead, handle: (*call).kpis,
		summary: "Gives the measures of FinOps for AI of a period and the one before, each with its formula, unit, source and finality; one without a source says what is missing. It is about the whole organisation.",
		params: []param{
			{"query", "month", "a month of finance like 2026-10; the last whole one when nothing is given"},
			{"query", "from", "or the first day of a window"},
			{"query", "to", "its end, not included"},
			{"query", "zone", "IANA name; the organisation's when empty"},
			{"query", "format", "json (when empty), csv, or text as the command line prints it"},
		},
		out: report.KPIs{}, status: http.StatusOK,
	}}
}

func (c *call) kpis() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	if c.form, err = formOf(v); err != nil {
		return reply{}, err
	}
	p, err := c.boardPeriods(v)
	if err != nil {
		return reply{}, err
	}
	b := c.boardOf(&p)
	err = c.inTurn(func(ctx context.Context) error {
		for _, part := range []func(context.Context) error{b.totals, b.usage, b.outcomes, b.equal, b.foretold, b.plan} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	k := report.KPIs{Period: p.Now, Before: p.Before, Currency: b.Currency, Sources: b.Sources}
	if k.Items, err = board.KPIs(b.Material); err != nil {
		return reply{}, spend.Errorf(spend.KindInvalid, "measure the period", "%w", err).WithHint("ask for a shorter period")
	}
	return inForm(c.form, &k, report.KPICSV, report.KPIText)
}

// totals asks what stands under both periods, where no report explains them.
func (b *boarding) totals(ctx context.Context) error {
	for i, p := range []board.Period{b.BoardPeriods.Before, b.Now} {
		q := b.Base
		q.From, q.To = p.From, p.To
		final, err := b.final(ctx, &q)
		if err != nil {
			return err
		}
		table, err := b.Asker.Answer(ctx, &q)
		if err != nil {
			return err
		}
		b.Totals[i], b.Currency = table.Totals, table.Currency
		if i == 1 {
			b.Teams.Total.Before, b.Teams.Total.After = b.Totals[0].Cost, b.Totals[1].Cost
			b.source(board.Origin{ID: board.AskTeams, Question: "bursar spend", Finality: final}, "spend", append(window(&p), [2]string{"measures", "cost"})...)
		}
	}
	b.source(board.Origin{ID: board.AskForecast, Question: "bursar forecast list", Finality: b.Sources[0].Finality}, "forecasts")
	return nil
}
