package wire

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzSplit takes objects apart as encoding/json does.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` { } `, `{"a":1}`, "{\n\t\"a\" : 1.5e3 ,\r\n\"b\": null }", `{"a":1,"a":2,"":""}`,
		`{"a":{"b":[1,{"c":"}]"}]},"d":[[],{}],"e":"\"\\\u0022{"}`, `{"\u0061\"":true,"ä":"ö\\"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var want map[string]json.RawMessage
		if !utf8.Valid(body) || json.Unmarshal(body, &want) != nil || want == nil {
			return
		}
		got := split(bytes.TrimLeft(body, space))
		for _, m := range got {
			if _, there := want[string(m.name)]; !there {
				t.Errorf("%q is no member of %s", m.name, body)
			}
		}
		for name, value := range want {
			if !bytes.Equal(got.get(name), value) {
				t.Errorf("%q is %s; want %s", name, got.get(name), value)
			}
		}
	})
}
