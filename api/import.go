package api

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/purchase"
	"github.com/bursarhq/bursar/spend"
)

// ImportOrder says how a file is to be read.
type ImportOrder struct {
	Format     string    `json:"format"`               // csv, jsonl, events, logs, purchases, outcomes; openai, anthropic, copilot or cursor for what their dashboards export or interfaces answer; focus, bedrock, azure or google-cloud for a bill; litellm, langfuse, helicone or openrouter for what they wrote down
	Mapping    string    `json:"mapping,omitempty"`    // of csv and jsonl: name of a built-in mapping, or the YAML of one
	Name       string    `json:"name"`                 // of the file, without its path
	Source     string    `json:"source,omitempty"`     // the mapping's, or the product's, when empty; of logs, the coding agent
	Seller     string    `json:"seller,omitempty"`     // of what a product wrote down without saying who sold it
	Origin     time.Time `json:"origin,omitzero"`      // that relative times count from
	Revision   int64     `json:"revision,omitempty"`   // of a source that corrects itself, higher is later; the time when 0
	Layout     string    `json:"layout,omitempty"`     // of outcomes: events for CloudEvents, mini-swe-agent; else rows with the standard columns
	Definition string    `json:"definition,omitempty"` // of outcome rows that name none
	Workflow   string    `json:"workflow,omitempty"`   // of outcome rows that name none
	Account    string    `json:"account,omitempty"`    // of a vendor's export: yours at the vendor
	Zone       string    `json:"zone,omitempty"`       // of a vendor's export: of days that name none, UTC when empty
	Unit       string    `json:"unit,omitempty"`       // of a vendor's export: cents, thousand-tokens, million-tokens

	Plan     string        `json:"plan,omitempty"`     // of logs: seat or api; another one than before has all logs read again
	Marks    []LogMark     `json:"marks,omitempty"`    // of logs: how far the files behind the events are read
	Rejected []LogRejected `json:"rejected,omitempty"` // of logs: lines that could not be read
}

// LogMark says how far a file of a coding agent has been read.
type LogMark struct {
	File  string `json:"file"`  // 32 hexadecimal digits that stand for its path, which the server never learns
	Bytes int64  `json:"bytes"` // read so far
	Line  int64  `json:"line"`  // the next one, from 1
	Sign  string `json:"sign"`  // 64 hexadecimal digits that tell another file of the same path
}

// LogRejected is a line that could not be read, without its text.
type LogRejected struct {
	File     string          `json:"file"`     // without its path
	Line     int64           `json:"line"`     // from 1
	Digest   string          `json:"digest"`   // of the line, 32 hexadecimal digits
	Problems []spend.Problem `json:"problems"` // every mistake
}

// LogStanding is where the logs of a coding agent stand for whoever asks.
type LogStanding struct {
	Plan  string    `json:"plan"`  // that was said last, empty when none was
	Era   int64     `json:"era"`   // how often another plan was said before
	Marks []LogMark `json:"marks"` // of every file
}

func importRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/imports", action: auth.ImportWrite, needs: inOwnScope, handle: (*call).imports,
			summary: "Books a file of usage, purchases or outcomes. The order comes before the file, which is read as a stream. Answers when all of it is booked.",
			in:      ImportOrder{}, out: ingest.Result{}, status: http.StatusOK, file: true,
		},
		{
			pattern: "GET /api/v1/imports/logs/{program}", action: auth.ImportWrite, needs: inOwnScope, handle: (*call).logs,
			summary: "Says how far the logs of a coding agent have been imported with this credential, so that only what grew is read.",
			params:  []param{{"path", "program", "claude-code, codex, gemini-cli or copilot-cli"}},
			out:     LogStanding{}, status: http.StatusOK,
		},
		{
			pattern: "POST /api/v1/purchases", action: auth.ImportWrite, needs: inOwnScope, handle: (*call).purchases,
			summary: "Spreads purchases over their days of service. One with the id of an earlier one replaces it. Answers when all are booked.",
			params:  []param{repeatKey()}, in: []purchase.Purchase{}, out: ingest.Result{}, status: http.StatusOK,
		},
	}
}

// maxOrder bounds the part of the form that comes before the file.
const maxOrder = 1 << 20

// imports books a file while it arrives. Its size has no limit, what is kept of
// it in memory has.
func (c *call) imports() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	media, params, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return reply{}, spend.Errorf(kindUnsupported, "read the form", "its Content-Type is %.80q", c.request.Header.Get("Content-Type")).
			WithHint("multipart/form-data, with the parts order and file")
	}
	form := multipart.NewReader(patient{c.request.Body, http.NewResponseController(c.writer), c.limits.BodyTime}, params["boundary"])
	var order ImportOrder
	if err := readOrder(form, &order); err != nil {
		return reply{}, brokenOff(err)
	}
	file, err := partOf(form, "file")
	if err != nil {
		return reply{}, brokenOff(err)
	}
	result, err := c.Importer.Import(c.request.Context(), c.who, &order, file)
	if err != nil {
		return reply{}, brokenOff(err)
	}
	return jsonReply(http.StatusOK, result), nil
}

// logs says how far logs have been imported.
func (c *call) logs() (reply, error) {
	standing, err := c.Importer.Logs(c.request.Context(), c.who, c.request.PathValue("program"))
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, standing), nil
}

// purchases books a list, or none of it when one has a mistake.
func (c *call) purchases() (reply, error) {
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	var all []purchase.Purchase
	if err := decode(c.body, &all); err != nil {
		return reply{}, err
	}
	if problems := purchase.ValidateAll(all); len(problems) > 0 {
		return reply{}, rejection{spend.Errorf(spend.KindInvalid, "book purchases", "none of %d is booked", len(all)).WithHint("mend the problems and send them again"), problems}
	}
	result, err := c.Importer.Purchase(c.request.Context(), c.who, all)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, result), nil
}

func readOrder(form *multipart.Reader, into *ImportOrder) error {
	order, err := partOf(form, "order")
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(order, maxOrder+1))
	if err != nil {
		return err
	}
	if len(text) > maxOrder {
		return spend.Errorf(kindTooLarge, "read the order", "it has more than %d bytes", maxOrder).WithHint("a mapping is a page of YAML")
	}
	return decode(text, into)
}

// partOf gives the next part of a form, which must be the one with a name.
func partOf(form *multipart.Reader, name string) (*multipart.Part, error) {
	p, err := form.NextPart()
	if err != nil || p.FormName() == name {
		return p, err
	}
	return nil, spend.Errorf(spend.KindInvalid, "read the form", "part %.40q comes where %s must", p.FormName(), name).
		WithHint("send the parts order and file, in this order")
}

// brokenOff tells a form that ends too early from what is wrong with its content.
func brokenOff(err error) error {
	var told *spend.Error
	if errors.As(err, &told) {
		return err
	}
	return spend.Errorf(spend.KindInvalid, "read the form", "it broke off: %w", err).WithHint("send it again; what was booked stays and is not booked twice")
}

// patient lets a body take as long as it needs while something of it comes.
type patient struct {
	io.Reader
	control *http.ResponseController
	wait    time.Duration
}

func (p patient) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(p.wait)) // a recorder has no deadlines
	n, err := p.Reader.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = spend.Errorf(kindStalled, "read the file", "nothing came for %s", p.wait).WithHint("send it again; what was booked stays and is not booked twice")
	}
	return n, err
}
