package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/bursarhq/bursar/spend"
)

// requestReader gathers what the scanner tells of one request.
type requestReader struct {
	Request
	body  []byte
	seen  [inEnd]bool
	shown int // images in the body
	bytes int // of them and of sound

	prompts int64 // of completions, when they are a list

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
	s := scanner{root: fields, tell: r.take, odd: r.odd}
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
	r.Answers *= max(r.prompts, 1)
	r.boundTools()
	for _, f := range [...]field{inMaxTokens, inMaxCompletion, inMaxOutput} {
		if r.isUnread(fieldNames[f]) {
			r.MaxOutput = 0
		}
	}
}

// odd hears of a member that some readers take for a field, as those of Go do, and others
// for nothing: then nobody knows what the request asks for.
func (r *requestReader) odd(n *node) {
	if n.is != inUser && n.is != inMetadata { // they say nothing of the cost
		r.unread("body", "has %s in other letters, which readers take differently", n.name)
	}
}

func (r *requestReader) unread(field, format string, args ...any) {
	if !r.isUnread(field) {
		r.Unread = append(r.Unread, spend.Problem{Field: field, Msg: fmt.Sprintf(format, args...)})
	}
}

// text is the contents of a string; anything else but null cannot be read.
func (r *requestReader) text(name string, v *value) string {
	if v.kind != '"' || v.long {
		if v.kind != 'n' {
			r.unread(name, "is not a text of at most %d bytes", maxText)
		}
		return ""
	}
	if !utf8.Valid(v.text) {
		r.unread(name, "is not valid UTF-8")
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
	if v.long || len(v.text) > maxMetadata || json.Unmarshal(v.text, &all) != nil {
		r.unread("metadata", "is not an object of at most %d bytes", maxMetadata)
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
