package telemetry

import (
	"cmp"
	"slices"
	"strings"
	"time"

	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"
	metricsv1 "go.opentelemetry.io/proto/slim/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"

	"github.com/bursarhq/bursar/spend"
)

// Point is what one point of a metric tells of tokens.
type Point struct {
	Service string
	Model   string // "" when it is not said
	Seller  string // "" when it is not said
	Family  string
	Side    Side
	Series  string // tells it from all other series of its sender
	Start   time.Time
	At      time.Time
	Tokens  int64
	Delta   bool // since the point before; otherwise since the start
}

// PointReader reads the points of metrics. Those of one resource follow each other.
type PointReader struct {
	known    []instrument
	models   []string
	service  string
	resource []string
}

// NewPointReader makes a reader. It is for one goroutine.
func NewPointReader() *PointReader { return &PointReader{known: instruments(), models: modelNames()} }

// Resource is of all metrics that follow.
func (r *PointReader) Resource(attributes []*commonv1.KeyValue) {
	r.service, r.resource = textOf(attributes, "service.name"), identity(attributes)
}

// sample is one point, of whatever type.
type sample struct {
	attributes []*commonv1.KeyValue
	start, at  uint64
	n          value
	empty      bool
}

// Read appends what a metric tells of tokens, nothing for one that counts something else,
// and says how many of its points are no counts of tokens at an instant.
func (r *PointReader) Read(out []Point, scope string, metric *metricsv1.Metric) (points []Point, unread int64) {
	if !slices.ContainsFunc(r.known, func(i instrument) bool { return i.metric == metric.GetName() }) {
		return out, 0
	}
	of, temporality, samples := samplesOf(metric)
	at := slices.IndexFunc(r.known, func(i instrument) bool { return i.metric == metric.GetName() && i.shape == of })
	if at < 0 {
		return out, 0
	}
	i := &r.known[at]
	for k := range samples {
		s := &samples[k]
		side := i.sideOf(s)
		if side == 0 {
			continue
		}
		p := Point{Service: r.service, Model: r.model(s.attributes), Seller: sellerOf(providerIn(s.attributes)), Family: i.family, Side: side, Start: instant(s.start), At: instant(s.at), Delta: temporality == deltas}
		var good bool
		if p.Tokens, good = s.n.count(); !good || p.At.IsZero() || p.Service == "" || temporality == 0 {
			unread++
			continue
		}
		p.Series = spend.Digest(slices.Concat(r.resource, []string{"", scope, i.family, i.metric, ""}, identity(s.attributes))...).String()
		out = append(out, p)
	}
	return out, unread
}

const deltas = metricsv1.AggregationTemporality_AGGREGATION_TEMPORALITY_DELTA

// sideOf says what the tokens of a point are; of a gap they are nothing.
func (i *instrument) sideOf(s *sample) Side {
	switch {
	case s.empty:
		return 0
	case i.kind != "":
		return i.sides[textOf(s.attributes, i.kind)]
	}
	return i.side
}

func (r *PointReader) model(attributes []*commonv1.KeyValue) string {
	for _, name := range r.models {
		if model := textOf(attributes, name); model != "" {
			return model
		}
	}
	return ""
}

// providerIn gives what the points of a metric say of the vendor.
func providerIn(attributes []*commonv1.KeyValue) string {
	return strings.ToLower(cmp.Or(textOf(attributes, "gen_ai.provider.name"), textOf(attributes, "gen_ai.system")))
}

// samplesOf gives the points of a metric that could count tokens. A sum that may fall is
// no counter.
func samplesOf(metric *metricsv1.Metric) (of shape, t metricsv1.AggregationTemporality, all []sample) {
	switch {
	case metric.GetSum().GetIsMonotonic():
		for _, p := range metric.GetSum().GetDataPoints() {
			all = append(all, sample{p.GetAttributes(), p.GetStartTimeUnixNano(), p.GetTimeUnixNano(), numberIn(p), empty(p.GetFlags())})
		}
		return rising, metric.GetSum().GetAggregationTemporality(), all
	case metric.GetHistogram() != nil:
		for _, p := range metric.GetHistogram().GetDataPoints() {
			all = append(all, sample{p.GetAttributes(), p.GetStartTimeUnixNano(), p.GetTimeUnixNano(), sumIn(p.Sum), empty(p.GetFlags())})
		}
		return spread, metric.GetHistogram().GetAggregationTemporality(), all
	case metric.GetExponentialHistogram() != nil:
		for _, p := range metric.GetExponentialHistogram().GetDataPoints() {
			all = append(all, sample{p.GetAttributes(), p.GetStartTimeUnixNano(), p.GetTimeUnixNano(), sumIn(p.Sum), empty(p.GetFlags())})
		}
		return spread, metric.GetExponentialHistogram().GetAggregationTemporality(), all
	}
	return rising, 0, nil
}

// empty says that a point tells of a gap alone.
func empty(flags uint32) bool {
	return flags&uint32(metricsv1.DataPointFlags_DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK) != 0
}

func numberIn(p *metricsv1.NumberDataPoint) value {
	switch v := p.GetValue().(type) {
	case *metricsv1.NumberDataPoint_AsInt:
		return value{kind: whole, whole: v.AsInt}
	case *metricsv1.NumberDataPoint_AsDouble:
		return numberOf(v.AsDouble)
	}
	return value{}
}

func sumIn(sum *float64) value {
	if sum == nil {
		return value{}
	}
	return numberOf(*sum)
}

func textOf(attributes []*commonv1.KeyValue, name string) string {
	for _, a := range attributes {
		if a.GetKey() == name {
			v := valueOf(a.GetValue())
			return v.word()
		}
	}
	return ""
}

// identity gives attributes in one order, to tell series apart; of it a digest is kept.
func identity(attributes []*commonv1.KeyValue) []string {
	all := make([]string, 0, len(attributes))
	for _, a := range attributes {
		b, _ := proto.MarshalOptions{Deterministic: true}.Marshal(a) // it was read from bytes
		all = append(all, string(b))
	}
	slices.Sort(all)
	return all
}
