package gateway

import (
	"crypto/rand"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/wire/protocol"
)

// hops are the fields of one connection alone.
func hops() []string {
	return []string{"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}
}

// copyFields copies the fields that pass, which are all but those of the connection and
// those that are named. Their values are those of the other message, and never change.
func copyFields(to, from http.Header, but ...string) {
	connection := from.Values("Connection")
	for name, values := range from {
		if !slices.Contains(hops(), name) && !slices.Contains(but, name) && !named(connection, name) {
			to[name] = values
		}
	}
}

// named says that a field is in lists of fields.
func named(lists []string, field string) bool {
	for _, list := range lists {
		for name := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(name), field) {
				return true
			}
		}
	}
	return false
}

// outgoing are the fields of the request to an upstream: those of the client but
// for what is ours, with the upstream's credential in the place of our key.
func (c *call) outgoing(d *door) http.Header {
	h := make(http.Header, len(c.r.Header)+2)
	copyFields(h, c.r.Header, "Cookie", "Baggage", "Content-Length", ownKey)
	for name := range h {
		if strings.HasPrefix(name, "X-Bursar-") {
			delete(h, name)
		}
	}
	once(h)
	unsaid(h, "User-Agent")
	for name, values := range h {
		if slices.ContainsFunc(values, c.opens) {
			delete(h, name)
		}
	}
	if c.own {
		return h
	}
	for _, name := range credentials() {
		h.Del(name)
	}
	if d.Keyless {
		return h
	}
	field, value := d.Header, d.key().Reveal()
	if field == "" {
		field = "Authorization"
		if c.API == protocol.Anthropic {
			field = "X-Api-Key"
		}
	}
	if strings.EqualFold(field, "Authorization") {
		value = "Bearer " + value
	}
	h.Set(field, value)
	return h
}

func (c *call) opens(text string) bool { return opens(text, c.key) }

// query is that of the request without the fields that would open this gateway, however
// they are escaped; else it is as it came.
func (c *call) query() string {
	query := c.r.URL.RawQuery
	if query == "" || !strings.Contains(query, "%") && !c.opens(query) {
		return query
	}
	return strings.Join(slices.DeleteFunc(strings.Split(query, "&"), func(field string) bool {
		plain, err := url.QueryUnescape(field)
		return c.opens(field) || err == nil && c.opens(plain)
	}), "&")
}

// once keeps the transport from making a request again by itself when its connection
// ends: the upstream may have seen it, and each attempt has a line of its own. It does so
// where it finds these fields under their usual names; for the upstream names have no
// case.
func once(h http.Header) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values := h[name]; values != nil {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// incoming are the fields of the answer to the client. A vendor's cookies are not
// for our address. What the vendor does not say its bytes are is not guessed.
func incoming(to http.Header, answer *http.Response, but ...string) {
	copyFields(to, answer.Header, append(but, "Set-Cookie")...)
	unsaid(to, "Content-Type")
	if fields := behind(answer); len(fields) > 0 {
		to["Trailer"] = []string{strings.Join(slices.Sorted(maps.Keys(fields)), ", ")}
	}
}

// behind are the fields that come behind an answer: those that were announced before they
// are there, and all when it has ended.
func behind(answer *http.Response) http.Header {
	if len(answer.Trailer) == 0 {
		return nil
	}
	fields := http.Header{}
	copyFields(fields, answer.Trailer, "Set-Cookie")
	return fields
}

// unsaid keeps the sender of a message from making up a field that is not in it.
func unsaid(h http.Header, name string) {
	if _, said := h[name]; !said {
		h[name] = nil
	}
}

// newID makes an id that nobody has made before.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	return hex.EncodeToString(b[:])
}

// NewTransport keeps enough connections for a busy gateway, and gives bodies as
// they come.
func NewTransport() *http.Transport {
	return &http.Transport{
		ForceAttemptHTTP2: true, DisableCompression: true,
		MaxIdleConns: 4096, MaxIdleConnsPerHost: 1024, IdleConnTimeout: 90 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, ExpectContinueTimeout: time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		// A connection of HTTP/2 that has died on the way takes every call until somebody asks it.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
	}
}
