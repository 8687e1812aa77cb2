package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

const lines = `
mapping: bursar/1
name: calls
format: jsonl
rank: span
key: [id]
time: {field: at, format: unix_s}
fields:
  requested_model: meta.model.name
  workflow: {field: meta.job, optional: true}
usage: {convention: inclusive, input: usage.in, output: usage.out}
reported_cost: {field: cost, currency: USD}
`

func TestJSONLRecords(t *testing.T) {
	t.Parallel()
	const good = `{"id":"a","at":1772359200,"meta":{"model":{"name":"m\u0065x","other":[1,{"name":"no"}]},"job":null},"usage":{"in":12.0,"out":"3"},"cost":3e-05,"text":"} ] \" {"}`
	for _, c := range []struct{ name, text, want string }{
		{"nested", good, "1 ok a"},
		{"spaced", " \t{ \"id\" : \"a\" , \"at\" : 1772359200 , \"usage\" : { \"in\" : 12 , \"out\" : 3 } , \"meta\" : { \"model\" : { \"name\" : \"mex\" } } , \"cost\" : 0.00003 } \r", "1 ok a"},
		{"dotted keys", `{"id":"a","at":1772359200,"meta.model.name":"mex","usage.in":12,"usage":{"out":3},"cost":"0.00003"}`, "1 ok a"},
		{"number as key", strings.Replace(good, `"a"`, "9007199254740993", 1), "1 ok 9007199254740993"},
		{"twice", `{"id":"a","id":"b","at":1}`, "1 bad record"},
		{"object for a text", `{"id":{"a":1},"at":1}`, "1 bad record"},
		{"array for a number", strings.Replace(good, "12.0", "[12.0]", 1), "1 bad record"},
		{"array on the way", `{"id":"a","at":1772359200,"usage":[{"in":1}]}`, "1 ok a"},
		{"an array", `[1]`, "1 bad record"},
		{"a number", `12`, "1 bad record"},
		{"cut off", good[:40], "1 bad record"},
		{"two on a line", good + good, "1 bad record"},
		{"trailing comma", `{"id":"a",}`, "1 bad record"},
		{"too deep", `{"id":"a","at":1,"x":` + strings.Repeat("[", 80) + strings.Repeat("]", 80) + `}`, "1 bad record"},
		{"deep enough", `{"id":"a","at":1772359200,"x":` + strings.Repeat("[", 60) + `"[[[[[["` + strings.Repeat("]", 60) + `}`, "1 ok a"},
		{"not UTF-8", "{\"id\":\"\xe9\",\"at\":1}", "1 bad record"},
		{"boolean count", strings.Replace(good, "12.0", "true", 1), "1 bad usage.input_tokens"},
		{"exponent out of bounds", strings.Replace(good, "12.0", "1e400", 1), "1 bad usage.input_tokens"},
	} {
		recs := all(t, connect.Open(strings.NewReader(c.text), mapping(t, lines), connect.Options{}))
		if diff := cmp.Diff([]string{c.want}, outline(recs)); diff != "" {
			t.Errorf("%s: %s%v", c.name, diff, recs[0].Problems)
		}
		e := recs[0].Event
		if e.Usage.IsZero() || len(recs[0].Problems) > 0 {
			continue
		}
		if e.RequestedModel != "mex" || e.Usage.Tokens[spend.InText] != 12 || e.Usage.Tokens[spend.OutText] != 3 || e.Reported != money.Known(money.Must("0.00003")) {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}

func TestJSONLStreamGoesOn(t *testing.T) {
	t.Parallel()
	text := "{\"id\":1,\"at\":1772359200}\n{bad\n\n" + strings.Repeat("x", 1<<21) + "\n{\"id\":4,\"at\":1772359200,\"q\":\"\\\"\"}"
	recs := all(t, connect.Open(strings.NewReader(text), mapping(t, lines), connect.Options{}))
	if diff := cmp.Diff([]string{"1 ok 1", "2 bad record", "4 bad record", "5 ok 4"}, outline(recs)); diff != "" {
		t.Error(diff)
	}
	if end := recs[3].End; end != int64(len(text)) {
		t.Errorf("ends at %d of %d", end, len(text))
	}
	r := connect.Open(strings.NewReader(text[recs[1].End:]), mapping(t, lines), connect.Options{From: connect.Position{Offset: recs[1].End, Line: 3}})
	if diff := cmp.Diff(recs[2:], all(t, r), cmp.Comparer(sameRecord)); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprint(recs[1].Problems), "bad") {
		t.Error(recs[1].Problems)
	}
}
