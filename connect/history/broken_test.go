package history_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/spend"
)

func product(t testing.TB, name string) *history.Product {
	t.Helper()
	p, known := history.Named(name)
	if !known {
		t.Fatalf("%s is unknown", name)
	}
	return &p
}

// TestAFileThatIsNoneSaysWhatToDo opens what is no file of the product.
func TestAFileThatIsNoneSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ product, text, want, hint string }{
		{"litellm", "", "is empty", "LiteLLM"},
		{"litellm", "a,b\n1,2\n", "request_id, startTime, model", "docs/histories.md"},
		{"litellm", "PGDMP\x01\x02", "PostgreSQL's own form", "pg_restore"},
		{"litellm", "\x1f\x8b\x08", "gzip", "gunzip"},
		{"litellm", "--\nSELECT 1;\n", "no data of the table LiteLLM_SpendLogs", "pg_dump"},
		{"litellm", "INSERT INTO \"LiteLLM_SpendLogs\" VALUES ('a', 'b');", "does not name the columns", "--column-inserts"},
		{"litellm", "COPY public.\"LiteLLM_SpendLogs\" (request_id, spend) FROM stdin;\n\\.\n", "lacks the columns startTime, model", "docs/histories.md"},
		{"helicone", "COPY x (a) FROM stdin;\n\\.\n", "is SQL", "JSON"},
		{"litellm", "COPY public.\"LiteLLM_SpendLogs\" (request_id, model, \"startTime\") FROM stdin;\na\tgpt-5\t2026-03-01 10:00:00\nb\tg", "ends in line 3 inside of the data", "import the whole file"},
		{"langfuse", `[{"id":"a","start_time":"2026-03-01T10:00:00Z","model":"m"},{"id":"b","start`, "in the middle of a record", "import the whole file"},
		{"langfuse", `[{"id":"a","start_time":"2026-03-01T10:00:00Z","model":"m"}`, "inside of an array or a page", "import the whole file"},
		{"langfuse", "id,start_time,input\na,2026-03-01T10:00:00Z,\"" + marker, "quote that was opened in line 2", "import the whole file"},
	} {
		_, err := read(strings.NewReader(c.text), product(t, c.product), history.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || spend.KindOf(err) != spend.KindInvalid || strings.Contains(err.Error(), marker) {
			t.Errorf("%.40q: %v, want %q", c.text, err, c.want)
		}
		if hint := spend.HintOf(err); !strings.Contains(hint, c.hint) {
			t.Errorf("%.40q: hint %q, want %q", c.text, hint, c.hint)
		}
	}
}

// TestABrokenRecordCostsItselfAlone breaks a record in the middle of others.
func TestABrokenRecordCostsItselfAlone(t *testing.T) {
	t.Parallel()
	const good = `{"id":"%s","type":"GENERATION","start_time":"2026-03-01T10:00:00Z","model":"m","usage_details":{"input":1,"total":1}}`
	one, two := fmt.Sprintf(good, "a"), fmt.Sprintf(good, "b")
	for name, text := range map[string]string{
		"a text without its end": one + "\n" + `{"id":"x","input":"` + marker + "\n" + two, "no object": one + "\n" + marker + "\n" + two,
		"a comma too many": one + "\n" + `{"id":"x",,}` + "\n" + two, "an escape that is none": one + "\n" + `{"id":"\x` + marker + `"}` + "\n" + two,
		"of an array": "[" + one + ",\n" + `{"id":"x" "` + marker + `"},` + "\n" + two + "]",
		"a quote too many": "id,start_time,model,total_tokens,output\na,2026-03-01,m,1,\"x\"" + marker + "\nb,2026-03-01,m,1,x\n" +
			"a,2026-03-01,m,1,x\n",
		"columns too few": "id,start_time,model,total_tokens,output\na,2026-03-01,m,1,x\nx,2026-03-01\nb,2026-03-01,m,1,x\n",
		"Latin-1":         "id,start_time,model,name\na,2026-03-01,m,x\nx,2026-03-01,m,\xe9\nb,2026-03-01,m,x\n",
		"long metadata":   one + "\n" + `{"id":"x","metadata":{"a":"` + strings.Repeat(marker, 1<<16) + `"}}` + "\n" + two,
	} {
		recs := all(t, product(t, "langfuse"), text)
		var keys []string
		rejected := 0
		for _, rec := range recs {
			if len(rec.Problems) == 0 {
				keys = append(keys, rec.Event.SourceKey)
			} else if rejected++; strings.Contains(fmt.Sprintf("%+v", rec), marker) {
				t.Errorf("%s repeats text", name)
			}
		}
		if len(keys) != 2 || rejected != 1 {
			t.Errorf("%s: %v booked, %d rejected, want two and one", name, keys, rejected)
		}
	}
}

// TestALongPromptTakesNoRoom reads a record with more content than a record may hold.
func TestALongPromptTakesNoRoom(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(`say \"it\" [{ again\n`, 1<<20)
	text := `{"id":"a","start_time":"2026-03-01T10:00:00Z","input":"` + long + `","model":"m","output":[{"x":"` + long + `"}],"usage_details":{"input":7,"total":7}}` + "\n"
	recs := all(t, product(t, "langfuse"), text)
	if len(recs) != 1 || recs[0].Event.Usage.PromptTokens() != 7 || recs[0].End != int64(len(text)-1) || recs[0].Hash.IsZero() {
		t.Errorf("%+v", recs)
	}
}

// TestNothingButNamesAndCountsComesOut looks for the marker in every form, whole and broken.
func TestNothingButNamesAndCountsComesOut(t *testing.T) {
	t.Parallel()
	for _, p := range history.Products() {
		for name, text := range forms(t, &p) {
			if !strings.Contains(text, marker) {
				t.Errorf("%s %s has no marker to look for", p.Name, name)
			}
			for _, broken := range []string{
				text, strings.ReplaceAll(text, "2026-03-0", marker), strings.ReplaceAll(text, `tokens":`, `tokens":"`+marker+`","x":`), strings.ReplaceAll(text, "}}", `},"`+marker),
				strings.ReplaceAll(text, `"metadata":{`, `"metadata":{"`+marker+`":`), text[:len(text)/2], strings.ReplaceAll(text, "total", marker), strings.ReplaceAll(text, ":0.", ":"+marker),
			} {
				recs, err := read(strings.NewReader(broken), &p, history.Options{})
				if said := fmt.Sprintf("%+v %v", recs, err); strings.Contains(said, marker) || strings.Contains(said, "sk-") {
					t.Fatalf("%s %s: %s", p.Name, name, said)
				}
			}
		}
	}
}
