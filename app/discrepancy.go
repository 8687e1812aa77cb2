package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/bursarhq/bursar/discrepancy"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/pricebook"
	"github.com/bursarhq/bursar/report"
	"github.com/bursarhq/bursar/spend"
)

// compared is an answer about costs that sources say, with what it was made of.
type compared struct {
	Of     string               `json:"of"`
	Answer report.Discrepancies `json:"answer"`
}

const (
	comparedNote = "costs that sources say" // under which the last answer outlives the process
	comparison   = 1                        // is another number when the same lines are told of otherwise
	mostCompared = 4 << 20                  // bytes that are written down
)

// Compare says where the costs that sources say differ from list prices, and why. The
// last answer is given again while no line that it is about was booked and no price came.
func (a *App) Compare(ctx context.Context, q *report.Comparison) (report.Discrepancies, error) {
	log, err := ReadPrices(a.Data)
	if err != nil {
		return report.Discrepancies{}, err
	}
	version, err := lake.ReportedVersion(ctx, a.Lake, lake.Window{From: q.From, To: q.To})
	if err != nil {
		return report.Discrepancies{}, err
	}
	of := fmt.Sprint(comparison, version, q.From.UnixMicro(), q.To.UnixMicro(), q.Zone, q.Grain, fmt.Sprintf("%q", q.Sources), a.Book().Hash(), len(log.Facts), len(log.Aliases))
	a.comparing.Lock() // who asks the same meanwhile waits for this answer
	defer a.comparing.Unlock()
	last, err := a.lastCompared(ctx)
	if err != nil || last.Of == of {
		return last.Answer, err
	}
	d, err := a.compare(ctx, q, log)
	if err == nil {
		a.compared.Store(&compared{of, d})
	}
	return d, err
}

// lastCompared is the last answer, of the process before where there is none of this one.
func (a *App) lastCompared(ctx context.Context) (compared, error) {
	if last := a.compared.Load(); last != nil {
		return *last, nil
	}
	var last compared
	text, err := a.Lake.Note(ctx, comparedNote)
	if err != nil || json.Unmarshal([]byte(text), &last) != nil {
		return compared{}, err // what is not written down is compared anew
	}
	last.Answer.Explain()
	a.compared.Store(&last)
	return last, nil
}

// compare reads the lines twice: first for what they have in common.
func (a *App) compare(ctx context.Context, q *report.Comparison, log PriceLog) (report.Discrepancies, error) {
	d := report.Discrepancies{From: known(q.From), To: known(q.To), Zone: q.Zone.String(), Grain: q.Grain}
	x := discrepancy.New(discrepancy.Prices{Book: a.Book(), Call: ingest.CallOf, Changes: log.changes})
	err := a.eachReported(ctx, q, func(c *spend.Charge, sign int64) error { x.Learn(c, sign); return nil })
	if err != nil {
		return d, err
	}
	tally := discrepancy.NewTally()
	err = a.eachReported(ctx, q, func(c *spend.Charge, sign int64) error {
		return tally.Add(q.Bucket(c.UsedAt), c, x.Explain(c), sign)
	})
	if err != nil {
		return d, err
	}
	if d.Rows, err = tally.Rows(); err != nil {
		return d, err
	}
	d.Explain()
	d.Totals, err = discrepancy.Totals(d.Rows)
	return d, err
}

// compareAll has the answer ready that the quality page asks for.
func (s *Server) compareAll(ctx context.Context) error {
	if _, err := s.Compare(ctx, &report.Comparison{Zone: s.View().Location()}); err != nil {
		return err
	}
	last := s.compared.Load()
	if last.Of == s.noted {
		return nil
	}
	text, err := json.Marshal(last)
	if err == nil && len(text) <= mostCompared {
		err = s.Lake.KeepNote(ctx, comparedNote, string(text))
	}
	if err == nil {
		s.noted = last.Of
	}
	return err
}

// eachReported gives a reversal as the line that it takes back, with the sign −1.
func (a *App) eachReported(ctx context.Context, q *report.Comparison, f func(c *spend.Charge, sign int64) error) error {
	return a.Lake.EachReported(ctx, lake.Window{From: q.From, To: q.To}, func(c *spend.Charge) error {
		if len(q.Sources) > 0 && !slices.Contains(q.Sources, c.Source) {
			return nil
		}
		if !lake.Reverses(c) {
			return f(c, 1)
		}
		back := c.Reverse(c.BookedAt, c.Period)
		return f(&back, -1)
	})
}

// changes are the instants at which prices of a seller's model began, each once.
func (l *PriceLog) changes(seller, sku string) (days []time.Time) {
	for _, row := range pricebook.History(l.Facts, l.Aliases, seller, sku) {
		if from := row.Valid.From; !row.Repoint() && !from.IsZero() {
			days = append(days, from)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	return slices.CompactFunc(days, time.Time.Equal)
}
