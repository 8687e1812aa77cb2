package gateway

import "strings"

// trace is the trace and the span of a W3C traceparent, "" when there is none or it is not
// one. A line keeps them as tags, so that the client's own spans are found beside it, and
// a span that tells of this very request is the same call (ingest.SpanTag).
// None is invented: what goes to the vendor is what the client sent.
//
// Example: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 is of the trace
// 4bf92f3577b34da6a3ce929d0e0e4736, and of its span 00f067aa0ba902b7.
func trace(parent string) (id, span string) {
	parts := strings.Split(parent, "-")
	if len(parts) < 4 || len(parts[0]) != 2 || parts[0] == "ff" || parts[0] == "00" && len(parts) != 4 {
		return "", ""
	}
	id, span = parts[1], parts[2]
	if len(id) != 32 || len(span) != 16 || len(parts[3]) != 2 || !isHex(parts[0]+id+span+parts[3]) || zeros(id) || zeros(span) {
		return "", ""
	}
	return id, span
}

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func zeros(s string) bool { return strings.Trim(s, "0") == "" }
