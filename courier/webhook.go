package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/notify"
)

// patience is how long one try may take.
const patience = 15 * time.Second

// poster sends webhooks.
type poster struct{ *http.Client }

// newPoster makes one that follows nobody elsewhere and uses no proxy, which would
// reach what it may not.
func newPoster() *poster {
	return &poster{&http.Client{
		Timeout: patience,
		Transport: &http.Transport{
			DialContext: dialer().DialContext, ForceAttemptHTTP2: true, MaxIdleConns: 16, IdleConnTimeout: time.Minute,
			TLSHandshakeTimeout: patience, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send tries once to bring a message to a channel at an instant. Why it failed is ""
// when it did not; final says that another try is no use.
func (b *Book) Send(ctx context.Context, channel string, m *notify.Message, at time.Time) (why string, final bool) {
	c := b.find(channel)
	if c == nil {
		return "there is no channel of this name any more", true
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if c.Kind == Mail {
		return b.mail.send(ctx, c, m)
	}
	return b.post.send(ctx, c, m, at)
}

func (p *poster) send(ctx context.Context, c *Channel, m *notify.Message, at time.Time) (why string, final bool) {
	write := map[Kind]func() ([]byte, error){Webhook: m.JSON, Slack: m.Slack, Teams: m.Teams}[c.Kind]
	body, err := write()
	if err != nil {
		return "the message cannot be written", true
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL.String(), bytes.NewReader(body))
	if err != nil {
		return "the address is none", true
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "bursar")
	if len(c.Keys) > 0 {
		signed := notify.Sign(m.ID, at, body, c.Keys...)
		r.Header.Set("Webhook-Id", signed.ID)
		r.Header.Set("Webhook-Timestamp", signed.Timestamp)
		r.Header.Set("Webhook-Signature", signed.Signature)
	}
	answer, err := p.Do(r)
	if err != nil {
		return unreached(err), false
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10)
	if answer.StatusCode/100 == 2 {
		return "", false
	}
	return fmt.Sprintf("it answers %d", answer.StatusCode), answer.StatusCode == http.StatusGone
}

// unreached says why nobody answered, without the address, which may be secret.
func unreached(err error) string {
	var slow interface{ Timeout() bool }
	switch {
	case errors.Is(err, errForbidden):
		return errForbidden.Error()
	case errors.As(err, &slow) && slow.Timeout():
		return "it does not answer in time"
	}
	return "it cannot be reached"
}
