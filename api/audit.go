package api

import "net/http"

// checkAudit walks the audit trail. A broken one is an answer, not an error.
func (c *call) checkAudit() (reply, error) {
	check, err := c.Audit.Verify(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, check), nil
}
