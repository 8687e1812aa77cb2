// Package otlp is the border at which OpenTelemetry comes in: traces, metrics and log
// records, over HTTP and over gRPC, in protobuf and in JSON.
//
// Who sends needs a credential, and speaks in its scope alone. A request is answered
// when what it tells of usage is in the journal; one that cannot be kept is refused as
// the protocol says, so that the sender tries again. What a record of usage lacks, or
// says twice, is in the quarantine, and the answer counts it (partial success).
//
// It refuses to keep anything but usage and names: texts of prompts and answers, tools'
// arguments, spans and metrics of everything else end here. Token counters are noted
// and summed, to say how much of what they count was told as calls, and to charge what was
// not. What the records mean is in package telemetry. gRPC is spoken by a few lines over net/http:
// there are three calls, each of one message.
//
// Start with Receiver.
package otlp
