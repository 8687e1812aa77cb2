package poll

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// feed is one list of a vendor: what is asked for days, and where an answer says that more
// follows.
type feed struct {
	name string
	days int // that one question may be about
	ask  func(*question) asked
	next func(page *answer, asked string) string // of the page after, "" for none
}

// question is about days of an account; the end is not included.
type question struct {
	account  *Account
	from, to time.Time
	page     string // "" for the first
}

// asked is what goes to the vendor.
type asked struct {
	path   string
	values url.Values
	body   map[string]any // nil for a question without one
}

// answer is what is read of a page before it is kept.
type answer struct {
	HasMore    bool   `json:"has_more"`
	NextPage   string `json:"next_page"`
	Pagination struct {
		HasNextPage bool `json:"hasNextPage"`
	} `json:"pagination"`
	Data   json.RawMessage `json:"data"`
	Events json.RawMessage `json:"usageEvents"`
	Items  json.RawMessage `json:"usageItems"`
}

// holds says that it is a page at all.
func (a *answer) holds() bool { return len(a.Data)+len(a.Events)+len(a.Items) > 0 }

func host(vendor string) string {
	return map[string]string{
		"openai": "https://api.openai.com", "anthropic": "https://api.anthropic.com", "copilot": "https://api.github.com", "cursor": "https://api.cursor.com",
	}[vendor]
}

// feedsOf are the lists of a vendor, each a file of its own, nil for one that is unknown.
func feedsOf(vendor string) []feed {
	switch vendor {
	case "openai":
		return []feed{
			{"usage", 31, openai("usage/completions", "project_id", "api_key_id", "model", "batch", "service_tier"), byToken},
			{"embeddings", 31, openai("usage/embeddings", "project_id", "api_key_id", "model"), byToken},
			{"costs", 31, openai("costs", "project_id", "line_item"), byToken},
		}
	case "anthropic":
		return []feed{
			{"usage", 31, anthropic("usage_report/messages", "model", "workspace_id", "api_key_id", "service_tier"), byToken},
			{"costs", 31, anthropic("cost_report", "workspace_id", "description"), byToken},
		}
	case "copilot":
		return []feed{{"usage", 1, github, func(*answer, string) string { return "" }}}
	case "cursor":
		return []feed{{"events", 30, cursor, byNumber}}
	}
	return nil
}

func openai(path string, groups ...string) func(*question) asked {
	return func(q *question) asked {
		v := url.Values{
			"start_time": {strconv.FormatInt(q.from.Unix(), 10)}, "end_time": {strconv.FormatInt(q.to.Unix(), 10)},
			"bucket_width": {"1d"}, "limit": {"31"}, "group_by": groups,
		}
		return asked{path: "/v1/organization/" + path, values: paged(v, q)}
	}
}

func anthropic(path string, groups ...string) func(*question) asked {
	return func(q *question) asked {
		v := url.Values{
			"starting_at": {q.from.Format(time.RFC3339)}, "ending_at": {q.to.Format(time.RFC3339)}, "bucket_width": {"1d"}, "limit": {"31"}, "group_by[]": groups,
		}
		return asked{path: "/v1/organizations/" + path, values: paged(v, q)}
	}
}

func paged(v url.Values, q *question) url.Values {
	if q.page != "" {
		v.Set("page", q.page)
	}
	return v
}

// github asks for a day at a time: an answer says no days of its own.
func github(q *question) asked {
	year, month, day := q.from.Date()
	return asked{path: "/organizations/" + url.PathEscape(q.account.Org) + "/settings/billing/premium_request/usage", values: url.Values{
		"year": {strconv.Itoa(year)}, "month": {strconv.Itoa(int(month))}, "day": {strconv.Itoa(day)},
	}}
}

func cursor(q *question) asked {
	page, err := strconv.Atoi(q.page)
	if err != nil {
		page = 1
	}
	return asked{path: "/teams/filtered-usage-events", body: map[string]any{
		"startDate": q.from.UnixMilli(), "endDate": q.to.UnixMilli() - 1, "page": page, "pageSize": 500,
	}}
}

func byToken(a *answer, _ string) string {
	if !a.HasMore {
		return ""
	}
	return a.NextPage
}

func byNumber(a *answer, asked string) string {
	if !a.Pagination.HasNextPage {
		return ""
	}
	page, err := strconv.Atoi(asked)
	if err != nil {
		page = 1
	}
	return strconv.Itoa(page + 1)
}

// sign puts the key where the vendor looks for it.
func sign(r *http.Request, vendor, key string) {
	switch vendor {
	case "anthropic":
		r.Header.Set("X-Api-Key", key)
		r.Header.Set("Anthropic-Version", "2023-06-01")
	case "cursor":
		r.SetBasicAuth(key, "")
	default:
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(key))
	}
	if vendor == "copilot" {
		r.Header.Set("Accept", "application/vnd.github+json")
		r.Header.Set("X-Github-Api-Version", "2022-11-28")
	}
}
