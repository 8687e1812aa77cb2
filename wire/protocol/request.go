package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/bursarhq/bursar/spend"
)

// Request is what a request asks for. Texts are those of the request, bounded,
// and empty when it does not say.
type Request struct {
	API       API
	Operation Operation
	Reread    bool   // an answer that was metered when it was made is read again
	Model     string // asked for; empty when it cannot be found
	Stream    bool
	AsksUsage bool  // of a stream: the client wants its usage
	MaxOutput int64 // tokens of each answer, 0 when the request sets no limit
	Answers   int64 // how many are generated, at least 1
	Tier      string
	Speed     string

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
}

// Metered says that the call costs money when it is made.
func (r *Request) Metered() bool { return r.Operation.flavour() != "" && !r.Reread }

// maxPairs and maxName bound the metadata that is kept.
const (
	maxPairs = 16
	maxName  = 64
)

// Read reads a request by its path and its body, or the beginning of a body that
// is too long to hold. It looks at each byte once and keeps none of them. A
// request that is not metered is not looked into.
func Read(t Target, body []byte) Request {
	to := t.read()
	r := Request{API: to.api, Operation: to.operation, Reread: to.reread, Answers: 1}
	if !r.Metered() {
		return r
	}
	reader := requestReader{Request: &r, body: body}
	reader.read()
	if to.model != "" {
		r.Model, r.places.model = to.model, place{}
		r.Unread = slices.DeleteFunc(r.Unread, func(p spend.Problem) bool { return p.Field == "model" })
	}
	return r
}

// requestReader gathers what the scanner tells of one request.
type requestReader struct {
	*Request
	body  []byte
	seen  [inEnd]bool
	shown int // images in the body
	bytes int // of them and of sound

	listed    listed
	unlimited int   // tools without a limit to their calls
	calls     int64 // the limit to all of them
}

// bom is the mark that some programs put before UTF-8.
const bom = "\xef\xbb\xbf"

func (r *requestReader) read() {
	start := 0
	if bytes.HasPrefix(r.body, []byte(bom)) {
		start = len(bom)
	}
	fields, _ := r.Operation.fields()
	s := scanner{root: fields, tell: r.take}
	s.reset()
	s.at = start
	s.write(r.body[start:])
	switch {
	case s.state == broken:
		r.unread("body", "is not valid JSON, or nests more than %d deep", maxDepth)
	case !s.finish():
		r.unread("body", "does not end within the %d bytes that were read", len(r.body))
	case !r.seen[inRoot]:
		r.unread("body", "is not a JSON object")
	default:
		r.places.whole = true
	}
	if r.Model == "" && !r.isUnread("model") {
		r.unread("model", "is missing; want a text")
	}
	r.Prompt.Images = max(r.Prompt.Images, r.shown)
	r.Prompt.Bytes = len(r.body) - r.bytes
	r.Prompt.Elsewhere = r.Prompt.Elsewhere || !r.places.whole
	r.Stored = r.Stored || r.Operation == Responses && !r.seen[inStore]
	r.boundTools()
	for _, f := range [...]field{inMaxTokens, inMaxCompletion, inMaxOutput} {
		if r.isUnread(fieldNames[f]) {
			r.MaxOutput = 0
		}
	}
}

func (r *requestReader) unread(field, format string, args ...any) {
	if !r.isUnread(field) {
		r.Unread = append(r.Unread, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
	}
}

func (r *Request) isUnread(field string) bool {
	return slices.ContainsFunc(r.Unread, func(p spend.Problem) bool { return p.Field == field })
}

// text is the contents of a string; anything else but null cannot be read.
func (r *requestReader) text(name string, v *value) string {
	if v.kind != '"' || v.long {
		if v.kind != 'n' {
			r.unread(name, "is not a text of at most %d bytes", maxText)
		}
		return ""
	}
	if bytes.IndexByte(v.text, '\\') >= 0 {
		return string(unquoted(v.text))
	}
	return string(v.text)
}

// truth is a truth value; anything else but null cannot be read.
func (r *requestReader) truth(name string, v *value) bool {
	if v.kind != 't' && v.kind != 'f' && v.kind != 'n' {
		r.unread(name, "is neither true nor false")
	}
	return v.kind == 't'
}

// maxCount is far above any limit of a vendor, so that products of counts fit.
const maxCount = 1 << 30

// count is a number from 1, written in any way that JSON has, rounded up; zero,
// less and null set no limit.
func (r *requestReader) count(name string, v *value) int64 {
	if v.kind == 'n' {
		return 0
	}
	n, err := strconv.ParseInt(string(v.text), 10, 64)
	if err != nil && v.kind == '0' {
		var f float64
		if f, err = strconv.ParseFloat(string(v.text), 64); err == nil {
			n = int64(min(max(f, 0), maxCount))
			if float64(n) < f {
				n++
			}
		}
	}
	if err != nil || v.kind != '0' {
		r.unread(name, "is not a number")
		return 0
	}
	return min(max(n, 0), maxCount)
}

// metadata keeps the pairs of short texts.
func (r *requestReader) metadata(v *value) {
	var all map[string]json.RawMessage
	if v.long || json.Unmarshal(v.text, &all) != nil {
		r.unread("metadata", "is not an object of at most %d bytes", maxRaw)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var text string
		if len(name) > maxName || json.Unmarshal(all[name], &text) != nil || len(text) > maxText {
			continue
		}
		if r.Metadata == nil {
			r.Metadata = map[string]string{}
		}
		if r.Metadata[name] = text; len(r.Metadata) == maxPairs {
			return
		}
	}
}
