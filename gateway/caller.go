package gateway

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// ownKey takes a key of ours when the client's vendor key is to pass through.
const ownKey = "X-Bursar-Key"

// credentials are the fields in which the official libraries send a key.
func credentials() []string {
	return []string{"Authorization", "X-Api-Key", "X-Goog-Api-Key", "Api-Key"}
}

// presented gives the key of ours that a request brings, and whether the client's
// own vendor key stands beside it.
func presented(h http.Header) (key auth.Secret, beside bool) {
	if own := h.Get(ownKey); own != "" {
		key = auth.NewSecret(strings.TrimSpace(own))
		return key, slices.ContainsFunc(credentials(), func(field string) bool { return passes(h, field, key) })
	}
	for _, field := range credentials() {
		value := strings.TrimSpace(h.Get(field))
		if field == "Authorization" {
			scheme, rest, _ := strings.Cut(value, " ")
			if !strings.EqualFold(scheme, "Bearer") {
				continue
			}
			value = strings.TrimSpace(rest)
		}
		if value != "" {
			return auth.NewSecret(value), false
		}
	}
	return auth.Secret{}, false
}

// passes says that something stands in a field that takes a vendor key, and goes on to the
// vendor: no key of ours, of which one is presented, and nothing of this connection alone.
func passes(h http.Header, field string, presented auth.Secret) bool {
	said := false
	for _, value := range h.Values(field) {
		if opens(value, presented) {
			return false
		}
		scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
		said = said || rest != "" || scheme != "" && !strings.EqualFold(scheme, "Bearer")
	}
	return said && !named(h.Values("Connection"), field)
}

// opens says that a text would open this gateway to a vendor who sees it: the key that is
// presented stands in it, or another of this gateway's, as where a client was set up twice.
func opens(text string, presented auth.Secret) bool {
	return strings.Contains(text, presented.Reveal()) || auth.HasToken(text)
}

// claim is a scope field that a client may name, in a field of the head or in baggage.
type claim struct {
	header, baggage string
	field           func(*spend.Scope) *string
}

func claims() []claim {
	return []claim{
		{"X-Bursar-Workflow", "bursar.workflow", func(s *spend.Scope) *string { return &s.Workflow }},
		{"X-Bursar-Agent", "bursar.agent", func(s *spend.Scope) *string { return &s.Agent }},
		{"X-Bursar-Run", "bursar.run", func(s *spend.Scope) *string { return &s.Run }},
		{"X-Bursar-Parent-Run", "bursar.parent_run", func(s *spend.Scope) *string { return &s.ParentRun }},
		{"X-Bursar-Step", "bursar.step", func(s *spend.Scope) *string { return &s.Step }},
		{"X-Bursar-Feature", "bursar.feature", func(s *spend.Scope) *string { return &s.Feature }},
		{"X-Bursar-Customer", "bursar.customer", func(s *spend.Scope) *string { return &s.Customer }},
		{"X-Bursar-Environment", "bursar.environment", func(s *spend.Scope) *string { return &s.Environment }},
	}
}

// scope is the caller's with what the request names below it: by headers first,
// then by baggage, then by what coding agents send anyway.
func (c *call) scope() spend.Scope {
	s := c.caller.Scope
	h, baggage := c.r.Header, c.baggage()
	for _, claim := range claims() {
		value := h.Get(claim.header)
		if value == "" && len(baggage) > 0 {
			value = cmp.Or(baggage[strings.ToLower(claim.header)], baggage[claim.baggage])
		}
		if field := claim.field(&s); *field == "" { // what the key is bound to is not the client's to say
			*field = label(value)
		}
	}
	subAgent(&s, h)
	for _, run := range []*string{&s.Run, &s.ParentRun} {
		if *run != "" {
			*run = c.caller.Space + "/" + *run
		}
	}
	s.Tags = c.tags(baggage)
	if c.Labels != nil {
		c.Labels.Fold(&s)
	}
	return s
}

// subAgent names a sub-agent of Claude Code where the client names none itself, as its
// logs do: its id, which no other has, is that of a run.
func subAgent(s *spend.Scope, h http.Header) {
	id := h.Get("X-Claude-Code-Agent-Id")
	if id == "" {
		return
	}
	if s.Agent == "" {
		s.Agent = "claude-code/subagent"
	}
	if s.Run == "" && s.ParentRun == "" {
		s.Run, s.ParentRun = label(id), label(h.Get("X-Claude-Code-Parent-Agent-Id"))
	}
}

// tags are those that the client names, and the evidence that rules may ask for.
func (c *call) tags(baggage map[string]string) map[string]string {
	tags := map[string]string{}
	named := strings.Join(c.r.Header.Values("X-Bursar-Tags"), ",") // several lines are one list
	for pair := range strings.SplitSeq(named, ",") {
		if key, value, found := strings.Cut(pair, "="); found && len(tags) < maxTags {
			tags[label(strings.TrimSpace(key))] = label(strings.TrimSpace(value))
		}
	}
	for _, name := range c.Tags {
		from, key, _ := strings.Cut(name, ".")
		value := ""
		switch from {
		case "header": // its name has no case, and rules look for small letters
			value, name = c.r.Header.Get(key), strings.ToLower(name)
		case "baggage":
			value = baggage[key]
		case "metadata":
			value = c.request.Metadata[key]
		}
		if value != "" {
			tags[name] = line(value)
		}
	}
	if id, span := trace(c.r.Header.Get("Traceparent")); id != "" {
		tags[ingest.TraceTag], tags[ingest.SpanTag] = id, span
	}
	delete(tags, "")
	if len(tags) == 0 {
		return nil
	}
	return tags
}

// A line takes 32 tags: those of the client and of the evidence, and three of our own, for
// its trace, its span and the vendor's id of the request.
const (
	maxTags     = 16
	maxEvidence = 13
	maxLabel    = 256
)

// label bounds a value that a client names.
func label(s string) string {
	if len(s) > maxLabel {
		s = strings.ToValidUTF8(s[:maxLabel], "")
	}
	return s
}

// line makes one line of UTF-8 of a text that was not written for the ledger, which takes
// nothing else: it is kept beside a call, and no reason to lose the call.
func line(s string) string {
	return label(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "")))
}

// baggage reads the members of W3C baggage, without their properties.
func (c *call) baggage() map[string]string {
	members := map[string]string{}
	for _, field := range c.r.Header.Values("Baggage") {
		for member := range strings.SplitSeq(field, ",") {
			pair, _, _ := strings.Cut(member, ";")
			key, value, found := strings.Cut(pair, "=")
			if value, err := url.PathUnescape(strings.TrimSpace(value)); found && err == nil && len(members) < 64 {
				members[strings.TrimSpace(key)] = value
			}
		}
	}
	return members
}
