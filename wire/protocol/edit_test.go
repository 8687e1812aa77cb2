package protocol_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestEditsAreOfBytes(t *testing.T) {
	t.Parallel()
	ask, rename := protocol.Change{AskUsage: true}, protocol.Change{Model: "other"}
	for _, c := range []struct {
		name       string
		change     protocol.Change
		body, want string
		added      bool
	}{
		{"usage is asked for after stream", ask, `{ "stream" : true , "n":1.0, "x":"é\u00e9" }`, `{ "stream" : true,"stream_options":{"include_usage":true} , "n":1.0, "x":"é\u00e9" }`, true},
		{"options without it", ask, `{"stream_options":{ "include_obfuscation": false },"stream":true}`, `{"stream_options":{"include_usage":true, "include_obfuscation": false },"stream":true}`, true},
		{"no options yet", ask, `{"stream":true,"stream_options":{ }}`, `{"stream":true,"stream_options":{"include_usage":true }}`, true},
		{"options of null", ask, `{"stream":true,"stream_options":null}`, `{"stream":true,"stream_options":{"include_usage":true}}`, true},
		{"it is refused", ask, `{"stream":true,"stream_options":{"include_usage" : false}}`, `{"stream":true,"stream_options":{"include_usage" : true}}`, true},
		{"it is null", ask, `{"stream":true,"stream_options":{"include_usage":null}}`, `{"stream":true,"stream_options":{"include_usage":true}}`, true},
		{"the client asks", ask, `{"stream":true,"stream_options":{"include_usage":true}}`, `{"stream":true,"stream_options":{"include_usage":true}}`, false},
		{"no stream", ask, `{"stream":false}`, `{"stream":false}`, false},
		{"stream in a message", ask, `{"messages":[{"stream":true}]}`, `{"messages":[{"stream":true}]}`, false},
		{"another model", rename, `{"x":"model","model":"m\"\u0041","y":{"model":"z"}}`, `{"x":"model","model":"other","y":{"model":"z"}}`, false},
		{"a model to be quoted", protocol.Change{Model: `a"b`}, `{"model":"m"}`, `{"model":"a\"b"}`, false},
		{"both", protocol.Change{AskUsage: true, Model: "b"}, `{"model":"a","stream":true,"n":1}`, `{"model":"b","stream":true,"stream_options":{"include_usage":true},"n":1}`, true},
		{"both, stream first", protocol.Change{AskUsage: true, Model: "b"}, `{"stream":true,"model":"a"}`, `{"stream":true,"stream_options":{"include_usage":true},"model":"b"}`, true},
		{"a mark before it", rename, "\xef\xbb\xbf" + `{"model":"m"}`, "\xef\xbb\xbf" + `{"model":"other"}`, false},
		{"nothing", protocol.Change{}, `{"model":`, `{"model":`, false},
	} {
		r := read(protocol.Chat, c.body)
		got, err := r.Edit([]byte(c.body), c.change)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, string(got.Body.Bytes())); diff != "" || got.UsageAdded != c.added {
			t.Errorf("%s: usage added %v, want %v (-want +got):\n%s", c.name, got.UsageAdded, c.added, diff)
		}
		if got.Body.Len() != len(c.want) {
			t.Errorf("%s: the body says %d bytes and has %d", c.name, got.Body.Len(), len(c.want))
		}
	}
}

func TestOnlyStreamsWithoutUsageAreAsked(t *testing.T) {
	t.Parallel()
	const body = `{"model":"m","stream":true}`
	for o := range paths() {
		r := read(o, body)
		got, err := r.Edit([]byte(body), protocol.Change{AskUsage: true})
		want := o == protocol.Chat || o == protocol.Completions
		if err != nil || got.UsageAdded != want || bytes.Equal(got.Body.Bytes(), []byte(body)) == want {
			t.Errorf("%s: added %v, %s, %v; want %v", o, got.UsageAdded, got.Body.Bytes(), err, want)
		}
	}
}

func TestWhatIsDoubtfulIsNotEdited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change protocol.Change
		body   string
		want   string
	}{
		{"a body that is cut", protocol.Change{AskUsage: true}, `{"stream":true`, "body: does not end"},
		{"options given twice", protocol.Change{AskUsage: true}, `{"stream":true,"stream_options":{},"stream_options":{}}`, "stream_options: is given twice"},
		{"options that are no object", protocol.Change{AskUsage: true}, `{"stream":true,"stream_options":7}`, "stream_options is no object"},
		{"a model that is no text", protocol.Change{Model: "b"}, `{"model":["a"]}`, "model: is not a text"},
		{"a model given twice", protocol.Change{Model: "b"}, `{"model":"a","model":"c"}`, "model: is given twice"},
		{"no model", protocol.Change{Model: "b"}, `{"stream":true}`, "its model does not stand in the body"},
	} {
		r := read(protocol.Chat, c.body)
		got, err := r.Edit([]byte(c.body), c.change)
		if err == nil || !strings.Contains(err.Error(), c.want) || spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" {
			t.Errorf("%s: got %v, want %q with a hint", c.name, err, c.want)
		}
		if string(got.Body.Bytes()) != c.body || got.UsageAdded {
			t.Errorf("%s: the body was changed to %s", c.name, got.Body.Bytes())
		}
	}
}

// FuzzEdit checks that an edited body means the same but for the edit.
func FuzzEdit(f *testing.F) {
	for _, seed := range []string{
		`{"model":"m","stream":true}`,
		`{"stream":true,"stream_options":{"a":1},"model":"\u006d"}`,
		`{"stream_options":null,"x":[{"model":"y"}],"model":"m" , "stream" :true}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r := read(protocol.Chat, string(body))
		edited, err := r.Edit(body, protocol.Change{AskUsage: true, Model: "other"})
		if err != nil {
			if !bytes.Equal(edited.Body.Bytes(), body) {
				t.Fatalf("%v, yet %q became %q", err, body, edited.Body.Bytes())
			}
			return
		}
		var before, after map[string]any
		mark := []byte("\xef\xbb\xbf")
		if json.Unmarshal(bytes.TrimPrefix(body, mark), &before) != nil || json.Unmarshal(bytes.TrimPrefix(edited.Body.Bytes(), mark), &after) != nil {
			t.Fatalf("not readable: %q became %q", body, edited.Body.Bytes())
		}
		before["model"] = "other"
		if edited.UsageAdded {
			options, _ := before["stream_options"].(map[string]any)
			if options == nil {
				options = map[string]any{}
			}
			options["include_usage"] = true
			before["stream_options"] = options
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("%q became %q (-want +got):\n%s", body, edited.Body.Bytes(), diff)
		}
	})
}
