package history_test

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bursarhq/bursar/connect/history"
)

// FuzzProducts reads any bytes as a file of every product, whole and byte by byte: both
// give the same, places only grow, and a record is an event or says why not.
func FuzzProducts(f *testing.F) {
	for _, p := range history.Products() {
		for _, text := range forms(f, &p) {
			f.Add(text)
		}
	}
	f.Add("COPY a (b) FROM stdin;\n\\N\t\\\\.\n\\.\nINSERT INTO \"LiteLLM_SpendLogs\" (request_id,model,\"startTime\") VALUES (E'\\'',NULL,''::x),(1,2,3) ON CONFLICT DO NOTHING;")
	f.Add(`{"data":{"data":[{"id":"\ud83d\ude00"}]}}[[{"data":[]}]]`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range history.Products() {
			recs, err := read(strings.NewReader(text), &p, history.Options{Seller: "openai"})
			slow, errSlow := read(iotest.OneByteReader(strings.NewReader(text)), &p, history.Options{Seller: "openai"})
			if len(recs) != len(slow) || (err == nil) != (errSlow == nil) {
				t.Fatalf("%s: %d records, %v; byte by byte %d, %v", p.Name, len(recs), err, len(slow), errSlow)
			}
			end := int64(0)
			for i, rec := range recs {
				if rec.Event.Content() != slow[i].Event.Content() || rec.Hash != slow[i].Hash || rec.End < end || rec.End > int64(len(text)) {
					t.Fatalf("%s: record %d ends at %d after %d of %d", p.Name, i, rec.End, end, len(text))
				}
				end = rec.End
				if len(rec.Problems) == 0 && (rec.Event.SourceKey == "" || rec.Event.UsedAt.IsZero() || rec.Event.Revision < 0) {
					t.Fatalf("%s: half an event: %+v", p.Name, rec.Event)
				}
			}
		}
	})
}
