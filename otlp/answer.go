package otlp

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"encoding/base64"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/bursarhq/bursar/spend"
)

// The kinds of error that only a protocol has, beside those of package spend.
const (
	kindUnauthenticated spend.Kind = "unauthenticated" // no credential, or none of ours
	kindMethod          spend.Kind = "method"          // the path has other methods
	kindStalled         spend.Kind = "stalled"         // the body did not arrive in time
	kindTooLarge        spend.Kind = "toolarge"        // the body is beyond a limit
	kindUnsupported     spend.Kind = "unsupported"     // the body is in a form that is not read here
	kindPaced           spend.Kind = "paced"           // too much at the same time
)

// status is how an error is told: to HTTP, to gRPC, and whether the sender is to try
// again.
type status struct {
	http, grpc int
	again      bool
}

// statusOf gives the status of an error. What is no mistake of the sender is to be sent
// again: it would be lost otherwise.
func statusOf(err error) status {
	all := map[spend.Kind]status{
		spend.KindInvalid:     {http.StatusBadRequest, 3, false},
		kindUnauthenticated:   {http.StatusUnauthorized, 16, false},
		spend.KindForbidden:   {http.StatusForbidden, 7, false},
		spend.KindNotFound:    {http.StatusNotFound, 12, false},
		kindMethod:            {http.StatusMethodNotAllowed, 12, false},
		kindUnsupported:       {http.StatusUnsupportedMediaType, 3, false},
		kindTooLarge:          {http.StatusRequestEntityTooLarge, 3, false},
		kindStalled:           {http.StatusServiceUnavailable, 14, true},
		kindPaced:             {http.StatusTooManyRequests, 8, true},
		spend.KindUnavailable: {http.StatusServiceUnavailable, 8, true},
	}
	if s, known := all[spend.KindOf(err)]; known {
		return s
	}
	return status{http.StatusServiceUnavailable, 14, true}
}

// wait is for how many seconds a sender is asked to wait.
const wait = 2

// answer writes the answer to one request.
type answer struct {
	w      http.ResponseWriter
	media  media
	signal signal
}

// accept says that all is kept, and how much of it cannot be booked. The three answers
// of OTLP have the same fields under the same numbers.
func (a *answer) accept(r rejection) {
	if a.media == jsonHTTP {
		a.send(http.StatusOK, "application/json", a.inJSON(r))
		return
	}
	var body []byte
	if r.records > 0 {
		partial := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(r.records))
		partial = protowire.AppendString(protowire.AppendTag(partial, 2, protowire.BytesType), r.why)
		body = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), partial)
	}
	if a.media == overGRPC {
		a.trail(body, 0, "", nil)
		return
	}
	a.send(http.StatusOK, "application/x-protobuf", body)
}

func (a *answer) inJSON(r rejection) []byte {
	if r.records == 0 {
		return []byte("{}")
	}
	rejected := [...]string{traces: "rejectedSpans", metrics: "rejectedDataPoints", logs: "rejectedLogRecords"}[a.signal]
	body, _ := json.Marshal(map[string]any{"partialSuccess": map[string]string{rejected: strconv.FormatInt(r.records, 10), "errorMessage": r.why}}) // texts alone
	return body
}

// refuse says why nothing is kept, in the way of the protocol.
func (a *answer) refuse(err error) {
	s := statusOf(err)
	message := err.Error()
	if spend.KindOf(err) == spend.KindInternal {
		message = "a defect on our side; the server's log has the cause"
	}
	if hint := spend.HintOf(err); hint != "" {
		message += "; " + hint
	}
	if s.again {
		a.w.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	if s.http == http.StatusUnauthorized {
		a.w.Header().Set("WWW-Authenticate", `Bearer realm="bursar"`)
	}
	switch details := statusMessage(s, message); a.media {
	case overGRPC:
		a.trail(nil, s.grpc, message, details)
	case binaryHTTP:
		a.send(s.http, "application/x-protobuf", details)
	default:
		body, _ := json.Marshal(map[string]any{"code": s.grpc, "message": message}) // a number and a text
		a.send(s.http, "application/json", body)
	}
}

// statusMessage is a google.rpc.Status, with a RetryInfo where the sender is to wait.
func statusMessage(s status, message string) []byte {
	b := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(s.grpc))
	b = protowire.AppendString(protowire.AppendTag(b, 2, protowire.BytesType), message)
	if !s.again {
		return b
	}
	seconds := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), wait)
	retry := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), seconds)
	any := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "type.googleapis.com/google.rpc.RetryInfo")
	any = protowire.AppendBytes(protowire.AppendTag(any, 2, protowire.BytesType), retry)
	return protowire.AppendBytes(protowire.AppendTag(b, 3, protowire.BytesType), any)
}

func (a *answer) send(status int, media string, body []byte) {
	h := a.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	a.w.WriteHeader(status)
	_, _ = a.w.Write(body) // a peer that is gone has nobody to tell
}

// trail answers a call of gRPC: its status stands behind the message.
func (a *answer) trail(message []byte, code int, why string, details []byte) {
	h := a.w.Header()
	h.Set("Content-Type", "application/grpc")
	h.Set("Trailer", "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin")
	a.w.WriteHeader(http.StatusOK)
	if code == 0 {
		frame := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))) //nolint:gosec // an answer of a few bytes
		_, _ = a.w.Write(append(frame, message...))
	}
	h.Set("Grpc-Status", strconv.Itoa(code))
	if code != 0 {
		h.Set("Grpc-Message", percent(why))
		h.Set("Grpc-Status-Details-Bin", base64.RawStdEncoding.EncodeToString(details))
	}
}

// percent writes a text as gRPC wants it in a field.
func percent(s string) string {
	return strings.ReplaceAll(url.QueryEscape(fmt.Sprintf("%.500s", s)), "+", "%20")
}
