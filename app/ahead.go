package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

const (
	fewAhead  = 500_000               // lines of which a page is answered at once anyway
	restAhead = 20                    // times as long as asking ahead took, until it is done again
	lookAhead = 50 * time.Millisecond // how often it is looked whether somebody else asks
	triesOnce = 5                     // of a question that others come before
)

// Pages open with the same questions for everybody, and most of what they take is about
// days gone by, which is remembered. A server of a large ledger asks them ahead of whoever
// opens a page: at its start, when a day begins, and when something more was booked of days
// gone by. It does so while nobody else asks.

// ahead is what was asked ahead last.
type ahead struct {
	few     int64     // lines that are too few for it
	day     time.Time // that was the present one
	booking int64     // of the last line then
	next    time.Time // not before
}

// AskedAhead are the questions with which pages open that read many lines. {-30} is the
// day 30 days ago.
func AskedAhead() []string {
	const days, before = "since={-30}&until={0}", "from={-60}..{-30}&to={-30}..{0}"
	return []string{
		"/api/v1/outcomes?" + days,
		"/api/v1/workflows?" + days + "&top=20&with=budgets",
		"/api/v1/explain?" + before,
		"/api/v1/workflows?" + days + "&top=100&grain=day&with=owner%2Ctrend%2Cper_run%2Coutcomes%2Cbudgets",
		"/api/v1/agents?" + days + "&top=100&grain=day&with=owner%2Ctrend%2Cper_run%2Coutcomes%2Cbudgets",
		"/api/v1/runs?" + days + "&order=start",
		"/api/v1/outcomes?since={-60}&until={-30}",
		"/api/v1/sources",
		"/api/v1/attribution/coverage",
		"/api/v1/explain?" + before + "&by=model",
		"/api/v1/explain?" + before + "&by=workflow",
		"/api/v1/discrepancies",
		"/api/v1/adoption?" + days + "&by=team",
	}
}

// AskAhead asks, of a large ledger, when something is to be learned by it.
func (s *Server) AskAhead(ctx context.Context) error {
	now := s.Now()
	today := lake.BucketOf(&spend.Query{Grain: spend.Day, Zone: s.View().Location()}, now)
	if now.Before(s.asked.next) && today.Equal(s.asked.day) {
		return nil
	}
	newest, late, err := lake.Late(ctx, s.Lake, today, s.asked.booking)
	if err != nil || newest < s.asked.few || today.Equal(s.asked.day) && !late {
		return err
	}
	if err := s.rollDays(ctx); err != nil {
		return err
	}
	begun := time.Now()
	if err := s.askAll(ctx, today); err != nil {
		return err
	}
	s.asked.day, s.asked.booking, s.asked.next = today, newest, now.Add(restAhead*time.Since(begun))
	return s.Lake.KeepAnswers(ctx)
}

// askAll asks one question after the other.
func (s *Server) askAll(ctx context.Context, today time.Time) error {
	c := s.handled(Door{Quiet: true, Limits: api.Limits{Rate: 1 << 20, Burst: 1 << 20, QueryTime: time.Hour}})
	c.Counts, c.Log = nil, slog.New(slog.DiscardHandler) // of its own: nobody has asked
	handler, err := api.New(c)
	if err != nil {
		return err
	}
	for _, path := range AskedAhead() {
		for n := range 61 {
			path = strings.ReplaceAll(path, fmt.Sprintf("{%d}", -n), today.AddDate(0, 0, -n).Format(time.DateOnly))
		}
		err := alone(ctx, s.metrics.answers.Asking, func(ctx context.Context) error { return s.askOnce(ctx, handler, path) })
		if err != nil {
			return err
		}
	}
	return nil
}

// askOnce asks and throws the answer away. What is wrong with a question is told to who
// asks it.
func (s *Server) askOnce(ctx context.Context, handler http.Handler, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.local.Reveal())
	answer, err := within{handler}.RoundTrip(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return errors.Join(err, answer.Body.Close())
}

// alone does something while nobody is asking. Who comes meanwhile goes first, and it is begun
// anew; what is never left alone is left to who asks it.
func alone(ctx context.Context, asking func() bool, do func(context.Context) error) error {
	look := time.NewTicker(lookAhead)
	defer look.Stop()
	for range triesOnce {
		for asking() {
			select {
			case <-look.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		mine, leave := context.WithCancel(ctx)
		done := begin(leave, func() error { return do(mine) })
		for mine.Err() == nil && !asking() {
			select {
			case <-look.C:
			case <-mine.Done():
			}
		}
		disturbed := mine.Err() == nil
		leave()
		if err := <-done; err != nil || !disturbed {
			return errors.Join(err, ctx.Err())
		}
	}
	return nil
}
