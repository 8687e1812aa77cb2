package protocol

import (
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// Request is what a request asks for. Texts are those of the request, bounded,
// and empty when it does not say.
type Request struct {
	API       API
	Operation Operation
	Reread    bool     // an answer that was metered when it was made is read again
	Model     string   // asked for; empty when it cannot be found
	Fallbacks []string // models that the upstream may try after it, at most 16; default leaves the choice to the vendor
	Stream    bool
	AsksUsage bool  // of a stream: the client wants its usage
	MaxOutput int64 // tokens of each answer, 0 when the request sets no limit
	Answers   int64 // how many are generated, of all prompts together, at least 1
	Tier      string
	Speed     string
	Region    string // where it is to be computed

	User       string            // whom the client names, perhaps personal data
	Metadata   map[string]string // at most 16 pairs of texts
	Previous   string            // the response that this one goes on from
	Background bool              // the usage comes with a later read
	Stored     bool              // the vendor keeps the answer, where it can be read again

	// Unread is what could not be read, by field. A field that is named here has
	// its zero value above. The field body says that all of it is doubtful, and
	// then the request cannot be edited.
	Unread []spend.Problem

	Prompt Prompt
	Tools  Tools

	places places
}

// Prompt is how large a prompt is, as far as the body shows.
type Prompt struct {
	Bytes      int  // of the body, without images and sound in it
	Images     int  // pictures, in the body or by address
	SoundBytes int  // of encoded sound
	Elsewhere  bool // a part of it does not stand in the body or cannot be bounded
	Cached5m   bool // it asks for cache writes of five minutes
	Cached1h   bool // … or of an hour
	SpeaksBack bool // the answer may be sound
	Compacts   bool // the vendor may summarise it on the way
}

// Metered says that the call costs money when it is made.
func (r *Request) Metered() bool { return r.Operation.flavour() != "" && !r.Reread }

// These bound the metadata that is read and kept.
const (
	maxMetadata = 16 << 10

	maxPairs = 16
	maxName  = 64
)

// Read reads a request by its path and its body, or the beginning of a body that
// is too long to hold. It looks at each byte once and keeps none of them. A
// request that is not metered is not looked into.
func Read(t Target, body []byte) Request {
	to := t.read()
	r := to.request()
	if !r.Metered() {
		return r
	}
	reader := requestReader{Request: r, body: body}
	reader.read()
	if to.deployed {
		reader.deployed(to.model)
	}
	return reader.Request
}

// Request gives what the path alone says of a request whose body has not come yet.
func (t Target) Request() Request {
	to := t.read()
	r := to.request()
	if r.Metered() && to.deployed {
		r.deployed(to.model)
	}
	return r
}

func (t *route) request() Request {
	return Request{API: t.api, Operation: t.operation, Reread: t.reread, Answers: 1}
}

// deployed takes the model from the path: the body's own means nothing there.
func (r *Request) deployed(model string) {
	r.Model, r.places.model = model, place{}
	r.Unread = slices.DeleteFunc(r.Unread, func(p spend.Problem) bool { return p.Field == "model" })
	if model == "" {
		r.Unread = append(r.Unread, spend.Problem{Field: "model", Msg: "is a deployment in the path whose name cannot be read"})
	}
}

func (r *Request) isUnread(field string) bool {
	return slices.ContainsFunc(r.Unread, func(p spend.Problem) bool { return p.Field == field })
}
