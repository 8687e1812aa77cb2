package api

import (
	"context"
	"net/http"
	"time"

	"github.com/bursarhq/bursar/auth"
)

// UpstreamKeys keeps the vendors' keys sealed. Whoever changes one is noted in the audit
// trail in the same transaction, and the next call to a model goes by the change.
type UpstreamKeys interface {
	// UpstreamKeys lists them by name, without what they hold.
	UpstreamKeys(ctx context.Context) ([]UpstreamKey, error)
	// SetUpstreamKey seals a key in the place of the one before. The error is of kind
	// invalid for a name or a key that is none, and conflict when there is no master key.
	SetUpstreamKey(ctx context.Context, by auth.Identity, o UpstreamKeyOrder) (UpstreamKey, error)
	// RemoveUpstreamKey drops one. The error is of kind notfound when there is none.
	RemoveUpstreamKey(ctx context.Context, by auth.Identity, name string) error
	// ResealUpstreamKeys seals all of them under the newest master key, and gives them.
	// The error is of kind conflict when one cannot be opened; then nothing is changed.
	ResealUpstreamKeys(ctx context.Context, by auth.Identity) ([]UpstreamKey, error)
}

// UpstreamKey is a vendor's key as a list shows it.
type UpstreamKey struct {
	Name   string    `json:"name"`   // by which key_sealed of a route names it
	Set    time.Time `json:"set"`    // when its present value was
	Master string    `json:"master"` // the master key that it is sealed under, by its public name
	Opens  bool      `json:"opens"`  // under a master key that the server has
	Why    string    `json:"why,omitempty"`
	Mend   string    `json:"mend,omitempty"` // what to do when it does not
}

// UpstreamKeyOrder is a vendor's key that is to be sealed.
type UpstreamKeyOrder struct {
	Name   string `json:"name"`
	Secret string `json:"secret"` // is in no answer, and in no log
}

// UpstreamKeyList is a list of the vendors' keys.
type UpstreamKeyList struct {
	Items []UpstreamKey `json:"items"` // by name
}

func upstreamKeyRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/upstream-keys", action: auth.UpstreamKeyManage, handle: (*call).listUpstreamKeys,
			summary: "Lists the vendors' keys that are kept sealed, without what they hold.",
			out:     UpstreamKeyList{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/upstream-keys", action: auth.UpstreamKeyManage, handle: (*call).setUpstreamKey,
			summary: "Seals a vendor's key in the place of the one of that name. The next call to a model uses it.",
			in:      UpstreamKeyOrder{}, out: UpstreamKey{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/upstream-keys/reseal", action: auth.UpstreamKeyManage, handle: (*call).resealUpstreamKeys,
			summary: "Seals all of the vendors' keys under the newest master key, or none.",
			in:      struct{}{}, out: UpstreamKeyList{}, status: http.StatusOK,
		},
		{
			pattern: "DELETE /api/v1/upstream-keys/{name}", action: auth.UpstreamKeyManage, handle: (*call).removeUpstreamKey,
			summary: "Removes a vendor's key.",
			params:  []param{{"path", "name", "by which routes name it"}}, status: http.StatusNoContent,
		},
	}
}

func (c *call) listUpstreamKeys() (reply, error) {
	all, err := c.UpstreamKeys.UpstreamKeys(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, UpstreamKeyList{Items: append([]UpstreamKey{}, all...)}), nil
}

func (c *call) setUpstreamKey() (reply, error) {
	var o UpstreamKeyOrder
	if err := decode(c.body, &o); err != nil {
		return reply{}, err
	}
	set, err := c.UpstreamKeys.SetUpstreamKey(c.request.Context(), c.who, o)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, set), nil
}

func (c *call) resealUpstreamKeys() (reply, error) {
	all, err := c.UpstreamKeys.ResealUpstreamKeys(c.request.Context(), c.who)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, UpstreamKeyList{Items: append([]UpstreamKey{}, all...)}), nil
}

func (c *call) removeUpstreamKey() (reply, error) {
	if err := c.UpstreamKeys.RemoveUpstreamKey(c.request.Context(), c.who, c.request.PathValue("name")); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusNoContent}, nil
}
