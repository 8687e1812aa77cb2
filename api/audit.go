package api

import (
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/bursarhq/bursar/auth"
)

// AuditEntry is one entry of the audit trail. Before and after are digests of what was
// changed.
type AuditEntry struct {
	Seq    int64       `json:"seq"` // 1, 2, 3, … without a gap
	At     time.Time   `json:"at"`
	Who    string      `json:"who"` // person/… or token/…, or system
	Action auth.Action `json:"action"`
	Target string      `json:"target"`
	Before string      `json:"before"`
	After  string      `json:"after"`
}

func auditRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/audit", action: auth.AuditRead, handle: (*call).listAudit,
			summary: "Lists the audit trail, the newest first: who did what to what.",
			params:  append([]param{listFormat()}, pageParams()...), out: Page[AuditEntry]{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/audit/check", action: auth.AuditRead, handle: (*call).checkAudit,
			summary: "Walks the audit trail and names the first entry that does not fit.",
			out:     auth.Check{}, status: http.StatusOK,
		},
	}
}

func (c *call) listAudit() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	limit, err := pageLimit(v)
	if err != nil {
		return reply{}, err
	}
	before := int64(math.MaxInt64)
	after, err := readCursor[int64](v.Get("cursor"))
	if err != nil {
		return reply{}, err
	}
	if after != nil {
		before = *after
	}
	found, err := c.Audit.Entries(c.request.Context(), before, limit+1)
	if err != nil {
		return reply{}, err
	}
	page := Page[AuditEntry]{Items: []AuditEntry{}}
	for i := range found[:min(len(found), limit)] {
		e := &found[i]
		page.Items = append(page.Items, AuditEntry{Seq: e.Seq, At: e.Time(), Who: e.Who, Action: e.Action, Target: e.Target, Before: e.Before, After: e.After})
	}
	if len(found) > limit {
		page.Next = cursorOf(&found[limit-1].Seq)
	}
	return pageReply(v, &page, writeAudit)
}

func writeAudit(w io.Writer, page *Page[AuditEntry]) error {
	head := []string{"seq", "at", "who", "action", "target", "before", "after"}
	return tableOf(w, head, page.Items, func(e *AuditEntry) []string {
		return []string{strconv.FormatInt(e.Seq, 10), instantCell(e.At), e.Who, string(e.Action), e.Target, e.Before, e.After}
	})
}

// checkAudit walks the audit trail. A broken one is an answer, not an error.
func (c *call) checkAudit() (reply, error) {
	check, err := c.Audit.Verify(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, check), nil
}
