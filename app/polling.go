package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"syscall"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/connect/poll"
	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/courier"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// Polls says which accounts at vendors are asked for usage and costs.
type Polls struct {
	Accounts string        // file of accounts, "" for none
	Every    time.Duration // an hour when 0
}

// pollPatience is how long one answer of a vendor may take.
const pollPatience = 2 * time.Minute

// readAccounts reads the operator's file of accounts, none without one.
func readAccounts(path string) ([]poll.Account, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unopened("read the accounts", err)
	}
	defer f.Close() //nolint:errcheck // only read
	accounts, err := poll.Read(f)
	return accounts, inFile(path, err)
}

// poller speaks to no forbidden address, and to nobody whom a vendor names.
func (s *Server) poller() poll.Poller {
	dialer := net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		if at, err := netip.ParseAddrPort(address); err != nil || courier.Forbidden(at.Addr()) {
			return errors.New("its address is of the link or of a cloud's metadata, which is never spoken to")
		}
		return nil
	}}
	return poll.Poller{
		Now: s.Now, Wait: waitFor,
		Client: &http.Client{
			Timeout: pollPatience, Transport: &http.Transport{DialContext: dialer.DialContext},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// waitFor waits, or until nobody does any more.
func waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pollVendors asks every account for what it has told since, and for what it may have
// corrected. An account that fails is asked again the next time; the others are booked.
func (s *Server) pollVendors(ctx context.Context) error {
	accounts, err := readAccounts(s.Polls.Accounts)
	if err != nil {
		return err
	}
	p := s.poller()
	var errs []error
	for i := range accounts {
		for _, feed := range accounts[i].Feeds() {
			told, err := s.pollFeed(ctx, &p, &accounts[i], feed)
			errs = append(errs, s.notePolled(context.WithoutCancel(ctx), &accounts[i], feed, told, err))
			if err != nil {
				errs = append(errs, err)
				s.log.Error("a vendor's usage is not fetched", "account", accounts[i].Name, "feed", feed, "error", err, "hint", spend.HintOf(err))
			}
		}
	}
	return errors.Join(errs...)
}

// pollFeed books one list of an account, and then notes how far it is told. It says where
// the days of the list are booked.
func (s *Server) pollFeed(ctx context.Context, p *poll.Poller, a *poll.Account, feed string) ([]part, error) {
	var kept string
	var before polled
	err := s.State.Read(ctx, func(tx *state.Tx) (err error) {
		if before, err = readPolled(ctx, tx, a.Name, feed); err != nil {
			return err
		}
		kept, err = tx.Kept(ctx, cursorOf(a.Name, feed))
		return err
	})
	if err != nil {
		return nil, err
	}
	key := s.sealedKey(a.Key)
	if key.Reveal() == "" {
		return nil, spend.Errorf(spend.KindInvalid, "ask "+a.Vendor, "there is no key %.60q", a.Key).WithHint("bursar upstream-key set %s", a.Key)
	}
	through, err := time.Parse(time.DateOnly, kept)
	if err != nil {
		through = time.Time{} // nothing is told yet
	}
	from := a.From(through)
	pages, err := p.Fetch(ctx, a, feed, key.Reveal(), from)
	if err != nil {
		return nil, err
	}
	run := &exportRun{
		in: pages.Text, file: pages.File, options: vendor.Options{Vendor: a.Vendor, Account: a.As, Zone: time.UTC},
		asked: span{from, pages.Through}, parts: before.Parts,
	}
	result, err := s.bookExport(ctx, s.Ingest.Pipeline, run)
	s.whenBooked(context.WithoutCancel(ctx), result)
	if err != nil {
		return nil, err
	}
	s.log.Info("fetched a vendor's usage", "account", a.Name, "feed", feed, "rows", run.export.Rows, "booked", result.Booked, "corrections", result.Corrections, "withdrawn", result.Withdrawn, "rejected", result.Quarantined)
	return partsOf(run), s.State.Write(ctx, func(tx *state.Tx) error {
		return tx.Keep(ctx, cursorOf(a.Name, feed), pages.Through.Format(time.DateOnly))
	})
}

// sealedKey is what is sealed under a name, as it is now.
func (s *Server) sealedKey(name string) auth.Secret {
	if opened := s.unsealed.Load(); opened != nil {
		return (*opened)[name].secret
	}
	return auth.Secret{}
}
