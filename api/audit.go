package api

import (
	"net/http"

	"github.com/bursarhq/bursar/auth"
)

func auditRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/audit/check", action: auth.AuditRead, handle: (*call).checkAudit,
			summary: "Walks the audit trail and names the first entry that does not fit.",
			out:     auth.Check{}, status: http.StatusOK,
		},
	}
}

// checkAudit walks the audit trail. A broken one is an answer, not an error.
func (c *call) checkAudit() (reply, error) {
	check, err := c.Audit.Verify(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, check), nil
}
