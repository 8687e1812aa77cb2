package pricebook_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/pricebook"
)

func TestDisjoint(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"input_tokens":10,"output_tokens":5}`:                              `{"in_text":"10","out_text":"5"}`,
		`{"input_tokens":0,"output_tokens":0}`:                               `{}`,
		`{"input_tokens":12.0,"output_tokens":1e2,"cache_read_tokens":null}`: `{"in_text":"12","out_text":"100"}`,
		`{"input_tokens":1000,"cache_read_tokens":600,"cache_audio_read_tokens":50,"input_audio_tokens":80,"cache_write_1h_tokens":100}`:                        `{"cache_read":"550","cache_read_audio":"50","cache_write_1h":"100","in_audio":"30","in_text":"270"}`,
		`{"input_tokens":100,"cache_read_tokens":40,"cache_image_read_tokens":40,"input_image_tokens":60,"input_video_tokens":10,"input_tool_tokens":30}`:       `{"cache_read_image":"40","in_image":"20","in_tool":"30","in_video":"10"}`,
		`{"input_tokens":100,"cache_write_tokens":60,"cache_write_5m_tokens":10,"cache_write_1h_tokens":20}`:                                                    `{"cache_write_1h":"20","cache_write_5m":"10","cache_write_other":"30","in_text":"40"}`,
		`{"output_tokens":100,"output_reasoning_tokens":60,"output_audio_tokens":1,"output_image_tokens":2,"output_video_tokens":3,"output_citation_tokens":4}`: `{"out_audio":"1","out_citation":"4","out_image":"2","out_reasoning":"60","out_text":"30","out_video":"3"}`,
		`{"requests":2,"web_searches":1,"file_search_calls":3,"rerank_searches":4,"audio_seconds":1.25,"images":2}`:                                             `{"file_search":"3","image":"2","request":"2","rerank_search":"4","second":"1.25","web_search":"1"}`,

		`{"input_tokens":10,"cache_read_tokens":11}`:                                                   `input_tokens`,
		`{"input_tokens":10,"cache_read_tokens":6,"cache_write_tokens":5}`:                             `input_tokens`,
		`{"input_tokens":99,"cache_write_tokens":5,"cache_write_1h_tokens":6}`:                         `cache_write_tokens`,
		`{"input_tokens":99,"cache_read_tokens":5,"cache_audio_read_tokens":6,"input_audio_tokens":9}`: `cache_read_tokens`,
		`{"input_tokens":99,"cache_read_tokens":9,"cache_audio_read_tokens":6,"input_audio_tokens":5}`: `input_audio_tokens`,
		`{"cache_read_tokens":5}`:                                      `input_tokens`,
		`{"input_tokens":9,"output_reasoning_tokens":5}`:               `output_tokens`,
		`{"input_tokens":9,"output_tokens":5,"output_audio_tokens":6}`: `output_tokens`,
		`{"input_tokens":-1,"output_tokens":5}`:                        `input_tokens`,
		`{"input_tokens":1.5,"output_tokens":5}`:                       `input_tokens`,
		`{"input_tokens":"12"}`:                                        `input_tokens`,
		`{"input_tokens":true}`:                                        `input_tokens`,
		`{"input_tokens":1e30}`:                                        `input_tokens`,
		`{"images":0.5}`:                                               `images`,
		`{}`:                                                           `usage`,
		`{"input_tokens":-1,"output_tokens":-5,"images":-1}`:           `input_tokens,output_tokens,images`,
	} {
		var inclusive pricebook.Inclusive
		if err := json.Unmarshal([]byte(in), &inclusive); err != nil {
			t.Fatal(in, err)
		}
		usage, problems := inclusive.Disjoint()
		got, _ := json.Marshal(usage)
		if len(problems) > 0 {
			var fields []string
			for _, p := range problems {
				fields = append(fields, p.Field)
			}
			if got = []byte(strings.Join(fields, ",")); !usage.IsZero() {
				t.Errorf("%s: usage beside problems", in)
			}
		}
		if string(got) != want {
			t.Errorf("%s:\n got %s\nwant %s %v", in, got, want, problems)
		}
	}
}

func FuzzDisjoint(f *testing.F) {
	f.Add(`{"input_tokens":1000,"cache_read_tokens":600,"cache_audio_read_tokens":50,"input_audio_tokens":80,"output_tokens":4,"output_reasoning_tokens":3}`)
	f.Add(`{"input_tokens":100,"cache_write_tokens":60,"cache_write_5m_tokens":10}`)
	f.Fuzz(func(t *testing.T, in string) {
		var inclusive pricebook.Inclusive
		if json.Unmarshal([]byte(in), &inclusive) != nil {
			return
		}
		usage, problems := inclusive.Disjoint()
		if len(problems) > 0 {
			return
		}
		var totals struct {
			In  json.Number `json:"input_tokens"`
			Out json.Number `json:"output_tokens"`
		}
		if json.Unmarshal([]byte(in), &totals) != nil {
			return
		}
		if n, err := totals.In.Int64(); err == nil && usage.PromptTokens() != n {
			t.Errorf("%s: the prompt is %d", in, usage.PromptTokens())
		}
		if n, err := totals.Out.Int64(); err == nil && usage.CompletionTokens() != n {
			t.Errorf("%s: the completion is %d", in, usage.CompletionTokens())
		}
		for m, n := range usage.Tokens {
			if n < 0 {
				t.Errorf("%s: meter %d is %d", in, m, n)
			}
		}
	})
}
