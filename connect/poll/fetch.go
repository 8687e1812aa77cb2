package poll

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/spend"
)

const (
	maxPage  = 32 << 20  // bytes of one answer
	maxFetch = 128 << 20 // bytes of all pages of a feed, kept until the last has come
	maxPages = 10_000
	maxTries = 5 // of one question
	maxWait  = 10 * time.Minute
	late     = 4 // days that are asked about again: vendors correct the past ones
)

// Poller asks vendors.
type Poller struct {
	Client *http.Client
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error // before a question is asked again
}

// Pages are what a vendor said of days.
type Pages struct {
	File    string    // a name without a path
	Text    io.Reader // one page after the other
	Through time.Time // the days before it are told
}

// Feeds names the lists that are fetched of an account.
func (a *Account) Feeds() (names []string) {
	for _, f := range feedsOf(a.Vendor) {
		names = append(names, f.name)
	}
	return names
}

// From is the day from which on a feed is asked about: the first one, or some days before
// what is told already, since the vendor may have corrected them.
func (a *Account) From(through time.Time) time.Time {
	if again := through.AddDate(0, 0, -late); again.After(a.Since) {
		return again
	}
	return a.Since
}

// Fetch asks for the days of a feed from one on, up to today by the clock that is behind:
// ours or the vendor's.
func (p *Poller) Fetch(ctx context.Context, a *Account, name, key string, from time.Time) (Pages, error) {
	got := Pages{File: a.Name + "-" + name + ".json", Text: strings.NewReader(""), Through: from}
	end := p.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	var text bytes.Buffer
	for _, f := range feedsOf(a.Vendor) {
		if f.name != name {
			continue
		}
		for from.Before(end) {
			q := question{account: a, from: from, to: from.AddDate(0, 0, f.days)}
			if q.to.After(end) {
				q.to = end
			}
			theirs, err := p.pages(ctx, &f, &q, keyed{key, &text})
			if err != nil {
				return Pages{}, err
			}
			if today := theirs.UTC().Truncate(24 * time.Hour); !theirs.IsZero() && today.Before(end) {
				end = today.AddDate(0, 0, 1)
			}
			from = q.to
		}
	}
	got.Text = &text
	if got.Through = end.AddDate(0, 0, -1); from.Before(got.Through) {
		got.Through = from
	}
	return got, nil
}

// keyed is what pages of a feed are fetched with, and where they go.
type keyed struct {
	key  string
	text *bytes.Buffer
}

// pages fetches all pages of one question, and says what time it is at the vendor.
func (p *Poller) pages(ctx context.Context, f *feed, q *question, to keyed) (theirs time.Time, err error) {
	seen := map[string]bool{}
	for range maxPages {
		raw, at, err := p.ask(ctx, f, q, to.key)
		if err != nil {
			return theirs, err
		}
		var a answer
		if err := json.Unmarshal(raw, &a); err != nil || !a.holds() {
			return theirs, odd(q, "answers with what is no page, or with one that is cut off")
		}
		if to.text.Len()+len(raw) > maxFetch {
			return theirs, spend.Errorf(spend.KindExhausted, "ask "+q.account.Vendor, "its pages have more than %d MiB", maxFetch>>20).WithHint("set a later day under since")
		}
		to.text.Write(raw)
		to.text.WriteByte('\n')
		theirs = at
		if q.page = f.next(&a, q.page); q.page == "" {
			return theirs, nil
		}
		if seen[q.page] {
			return theirs, odd(q, "names a page again that it has given")
		}
		seen[q.page] = true
	}
	return theirs, odd(q, "has no last page")
}

func odd(q *question, what string) error {
	return spend.Errorf(spend.KindUnavailable, "ask "+q.account.Vendor, "account %.60q %s", q.account.Name, what).WithHint("nothing of these days is booked; they are asked about again")
}

// ask sends a question until it is answered. A vendor that says when to come again is
// obeyed.
func (p *Poller) ask(ctx context.Context, f *feed, q *question, key string) (raw []byte, theirs time.Time, err error) {
	for try := range maxTries {
		r, err := request(ctx, f, q)
		if err != nil {
			return nil, theirs, err
		}
		sign(r, q.account.Vendor, key)
		res, err := p.Client.Do(r)
		if err != nil {
			if ctx.Err() != nil {
				return nil, theirs, ctx.Err()
			}
			if err := p.Wait(ctx, backoff(try)); err != nil {
				return nil, theirs, err
			}
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(res.Body, maxPage+1))
		res.Body.Close() //nolint:errcheck,gosec // it is read
		theirs, _ = http.ParseTime(res.Header.Get("Date"))
		switch {
		case res.StatusCode == http.StatusOK && err == nil && len(raw) <= maxPage:
			return raw, theirs, nil
		case res.StatusCode == http.StatusOK && len(raw) > maxPage:
			return nil, theirs, odd(q, "answers with a page of more than 32 MiB")
		case res.StatusCode != http.StatusOK && res.StatusCode != http.StatusTooManyRequests && res.StatusCode < 500:
			return nil, theirs, spend.Errorf(spend.KindInvalid, "ask "+q.account.Vendor, "account %.60q is answered with status %d", q.account.Name, res.StatusCode).
				WithHint("is the key %.60q one of an admin, and the base right?", q.account.Key)
		}
		if err := p.Wait(ctx, after(res.Header.Get("Retry-After"), backoff(try), theirs)); err != nil {
			return nil, theirs, err
		}
	}
	return nil, theirs, odd(q, "did not answer, or broke off, "+strconv.Itoa(maxTries)+" times")
}

func request(ctx context.Context, f *feed, q *question) (*http.Request, error) {
	what := f.ask(q)
	to := *q.account.Base
	to.Path = strings.TrimSuffix(to.Path, "/") + what.path
	to.RawQuery = what.values.Encode()
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if what.body != nil {
		raw, err := json.Marshal(what.body)
		if err != nil {
			return nil, err
		}
		method, body = http.MethodPost, bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	var malformed *url.Error
	if errors.As(err, &malformed) {
		return nil, odd(q, "has a base that is no address")
	}
	if err == nil && what.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, err
}

func backoff(try int) time.Duration { return time.Second << try }

// after is how long a vendor says to wait: seconds, or until an instant of its own clock.
func after(header string, otherwise time.Duration, theirs time.Time) time.Duration {
	if seconds, err := strconv.ParseInt(header, 10, 32); err == nil && seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, maxWait)
	}
	if at, err := http.ParseTime(header); err == nil && !theirs.IsZero() && at.After(theirs) {
		return min(at.Sub(theirs), maxWait)
	}
	return otherwise
}
