package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Client asks one server. It is safe for concurrent use.
type Client struct {
	Base  string       // "http://127.0.0.1:4141"
	Token string       // sent as a bearer token
	HTTP  *http.Client // nil is the default one
}

// maxFault bounds what is read of an error.
const maxFault = 1 << 20

// Get reads the answer to a question into out, a pointer.
func (c *Client) Get(ctx context.Context, path string, query url.Values, out any) error {
	return c.exchange(ctx, request{method: http.MethodGet, path: path, query: query}, into(out))
}

// Raw copies an answer as it is.
func (c *Client) Raw(ctx context.Context, path string, query url.Values, to io.Writer) error {
	return c.exchange(ctx, request{method: http.MethodGet, path: path, query: query}, func(body io.Reader) error {
		_, err := io.Copy(to, body)
		return err
	})
}

// Post sends a value and reads the answer into out, which may be nil.
func (c *Client) Post(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return spend.Errorf(spend.KindInternal, "ask the server", "%w", err)
	}
	return c.exchange(ctx, request{method: http.MethodPost, path: path, media: "application/json", body: bytes.NewReader(body)}, into(out))
}

// Delete removes what is at a path.
func (c *Client) Delete(ctx context.Context, path string) error {
	return c.exchange(ctx, request{method: http.MethodDelete, path: path}, into(nil))
}

func into(out any) func(io.Reader) error {
	return func(body io.Reader) error {
		if out == nil {
			return nil
		}
		return json.NewDecoder(body).Decode(out)
	}
}

type request struct {
	method, path, media string // media of the body, "" without one
	query               url.Values
	body                io.Reader
}

func (c *Client) exchange(ctx context.Context, q request, read func(io.Reader) error) error {
	target := strings.TrimSuffix(c.Base, "/") + q.path
	if len(q.query) > 0 {
		target += "?" + q.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, q.method, target, q.body)
	if err != nil {
		return spend.Errorf(spend.KindInvalid, "ask the server", "%w", err).WithHint("its address is like http://127.0.0.1:4141")
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	if q.media != "" {
		r.Header.Set("Content-Type", q.media)
	}
	answer, err := c.http().Do(r)
	if err != nil {
		return unreachable(ctx, err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	if answer.StatusCode >= http.StatusBadRequest {
		return faultOf(answer)
	}
	if err := read(answer.Body); err != nil {
		return spend.Errorf(spend.KindUnavailable, "read the server's answer", "%w", err)
	}
	return nil
}

func (c *Client) http() *http.Client {
	if c.HTTP != nil {
		return c.HTTP
	}
	return http.DefaultClient
}

func unreachable(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	return spend.Errorf(spend.KindUnavailable, "ask the server", "%w", err).WithHint("is it running, and is this its address?")
}

// fault is an error as the server writes it.
type fault struct {
	Kind     spend.Kind      `json:"kind"`
	Message  string          `json:"message"`
	Hint     string          `json:"hint"`
	Problems []spend.Problem `json:"problems"`
}

func faultOf(answer *http.Response) error {
	var f fault
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxFault)).Decode(&f); err != nil || f.Message == "" {
		return spend.Errorf(spend.KindUnavailable, "ask the server", "it answered %s", answer.Status).WithHint("is this Bursar's address?")
	}
	text := []string{f.Message}
	for _, p := range f.Problems {
		text = append(text, p.String())
	}
	return (&spend.Error{Kind: known(f.Kind), Err: errors.New(strings.Join(text, "\n  "))}).WithHint("%s", f.Hint)
}

// known maps the kinds that only HTTP has to those of the program.
func known(k spend.Kind) spend.Kind {
	switch k {
	case spend.KindInvalid, spend.KindNotFound, spend.KindConflict, spend.KindForbidden, spend.KindExhausted, spend.KindUnavailable, spend.KindInternal:
		return k
	case "unauthenticated":
		return spend.KindForbidden
	case "paced":
		return spend.KindExhausted
	case "timeout", "stalled":
		return spend.KindUnavailable
	}
	return spend.KindInvalid
}
