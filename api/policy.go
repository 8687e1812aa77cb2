package api

import (
	"cmp"
	"fmt"
	"net/http"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/organisation"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

func policyRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/apply", action: auth.PolicyApply, handle: (*call).apply,
			summary: "Puts declarative documents in force, all or none, and lists what that changes. Documents that are not sent stay. Sending them again changes nothing.",
			in:      ApplyOrder{}, out: Application{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/applied", action: auth.PolicyApply, handle: (*call).applied,
			summary: "Lists the documents that are in force, as they were written.",
			params:  []param{listFormat()}, out: Applied{}, status: http.StatusOK,
		},
	}
}

// ApplyOrder says what to put in force.
type ApplyOrder struct {
	Documents []Declared `json:"documents"`
	DryRun    bool       `json:"dry_run,omitempty"` // only say what would change, and what would be refused
	Over      string     `json:"over,omitempty"`    // of the dry run whose changes are meant: refused when something else is in force by now
}

// Declared is a declarative document in YAML.
type Declared struct {
	File string `json:"file,omitempty"` // names it in messages
	Text string `json:"text"`
}

// Application is what documents change.
type Application struct {
	Changes []organisation.Change `json:"changes"`
	Applied bool                  `json:"applied"`           // they are in force
	Remarks []string              `json:"remarks,omitempty"` // on limits that are right one by one: what another makes needless, and what lacks a price or an exchange rate to act by
	Over    string                `json:"over,omitempty"`    // stands for what was in force before
}

// Applied is what is in force.
type Applied struct {
	Documents []AppliedDocument `json:"documents"` // by name
}

func (c *call) apply() (reply, error) {
	var order ApplyOrder
	if err := decode(c.body, &order); err != nil {
		return reply{}, err
	}
	documents, err := order.read()
	if err != nil {
		return reply{}, err
	}
	done, err := c.Policies.Apply(c.request.Context(), c.who, Declaration{Documents: documents, Dry: order.DryRun, Over: order.Over})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, done), nil
}

// read reads every document. The mistakes of all of them come at once.
func (o *ApplyOrder) read() ([]policy.Document, error) {
	if len(o.Documents) == 0 || len(o.Documents) > 1000 {
		return nil, spend.Errorf(spend.KindInvalid, "apply", "%d documents: want 1 to 1000", len(o.Documents))
	}
	var documents []policy.Document
	var problems []spend.Problem
	hint := ""
	for i, declared := range o.Documents {
		d, err := policy.Read([]byte(declared.Text))
		if err != nil {
			hint = spend.HintOf(err)
			problems = append(problems, spend.Problem{Field: cmp.Or(declared.File, fmt.Sprintf("documents[%d]", i)), Msg: err.Error()})
		}
		documents = append(documents, d)
	}
	if len(problems) > 0 {
		err := spend.Errorf(spend.KindInvalid, "apply", "%d of %d documents have mistakes", len(problems), len(documents)).WithHint("%s", hint)
		return nil, rejection{err, problems}
	}
	return documents, nil
}

func (c *call) applied() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	documents, err := c.Policies.Applied(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	return pageReply(v, &Applied{Documents: append([]AppliedDocument{}, documents...)}, writeApplied)
}
