package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
)

// Notices keeps what is told to people, and how its delivery went.
type Notices interface {
	// Notices lists those that are wanted, the newest first.
	Notices(ctx context.Context, w NoticesWanted) ([]Notice, error)
	// RetryNotice tries one that was given up again; one that was for nobody goes to the
	// channels that its owner has by now. It gives one for each channel. The error is of
	// kind notfound when there is none, and conflict when it was not given up, or is for
	// nobody still. It is noted in the audit trail in the same transaction.
	RetryNotice(ctx context.Context, by auth.Identity, o NoticeOrder) ([]Notice, error)
}

// NoticesWanted says which notices to list.
type NoticesWanted struct {
	State notify.State // all when it is ""
	Limit int          // from 1
	Shown func(*spend.Scope) bool
}

// Notice is a message on its way to one channel.
type Notice struct {
	Message string        `json:"message"` // its id: one message is told once to each channel
	Channel string        `json:"channel"` // a name; "" when none is named for the owner
	State   notify.State  `json:"state"`   // waiting, delivered or given_up
	Title   string        `json:"title"`
	Facts   []notify.Fact `json:"facts"`
	Owner   string        `json:"owner,omitempty"` // whom it is for
	Scope   spend.Scope   `json:"scope"`           // whose calls it tells of; nobody's of the whole organisation
	At      time.Time     `json:"at"`              // of what it tells
	Tries   int           `json:"tries"`
	Next    *time.Time    `json:"next"`          // not tried before; null when it is not waiting
	Why     string        `json:"why,omitempty"` // it failed the last time
}

// NoticeList is a list of notices.
type NoticeList struct {
	Items []Notice `json:"items"` // the newest first; of one that is tried again, by channel
}

// NoticeOrder names a notice.
type NoticeOrder struct {
	Message string `json:"message"`
	Channel string `json:"channel"`
}

func noticeRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/notices", action: auth.BudgetRead, handle: (*call).listNotices, needs: inOwnScope,
			summary: "Lists what was told to people by channels, the newest first, and why what did not arrive did not. Who may see one scope gets what is told of that scope.",
			params: []param{
				{"query", "state", "waiting, delivered or given_up; all when empty"},
				{"query", "limit", "notices, 1 to 1000; 100 when empty"},
				listFormat(),
			},
			out: NoticeList{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/notices/retry", action: auth.BudgetChange, handle: (*call).retryNotice,
			summary: "Tries a notice that was given up again, from the first try on. One without a channel goes to those that its owner has by now. The answer has one for each channel.",
			in:      NoticeOrder{}, out: NoticeList{}, status: http.StatusOK,
		},
	}
}

func (c *call) listNotices() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := pageLimit(v)
	if err != nil {
		return reply{}, err
	}
	state := notify.State(v.Get("state"))
	if !slices.Contains([]notify.State{"", notify.Waiting, notify.Delivered, notify.GivenUp}, state) {
		return reply{}, spend.Errorf(spend.KindInvalid, "read state", "there is no state %.20q", state).WithHint("waiting, delivered or given_up")
	}
	all, err := c.Notices.Notices(c.request.Context(), NoticesWanted{State: state, Limit: limit, Shown: c.maySee})
	if err != nil {
		return reply{}, err
	}
	return pageReply(v, &NoticeList{Items: append([]Notice{}, all...)}, NoticeCSV)
}

func (c *call) retryNotice() (reply, error) {
	var o NoticeOrder
	if err := decode(c.body, &o); err != nil {
		return reply{}, err
	}
	again, err := c.Notices.RetryNotice(c.request.Context(), c.who, o)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, NoticeList{Items: again}), nil
}
