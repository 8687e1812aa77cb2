package otlp

import (
	"bytes"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// eachMessage is the memory of one message, or value, that holds next to nothing: two bytes
// as it is sent.
const eachMessage = 80

// weight is what a message takes when it is read. Most take spread times their bytes; one of
// a great many that hold nothing takes forty times as much.
//
// Example: a million attributes without name and value are 2 MB, and take 80 MB.
func weight(body []byte, m media, of proto.Message) int64 {
	n := int64(bytes.Count(body, []byte("{")))
	if m != jsonHTTP {
		n = messages(body, of.ProtoReflect().Descriptor(), mostDeep)
	}
	return max(spread*int64(len(body)), eachMessage*n)
}

// messages counts those within one, down to a depth that is not read any more.
func messages(b []byte, of protoreflect.MessageDescriptor, deep int) (n int64) {
	fields := of.Fields()
	for len(b) > 0 {
		number, kind, size := protowire.ConsumeTag(b)
		if size < 0 {
			return n
		}
		b = b[size:]
		if size = protowire.ConsumeFieldValue(number, kind, b); size < 0 {
			return n
		}
		if f := fields.ByNumber(number); kind == protowire.BytesType && deep > 0 && f != nil && f.Message() != nil {
			within, _ := protowire.ConsumeBytes(b)
			n += 1 + messages(within, f.Message(), deep-1)
		}
		b = b[size:]
	}
	return n
}
