package app

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/connect/poll"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

const (
	mostParts = 64  // kinds of partitions that are remembered of a list
	mostWords = 300 // bytes of an error that are kept
)

// polled is what is remembered of asking for one list of an account.
type polled struct {
	Tried     time.Time `json:"tried"`
	Succeeded time.Time `json:"succeeded,omitzero"`
	Error     string    `json:"error,omitempty"` // of the last try, "" when it succeeded
	Hint      string    `json:"hint,omitempty"`
	Parts     []part    `json:"parts,omitempty"` // that it has told days of
}

// part is where days of a list are booked: a partition is its prefix and the day.
type part struct{ Source, Prefix string }

func cursorOf(account, feed string) string { return "poll/" + account + "/" + feed }

func polledOf(account, feed string) string { return "polled/" + account + "/" + feed }

// readPolled gives what is remembered of a list, nothing of one that was never asked for.
func readPolled(ctx context.Context, tx *state.Tx, account, feed string) (p polled, err error) {
	kept, err := tx.Kept(ctx, polledOf(account, feed))
	if err != nil || kept == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(kept), &p)
}

// notePolled remembers how a try ended.
func (s *Server) notePolled(ctx context.Context, a *poll.Account, feed string, told []part, failed error) error {
	return s.State.Write(ctx, func(tx *state.Tx) error {
		p, err := readPolled(ctx, tx, a.Name, feed)
		if err != nil {
			return err
		}
		p.Tried, p.Error, p.Hint = s.Now().UTC(), "", ""
		if failed != nil {
			p.Error, p.Hint = words(failed.Error()), words(spend.HintOf(failed))
		} else {
			p.Succeeded = p.Tried
		}
		for _, one := range told {
			if !slices.Contains(p.Parts, one) && len(p.Parts) < mostParts {
				p.Parts = append(p.Parts, one)
			}
		}
		kept, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return tx.Keep(ctx, polledOf(a.Name, feed), string(kept))
	})
}

func words(text string) string { return strings.ToValidUTF8(text[:min(len(text), mostWords)], "") }

// partsOf says where an export books its days.
func partsOf(run *exportRun) (told []part) {
	if run.export == nil {
		return nil
	}
	for i := range run.export.Lines {
		l := &run.export.Lines[i]
		prefix, found := strings.CutSuffix(l.Event.Partition, l.Day)
		if one := (part{l.Event.Source, prefix}); found && prefix != "" && !slices.Contains(told, one) {
			told = append(told, one)
		}
	}
	return told
}

// emptied are the days that a vendor was asked for and says nothing of, in the parts of
// which it has told before: what was booked of them is withdrawn. Of an export with a row
// whose day cannot be read, no day is empty.
func emptied(lines []vendor.Line, parts []part, days span) (whole []ingest.Part) {
	named := map[ingest.Part]bool{}
	for i := range lines {
		e := &lines[i].Event
		if e.Partition == "" {
			return nil
		}
		named[ingest.Part{Source: e.Source, Partition: e.Partition}] = true
	}
	for day := days.from; day.Before(days.to); day = day.AddDate(0, 0, 1) {
		for _, p := range parts {
			if one := (ingest.Part{Source: p.Source, Partition: p.Prefix + day.Format(time.DateOnly)}); !named[one] {
				whole = append(whole, one)
			}
		}
	}
	return whole
}

// span are days, the end not included.
type span struct{ from, to time.Time }

// Pollers lists what vendors are asked for, those that have gone silent first.
func (a *App) Pollers(ctx context.Context, now time.Time) (all []api.Poller, err error) {
	accounts, err := readAccounts(a.Polls.Accounts)
	if err != nil {
		return nil, err
	}
	err = a.State.Read(ctx, func(tx *state.Tx) error {
		for i := range accounts {
			told, err := a.told(ctx, tx, &accounts[i], now)
			if err != nil {
				return err
			}
			all = append(all, told...)
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b api.Poller) int {
		return cmp.Compare(slices.Index(rhythms(), a.Rhythm), slices.Index(rhythms(), b.Rhythm))
	})
	return all, err
}

// told says how the lists of an account stand.
func (a *App) told(ctx context.Context, tx *state.Tx, of *poll.Account, now time.Time) (all []api.Poller, err error) {
	for _, feed := range of.Feeds() {
		p, err := readPolled(ctx, tx, of.Name, feed)
		if err != nil {
			return nil, err
		}
		one := p.tell(now, cmp.Or(a.Polls.Every, time.Hour))
		one.Name, one.Vendor, one.Account, one.Feed = of.Name, of.Vendor, of.As, feed
		if one.Through, err = tx.Kept(ctx, cursorOf(of.Name, feed)); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// tell says how a list stands: it is silent when its last try failed and none ever
// succeeded, or when none has for more than twice the time between two.
func (p *polled) tell(now time.Time, every time.Duration) api.Poller {
	one := api.Poller{Rhythm: api.Talking, Error: p.Error, Hint: p.Hint}
	if p.Tried.IsZero() {
		one.Rhythm = api.Rare
		return one
	}
	next := p.Tried.Add(every)
	one.Tried, one.Next = &p.Tried, &next
	if !p.Succeeded.IsZero() {
		one.Succeeded = &p.Succeeded
	}
	if p.Succeeded.IsZero() && p.Error != "" || !p.Succeeded.IsZero() && now.Sub(p.Succeeded) > 2*every {
		one.Rhythm = api.Silent
	}
	return one
}
