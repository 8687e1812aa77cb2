package api

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/board"
	"github.com/bursarhq/bursar/paper"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// The forms of a board report beside JSON.
const (
	formHTML     = "html"
	formMarkdown = "markdown"
	formSheet    = "xlsx"
	formPDF      = "pdf"
)

const (
	sheetMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfMedia   = "application/pdf"
)

func boardRoutes() []route {
	return []route{{
		pattern: "GET /api/v1/reports/board", action: auth.SpendRead, handle: (*call).boardReport,
		summary: "Makes the report of a board: spend against the period before and forecast, why it changed, cost per outcome, prices, vendors, risks, decisions and the tie-out. It is about the whole organisation.",
		params: []param{
			{"query", "month", "a month of finance like 2026-10; the last whole one when nothing is given"},
			{"query", "from", "or the first day of a window"},
			{"query", "to", "its end, not included"},
			{"query", "zone", "IANA name; the organisation's when empty"},
			{"query", "format", "json, html, markdown, pdf or xlsx; as the Accept header prefers when empty, JSON without one"},
			{"query", "paper", "of pdf: a4 or letter; a4 when empty"},
		},
		out: board.Pack{}, status: http.StatusOK,
	}}
}

// boardReport asks the ledger in one turn for all that a report is made of, then forecasts.
func (c *call) boardReport() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	if c.form, err = c.boardForm(v); err != nil {
		return reply{}, err
	}
	size, err := c.paperSize(v)
	if err != nil {
		return reply{}, err
	}
	p, err := c.boardPeriods(v)
	if err != nil {
		return reply{}, err
	}
	m, err := c.boardMaterial(&p)
	if err != nil {
		return reply{}, err
	}
	r, err := board.Compose(m)
	if err != nil {
		return reply{}, err
	}
	return c.printed(&r, size)
}

// printed writes a report in the form that is asked for.
func (c *call) printed(r *board.Pack, size paper.Size) (reply, error) {
	switch c.form {
	case formHTML:
		return written("text/html; charset=utf-8", r, paper.HTML)
	case formMarkdown:
		return written("text/markdown; charset=utf-8", r, paper.Markdown)
	case formSheet:
		return written(sheetMedia, r, paper.Spreadsheet)
	case formPDF:
		return written(pdfMedia, r, func(w io.Writer, r *board.Pack) error { return paper.PDF(w, r, size) })
	}
	return jsonReply(http.StatusOK, r), nil
}

// paperSize is that of the pages of a PDF; no other form has any.
func (c *call) paperSize(v url.Values) (paper.Size, error) {
	size := paper.Size(v.Get("paper"))
	switch {
	case size == "":
		return paper.A4, nil
	case c.form != formPDF:
		return "", spend.Errorf(spend.KindInvalid, "read paper", "%s has no paper of a size", c.form).WithHint("leave it out, or ask for pdf")
	case !slices.Contains(paper.Sizes(), size):
		return "", spend.Errorf(spend.KindInvalid, "read paper", "%.40q is no size of paper", size).WithHint("a4 or letter")
	}
	return size, nil
}

// boardPeriods reads the period that is asked for.
func (c *call) boardPeriods(v url.Values) (p report.BoardPeriods, err error) {
	zone, err := c.zone(v.Get("zone"))
	if err != nil {
		return p, err
	}
	ask := report.BoardAsk{Month: v.Get("month"), From: v.Get("from"), To: v.Get("to"), Zone: zone.String(), Fiscal: c.View().Fiscal}
	return ask.Periods(c.now)
}

// boardForm is the form that the question names, or that its client accepts.
func (c *call) boardForm(v url.Values) (string, error) {
	form := v.Get("format")
	for accepted := range strings.SplitSeq(c.request.Header.Get("Accept"), ",") {
		media, _, _ := strings.Cut(strings.TrimSpace(accepted), ";")
		if found := map[string]string{"text/html": formHTML, "text/markdown": formMarkdown, "application/json": formJSON, sheetMedia: formSheet, pdfMedia: formPDF}[media]; form == "" {
			form = found
		}
	}
	if form == "" {
		form = formJSON
	}
	if !slices.Contains([]string{formJSON, formHTML, formMarkdown, formSheet, formPDF}, form) {
		return "", spend.Errorf(spend.KindInvalid, "read format", "%.40q is no form of a board report", form).WithHint("json, html, markdown, pdf or xlsx")
	}
	return form, nil
}

// boardMaterial asks for everything that a report is made of.
func (c *call) boardMaterial(p *report.BoardPeriods) (*board.Material, error) {
	b := c.boardOf(p)
	err := c.inTurn(func(ctx context.Context) error {
		for _, part := range []func(context.Context) error{b.teams, b.vendors, b.outcomes, b.equal, b.reasons, b.lastYear, b.prices, b.usage, b.plan, b.unowned, b.silent, b.foretold} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return b.Material, b.ahead()
}

func (c *call) boardOf(p *report.BoardPeriods) *boarding {
	return &boarding{call: c, BoardPeriods: p, Material: &board.Material{
		Period: p.Now, Before: p.Before, Zone: p.Base.Zone.String(), AsOf: c.now.UTC(), Telling: true, Answering: true,
	}}
}

// boarding collects the answers of one report.
type boarding struct {
	*call
	*report.BoardPeriods
	*board.Material
}

// source notes a question that figures answer, as a person asks it, and where the
// interface gives it.
func (b *boarding) source(s board.Origin, path string, pairs ...[2]string) {
	query, said := url.Values{}, s.Question
	for _, pair := range pairs {
		query.Add(pair[0], pair[1])
		if flag := " --" + pair[0]; !strings.Contains(said, flag) {
			s.Question += flag + " " + pair[1]
		}
	}
	s.Link = b.Public + "/api/v1/" + path
	if len(query) > 0 {
		s.Link += "?" + query.Encode()
	}
	b.Sources = append(b.Sources, s)
}

// window are the ends of a period as parameters.
func window(p *board.Period) [][2]string {
	return [][2]string{{"since", p.From.Format(time.RFC3339)}, {"until", p.To.Format(time.RFC3339)}}
}

// finality is that of the figures of a question.
func (b *boarding) final(ctx context.Context, q *spend.Query) (string, error) {
	standing, err := b.Asker.Standing(ctx, q)
	if err != nil {
		return "", err
	}
	b.Demo = standing.Demo
	a := answered{query: q, standing: &standing, now: b.now, calendar: b.View()}
	return string(a.finality()), nil
}
