package otlp

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	logsv1 "go.opentelemetry.io/proto/slim/otlp/collector/logs/v1"
	metricsv1 "go.opentelemetry.io/proto/slim/otlp/collector/metrics/v1"
	tracev1 "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	logv1 "go.opentelemetry.io/proto/slim/otlp/logs/v1"
	spanv1 "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/spend"
)

// signal is what a request brings.
type signal int

const (
	traces signal = iota
	metrics
	logs
)

// media is how a request is written.
type media int

const (
	unknown media = iota
	binaryHTTP
	jsonHTTP
	overGRPC
)

func mediaOf(q *http.Request) media {
	name, _, _ := mime.ParseMediaType(q.Header.Get("Content-Type"))
	switch {
	case name == "application/x-protobuf":
		return binaryHTTP
	case name == "application/json":
		return jsonHTTP
	case name == "application/grpc" || name == "application/grpc+proto":
		return overGRPC
	}
	return unknown
}

// request is one request on its way in.
type request struct {
	*http.Request
	w      http.ResponseWriter
	signal signal
	media  media
}

// room is the memory of all requests at the same time.
type room struct {
	most int64
	used atomic.Int64
}

// take asks for so many bytes; nobody waits for them, for senders can.
func (r *room) take(n int64) bool {
	if r.used.Add(n) <= r.most {
		return true
	}
	r.used.Add(-n)
	return false
}

func (r *room) leave(n int64) { r.used.Add(-n) }

// spread is how much more memory a message takes when it is read.
const spread = 3

// read gives the message of a request within every limit: bytes as sent and unpacked,
// time, depth, and the memory of all requests together. done gives the memory back.
func (r *Receiver) read(q *request) (message proto.Message, done func(), err error) {
	if q.media == unknown {
		return nil, nil, spend.Errorf(kindUnsupported, "read telemetry", "its Content-Type is %.80q", q.Header.Get("Content-Type")).
			WithHint("application/x-protobuf, application/json, or application/grpc")
	}
	encoding, err := encodingOf(q)
	if err != nil {
		return nil, nil, err
	}
	if q.ContentLength > r.Body {
		return nil, nil, r.tooLarge("%d bytes were sent, more than %d", q.ContentLength, r.Body)
	}
	packed, held, err := r.arrive(q)
	defer func() {
		if done == nil {
			r.room.leave(held)
		}
	}()
	if err != nil {
		return nil, nil, err
	}
	if q.media == overGRPC {
		if packed, encoding, err = unframe(packed, encoding); err != nil {
			return nil, nil, err
		}
	}
	most := int64(len(packed))
	if encoding != "" {
		most = min(r.Inflated, max(1<<20, 64*most))
	}
	if more := most * spread; r.room.take(more) {
		held += more
	} else {
		return nil, nil, busy()
	}
	body, err := r.unpack(packed, encoding, most)
	if err != nil {
		return nil, nil, err
	}
	message = empty(q.signal)
	heavy := max(weight(body, q.media, message)-most*spread, 0)
	switch {
	case held+heavy > r.Memory:
		return nil, nil, r.tooLarge("%d bytes hold more than there is memory for", len(body))
	case !r.room.take(heavy):
		return nil, nil, busy()
	}
	held += heavy
	if err := decode(message, q.media, body); err != nil {
		return nil, nil, err
	}
	return message, func() { r.room.leave(held) }, nil
}

// encodingOf says how a body is packed, "" for not at all.
func encodingOf(q *request) (string, error) {
	field := "Content-Encoding"
	if q.media == overGRPC {
		field = "Grpc-Encoding"
	}
	switch encoding := strings.ToLower(q.Header.Get(field)); encoding {
	case "", "identity":
		return "", nil
	case "gzip":
		return encoding, nil
	default:
		return "", spend.Errorf(kindUnsupported, "read telemetry", "its encoding is %.40q", encoding).WithHint("gzip, or none")
	}
}

// arrive reads the body as it was sent, and holds memory for it, also of what broke off.
func (r *Receiver) arrive(q *request) (packed []byte, held int64, err error) {
	control := http.NewResponseController(q.w)
	_ = control.SetReadDeadline(time.Now().Add(r.BodyTime)) // who cannot has no slow peer either
	packed, held, err = r.room.fill(http.MaxBytesReader(q.w, q.Body, r.Body), r.Body)
	var large *http.MaxBytesError
	switch {
	case spend.KindOf(err) == kindPaced:
		return nil, held, err
	case errors.As(err, &large):
		return nil, held, r.tooLarge("more than %d bytes were sent", r.Body)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, held, spend.Errorf(kindStalled, "read telemetry", "it did not arrive within %s", r.BodyTime)
	case err != nil:
		return nil, held, spend.Errorf(spend.KindInvalid, "read telemetry", "it broke off: %w", err)
	}
	_ = control.SetReadDeadline(time.Time{})
	return packed, held, nil
}

// firstRoom is what a body is given before anything of it came.
const firstRoom = 4 << 10

// fill reads all there is. Memory is taken as bytes come, twice as much each time: whoever
// sends little, or nothing for long, keeps nobody else out.
func (r *room) fill(body io.Reader, most int64) (all []byte, held int64, err error) {
	for {
		if len(all) == cap(all) {
			more := min(max(held, firstRoom), most+1-held)
			if !r.take(more) {
				return nil, held, busy()
			}
			held += more
			all = append(make([]byte, 0, held), all...)
		}
		n, err := body.Read(all[len(all):cap(all)])
		all = all[:len(all)+n]
		if err == io.EOF {
			return all, held, nil
		}
		if err != nil {
			return nil, held, err
		}
	}
}

// unframe takes the one message of a call out of its frame: a byte that says whether it
// is packed, four bytes of length, and the message.
func unframe(b []byte, encoding string) (message []byte, packing string, err error) {
	if len(b) < 5 || int64(binary.BigEndian.Uint32(b[1:5])) != int64(len(b)-5) || b[0] > 1 {
		return nil, "", spend.Errorf(spend.KindInvalid, "read telemetry", "the call does not bring one whole message")
	}
	if b[0] == 0 {
		return b[5:], "", nil
	}
	return b[5:], encoding, nil
}

// unpack stops at the first byte beyond the limit.
func (r *Receiver) unpack(packed []byte, encoding string, most int64) ([]byte, error) {
	if encoding == "" {
		return packed, nil
	}
	zipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "unpack telemetry", "%w", err)
	}
	body, err := io.ReadAll(io.LimitReader(zipped, most+1))
	switch {
	case err != nil:
		return nil, spend.Errorf(spend.KindInvalid, "unpack telemetry", "%w", err)
	case int64(len(body)) > most:
		return nil, r.tooLarge("%d bytes unpack to more than %d", len(packed), most)
	}
	return body, nil
}

func (r *Receiver) tooLarge(format string, args ...any) error {
	return spend.Errorf(kindTooLarge, "read telemetry", format, args...).WithHint("send smaller batches: OTEL_BSP_MAX_EXPORT_BATCH_SIZE")
}

func busy() error {
	return spend.Errorf(kindPaced, "read telemetry", "too much is on its way in at the same time").WithHint("send it again in a moment; nothing of it was kept")
}

const mostDeep = 64 // messages within messages

// empty is the message of a signal before it is read.
func empty(s signal) proto.Message {
	switch s {
	case metrics:
		return &metricsv1.ExportMetricsServiceRequest{}
	case logs:
		return &logsv1.ExportLogsServiceRequest{}
	}
	return &tracev1.ExportTraceServiceRequest{}
}

func decode(message proto.Message, m media, body []byte) (err error) {
	if m == jsonHTTP {
		err = protojson.UnmarshalOptions{DiscardUnknown: true, RecursionLimit: mostDeep}.Unmarshal(body, message)
		HexIDs(message)
	} else {
		err = proto.UnmarshalOptions{DiscardUnknown: true, RecursionLimit: mostDeep}.Unmarshal(body, message)
	}
	if err != nil { // its words may repeat what was sent
		return spend.Errorf(spend.KindInvalid, "read telemetry", "it is no message of OTLP").WithHint("send what the exporters of OpenTelemetry write, unchanged")
	}
	return nil
}

// HexIDs mends the ids of a message in JSON: OTLP writes them in hexadecimal digits,
// where other messages have base64.
func HexIDs(message proto.Message) {
	switch m := message.(type) {
	case *tracev1.ExportTraceServiceRequest:
		for _, resource := range m.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				hexSpans(scope.GetSpans())
			}
		}
	case *logsv1.ExportLogsServiceRequest:
		for _, resource := range m.GetResourceLogs() {
			for _, scope := range resource.GetScopeLogs() {
				hexLogs(scope.GetLogRecords())
			}
		}
	}
}

func hexSpans(all []*spanv1.Span) {
	for _, s := range all {
		s.TraceId, s.SpanId, s.ParentSpanId = hexID(s.GetTraceId()), hexID(s.GetSpanId()), hexID(s.GetParentSpanId())
	}
}

func hexLogs(all []*logv1.LogRecord) {
	for _, l := range all {
		l.TraceId, l.SpanId = hexID(l.GetTraceId()), hexID(l.GetSpanId())
	}
}

// hexID reads an id anew: digits that were taken for base64 come back as they were.
func hexID(b []byte) []byte {
	if id, err := hex.DecodeString(base64.StdEncoding.EncodeToString(b)); err == nil {
		return id
	}
	return b
}
