package api

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Page is a part of a list. Next asks for the part behind it and is empty at the end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

const (
	pageLength = 100
	maxPage    = 1000
)

// pageLimit reads how many entries a page may have.
func pageLimit(q url.Values) (int, error) {
	text := q.Get("limit")
	if text == "" {
		return pageLength, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPage {
		return 0, spend.Errorf(spend.KindInvalid, "read limit", "%.40q is no length of a page", text).WithHint("1 to %d", maxPage)
	}
	return n, nil
}

// parameters refuses those that the route does not have, all at once: a misspelt
// one would answer another question.
func (c *call) parameters() (url.Values, error) {
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "read the parameters", "%w", err)
	}
	var problems []spend.Problem
	for name, given := range values {
		at := slices.IndexFunc(c.route.params, func(p param) bool { return p.in == "query" && p.name == name })
		switch {
		case at < 0:
			problems = append(problems, spend.Problem{Field: clip(name), Msg: "is no parameter here"})
		case len(given) > 1 && name != "where":
			problems = append(problems, spend.Problem{Field: name, Msg: "is given more than once"})
		}
	}
	if len(problems) == 0 {
		return values, nil
	}
	slices.SortFunc(problems, func(a, b spend.Problem) int { return strings.Compare(a.Field, b.Field) })
	return nil, rejection{spend.Errorf(spend.KindInvalid, "read the parameters", "%d of them are wrong", len(problems)).
		WithHint("the parameters are in /api/v1/openapi.yaml"), problems}
}

// clip shortens what a caller sent for a message.
func clip(text string) string { return text[:min(len(text), 40)] }

// cursorOf writes a place in a list, "" for its end.
func cursorOf[T any](place *T) string {
	if place == nil {
		return ""
	}
	text, err := json.Marshal(place)
	if err != nil {
		return "" // a time beyond the year 9999, which no line has
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// readCursor reads a place in a list, nil for its beginning.
func readCursor[T any](cursor string) (*T, error) {
	if cursor == "" {
		return nil, nil
	}
	var place T
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &place)
	}
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "read cursor", "%.40q is no place in the list", cursor).
			WithHint("pass next of the page before, unchanged")
	}
	return &place, nil
}
