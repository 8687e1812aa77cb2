package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// spend answers the question of the query string, in the words of the command
// line: by, measures, since, until, compare, grain, where (repeated), book, axis,
// as_of, order, zone, top.
func (a *API) spend(c *call) error {
	q, err := a.question(c.r.URL.Query(), c.who)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), a.Query)
	defer cancel()
	select {
	case a.questions <- struct{}{}:
		defer func() { <-a.questions }()
	case <-ctx.Done():
		return spend.Errorf(spend.KindUnavailable, "answer", "other questions took all the time").WithHint("ask again, or a narrower question")
	}
	t, err := a.Ledger.Answer(ctx, &q)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return spend.Errorf(spend.KindUnavailable, "answer", "it took longer than %s", a.Query).WithHint("ask for a shorter window or fewer groups")
	}
	if err != nil {
		return err
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusOK)
	return report.JSON(c.w, &t)
}

func (a *API) question(v url.Values, who auth.Identity) (spend.Query, error) {
	ask := report.Ask{
		By: v.Get("by"), Measures: or(v.Get("measures"), "cost,calls,prompt_tokens,completion_tokens"), Since: v.Get("since"),
		Until: v.Get("until"), Compare: v.Get("compare"), Grain: v.Get("grain"), Where: v["where"], Book: or(v.Get("book"), string(spend.Metered)),
		Axis: or(v.Get("axis"), string(spend.ByUse)), AsOf: v.Get("as_of"), Order: v.Get("order"), Zone: or(v.Get("zone"), a.Zone),
	}
	if text := v.Get("top"); text != "" {
		top, err := strconv.Atoi(text)
		if err != nil {
			return spend.Query{}, spend.Errorf(spend.KindInvalid, "read top", "%.40q is no number", text)
		}
		ask.Top = top
	}
	q, err := ask.Query(a.Now())
	own := ceiling(who)
	for i, f := range own.Fields() {
		if *f != "" { // a credential sees its own scope
			q.Where = append(q.Where, spend.Filter{By: spend.Dimension(spend.ScopeFields()[i]), Values: []string{*f}})
		}
	}
	return q, err
}

func or(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}
