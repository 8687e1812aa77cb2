package api

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/register"
	"github.com/bursarhq/bursar/spend"
)

// Views keeps the views of the dashboard that people come back to.
type Views interface {
	// Views lists those of an identity by name.
	Views(ctx context.Context, of auth.Identity) ([]View, error)
	// KeepView keeps one in the place of the one of its name. The error is of kind
	// exhausted when there are too many.
	KeepView(ctx context.Context, of auth.Identity, v View) error
	// DropView drops one, false when there is none.
	DropView(ctx context.Context, of auth.Identity, name string) (bool, error)
}

// View is a named view of the dashboard: the address of a page without its host.
type View struct {
	Name  string    `json:"name"`  // 1 to 80 letters
	Page  string    `json:"page"`  // a path, like /explore
	Query string    `json:"query"` // what stands behind the question mark, at most 4,000 bytes
	Saved time.Time `json:"saved_at,omitzero"`
}

// ViewList is a list of views by name.
type ViewList struct {
	Items []View `json:"items"`
}

const (
	longestName  = 80
	longestQuery = 4000
)

var pageShape = regexp.MustCompile(`^(/[A-Za-z0-9._~%-]+)+$|^/$`)

func viewRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/views", action: auth.SpendRead, needs: inOwnScope, handle: (*call).listViews,
			summary: "Lists the views of the dashboard that the caller has named.",
			params:  []param{listFormat()}, out: ViewList{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/views", action: auth.SpendRead, needs: inOwnScope, handle: (*call).keepView,
			summary: "Keeps a view of the dashboard for the caller, in the place of the own one of the same name.",
			in:      View{}, out: ViewList{}, status: http.StatusOK,
		},
		{
			pattern: "DELETE /api/v1/views/{name}", action: auth.SpendRead, needs: inOwnScope, handle: (*call).dropView,
			summary: "Drops a view of the caller.",
			params:  []param{{"path", "name", "of the view"}}, status: http.StatusNoContent,
		},
	}
}

func (c *call) listViews() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	all, err := c.Views.Views(c.request.Context(), c.who)
	if err != nil {
		return reply{}, err
	}
	return pageReply(v, &ViewList{Items: append([]View{}, all...)}, writeViews)
}

func (c *call) keepView() (reply, error) {
	var v View
	if err := decode(c.body, &v); err != nil {
		return reply{}, err
	}
	if problems := v.problems(); len(problems) > 0 {
		return reply{}, rejection{spend.Errorf(spend.KindInvalid, "keep a view", "%d of its fields are wrong", len(problems)), problems}
	}
	if err := c.Views.KeepView(c.request.Context(), c.who, v); err != nil {
		return reply{}, err
	}
	return c.listViews()
}

// problems says everything that is wrong with a view. What it says is never repeated: it
// may be of a person.
func (v *View) problems() (found []spend.Problem) {
	want := func(holds bool, field, msg string) {
		if !holds {
			found = append(found, spend.Problem{Field: field, Msg: msg})
		}
	}
	printed := strings.IndexFunc(v.Name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
	want(v.Name != "" && len([]rune(v.Name)) <= longestName && printed && strings.TrimSpace(v.Name) == v.Name, "name", "is not 1 to 80 letters in one line")
	want(pageShape.MatchString(v.Page) && !strings.Contains(v.Page, ".."), "page", "is no path of the dashboard, like /explore")
	values, err := url.ParseQuery(strings.ReplaceAll(v.Query, ";", "%3B")) // conditions are parted by semicolons
	want(err == nil && len(v.Query) <= longestQuery, "query", "is not what stands behind the question mark of an address, of at most 4000 bytes")
	plain := v.Name + " " + v.Page
	for _, all := range values {
		plain += " " + strings.Join(all, " ")
	}
	personal := strings.Contains(plain, "principal:") || strings.Contains(plain, "principal=")
	want(!register.IsAddress(plain) && !strings.Contains(plain, "@") && !personal, "query", "is about a person: views are kept without")
	return found
}

func (c *call) dropView() (reply, error) {
	done, err := c.Views.DropView(c.request.Context(), c.who, c.request.PathValue("name"))
	if err == nil && !done {
		err = spend.Errorf(spend.KindNotFound, "drop a view", "you have none of this name").WithHint("the list is at /api/v1/views")
	}
	return reply{status: http.StatusNoContent}, err
}
