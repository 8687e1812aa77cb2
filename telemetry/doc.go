// Package telemetry reads the usage that OpenTelemetry tells of calls to models: in
// spans, in log records and in metrics, in the dialects of those who write them.
//
// A dialect is a row of data (dialects.go): how it is recognised, whether its input
// counts cached tokens too, the attributes in which it says each fact, and whether that
// was captured from the library itself or read in its documentation.
//
// It refuses to keep what it has no row for: of a record it takes counts, ids, names
// and instants under the attributes of its table, never a prompt, an answer or a tool's
// arguments. It knows no network and no clock, prices nothing, and never clamps: counts
// that contradict each other are problems.
//
// Start with Dialect, then Reader.Span, then Forest, which says what the spans of one
// trace add up to, and Tally, which sums counters.
package telemetry
