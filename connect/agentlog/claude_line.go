package agentlog

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// member takes what is wanted of a line's own members.
func (l *claudeLine) member(c *cursor, key []byte) {
	switch string(key) {
	case "message":
		c.members(func(key []byte) { l.message(c, key) })
	case "forkedFrom":
		c.members(func(key []byte) { only(c, string(key) == "sessionId", &l.fork) })
	case "isSidechain":
		l.sidechain = c.plain() == "true"
	case "isApiErrorMessage":
		l.failed = c.plain() == "true"
	case "costUSD":
		l.cost = c.plain()
	case "gitBranch":
		if l.branch = name(c.text()); l.branch == "HEAD" { // of no branch
			l.branch = ""
		}
	case "cwd":
		l.cwd = c.text()
	default:
		l.words(c, string(key))
	}
}

// words takes the members that are texts.
func (l *claudeLine) words(c *cursor, key string) {
	for _, word := range [...]struct {
		name string
		to   *string
	}{
		{"sessionId", &l.session}, {"requestId", &l.request}, {"uuid", &l.uuid}, {"timestamp", &l.at},
		{"agentId", &l.agentID}, {"attributionAgent", &l.agent},
	} {
		if word.name == key {
			*word.to = name(c.text())
			return
		}
	}
	c.skip()
}

// name gives a text that may be an identity or a name: one word of at most 200
// printable signs. Anything else is none.
func name(s string) string {
	if len(s) > 200 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || !unicode.IsPrint(r) }) {
		return ""
	}
	return s
}

func only(c *cursor, wanted bool, to *string) {
	if !wanted {
		c.skip()
		return
	}
	*to = name(c.text())
}

func (l *claudeLine) message(c *cursor, key []byte) {
	switch string(key) {
	case "id":
		l.id = name(c.text())
	case "model":
		l.model = name(c.text())
	case "usage":
		if c.head() == '{' {
			l.usage = true
		}
		c.members(func(key []byte) { l.counted(c, string(key), &l.totals) })
	default:
		c.skip()
	}
}

// counted takes the members of a usage. A null is nothing that was counted.
func (l *claudeLine) counted(c *cursor, key string, t *wire.Totals) {
	switch key {
	case "input_tokens":
		t.Input = l.count(c, key)
	case "output_tokens":
		t.Output = l.count(c, key)
	case "cache_read_input_tokens":
		t.CacheRead = l.count(c, key)
	case "cache_creation_input_tokens":
		t.CacheWrite = max(t.CacheWrite, l.count(c, key))
	case "cache_creation":
		c.members(func(key []byte) { l.lifetime(c, string(key), t) })
		t.CacheWrite = max(t.CacheWrite, t.CacheWrite5m+t.CacheWrite1h)
	case "output_tokens_details":
		c.members(func(key []byte) { l.one(c, string(key) == "thinking_tokens", &t.OutputReasoning) })
	case "server_tool_use":
		c.members(func(key []byte) { l.one(c, string(key) == "web_search_requests", &t.WebSearches) })
	case "speed":
		l.speed = name(c.text())
	case "service_tier":
		l.tier = name(c.text())
	case "inference_geo":
		l.geo = name(c.text())
	case "iterations":
		c.elements(func() { l.iteration(c) })
	default:
		c.skip()
	}
}

func (l *claudeLine) lifetime(c *cursor, key string, t *wire.Totals) {
	switch key {
	case "ephemeral_5m_input_tokens":
		t.CacheWrite5m = l.count(c, key)
	case "ephemeral_1h_input_tokens":
		t.CacheWrite1h = l.count(c, key)
	default:
		c.skip()
	}
}

func (l *claudeLine) one(c *cursor, wanted bool, to *int64) {
	if !wanted {
		c.skip()
		return
	}
	*to = l.count(c, "usage")
}

// iteration takes one round of a call. The rounds of the call's own model are in its
// usage already.
func (l *claudeLine) iteration(c *cursor) {
	kind, own := "", claudeLine{}
	var model string
	c.members(func(key []byte) {
		switch string(key) {
		case "type":
			kind = c.text()
		case "model":
			model = name(c.text())
		case "iterations":
			c.skip()
		default:
			own.counted(c, string(key), &own.totals)
		}
	})
	if kind == "advisor_message" && model != "" {
		l.advisors = append(l.advisors, claudeAdvisor{model, own.totals})
		l.problems = append(l.problems, own.problems...)
	}
}

// count takes a whole number of 0 or more; a null is 0.
func (l *claudeLine) count(c *cursor, key string) int64 {
	text := c.plain()
	if text == "null" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > maxCount {
		l.problems = append(l.problems, spend.Problem{Field: "usage." + key, Msg: "is not a whole number of 0 to 10^15"})
		return 0
	}
	return n
}

const maxCount = 1_000_000_000_000_000
