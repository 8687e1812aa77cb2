package otlp_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/bursarhq/bursar/otlp"
)

// endless is so many bytes of one kind, which nobody holds.
type endless struct {
	left int64
	of   byte
}

func (e *endless) Read(b []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), e.left)
	for i := range b[:n] {
		b[i] = e.of
	}
	e.left -= n
	return int(n), nil
}

// bomb is a request that is a thousand times larger than it looks, packed so often.
func bomb(t *testing.T, size int64, times int) []byte {
	t.Helper()
	var from io.Reader = &endless{size, ' '}
	var packed []byte
	for range times {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := io.Copy(w, from); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		packed = out.Bytes()
		from = bytes.NewReader(packed)
	}
	return packed
}

// nothings is a span of so many attributes that hold nothing.
func nothings(n int) []byte {
	within := bytes.Repeat([]byte{0x4a, 0}, n)
	for _, field := range []protowire.Number{2, 2, 1} { // the spans of a scope of a resource
		within = protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), within)
	}
	return within
}

// TestRequestsThatAreTooMuch refuses what is larger than it may be, however it hides that,
// with a clear answer; and whoever sends behind it has all of the room.
func TestRequestsThatAreTooMuch(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"kvlistValue":{"values":[{"key":"k","value":`, 5000)
	for name, c := range map[string]struct {
		body   io.Reader
		packed bool
		status int
		want   string
	}{
		"64 MiB that say no length":    {&endless{64 << 20, ' '}, false, http.StatusRequestEntityTooLarge, "send smaller batches"},
		"64 MiB of one text":           {io.MultiReader(strings.NewReader(`{"resourceSpans":"`), &endless{64 << 20, 'a'}), false, http.StatusRequestEntityTooLarge, "send smaller batches"},
		"a bomb":                       {bytes.NewReader(bomb(t, 256<<20, 1)), true, http.StatusRequestEntityTooLarge, "unpack to more than"},
		"a bomb in a bomb":             {bytes.NewReader(bomb(t, 256<<20, 2)), true, http.StatusBadRequest, "no message of OTLP"},
		"half of what was packed":      {bytes.NewReader(bomb(t, 1<<20, 1)[:500]), true, http.StatusBadRequest, "unpack"},
		"nothing that was packed":      {strings.NewReader("no gzip"), true, http.StatusBadRequest, "unpack"},
		"a million empty attributes":   {bytes.NewReader(nothings(1 << 20)), false, http.StatusRequestEntityTooLarge, "more than there is memory for"},
		"a million empty objects":      {strings.NewReader(`{"resourceSpans":[` + strings.Repeat("{},", 1<<20) + `{}]}`), false, http.StatusRequestEntityTooLarge, "more than there is memory for"},
		"objects in objects in others": {strings.NewReader(`{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":` + deep), false, http.StatusBadRequest, "no message of OTLP"},
	} {
		l := &ledger{}
		r := receiver(l, func(*otlp.Config) {})
		q := httptest.NewRequest(http.MethodPost, "/v1/traces", io.MultiReader(c.body)) // of a length that nobody knows
		q.Header.Set("Content-Type", "application/json")
		if strings.Contains(name, "attributes") {
			q.Header.Set("Content-Type", "application/x-protobuf")
		}
		q.Header.Set("Authorization", "Bearer x")
		if c.packed {
			q.Header.Set("Content-Encoding", "gzip")
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, q)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || w.Body.Len() > 1000 {
			t.Errorf("%s: %d %.1000s, want %d with %s", name, w.Code, w.Body, c.status, c.want)
		}
		for range 100 { // a hundred times the room of one, if any of it were kept
			if w := send(r, batch(0, 10), "application/x-protobuf"); w.Code != http.StatusOK {
				t.Fatalf("behind %s: %d %s", name, w.Code, w.Body)
			}
		}
	}
}

// silent is a body of which nothing comes until it may end.
type silent struct{ asked, end chan struct{} }

func (s silent) Read([]byte) (int, error) {
	s.asked <- struct{}{}
	<-s.end
	return 0, io.EOF
}

// TestWhoSendsNothingKeepsNobodyOut holds many requests open of which nothing has come,
// whatever length they say.
func TestWhoSendsNothingKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	r := receiver(&ledger{}, func(*otlp.Config) {})
	body := silent{make(chan struct{}), make(chan struct{})}
	over := make(chan int, 100)
	for i := range 100 {
		q := httptest.NewRequest(http.MethodPost, "/v1/traces", body)
		q.ContentLength = []int64{-1, 4 << 20}[i%2]
		q.Header.Set("Content-Type", "application/x-protobuf")
		q.Header.Set("Authorization", "Bearer x")
		go func() {
			w := httptest.NewRecorder()
			r.ServeHTTP(w, q)
			over <- w.Code
		}()
		select {
		case <-body.asked:
		case status := <-over:
			t.Fatalf("request %d was answered %d before it sent anything", i, status)
		}
	}
	if w := send(r, batch(0, 10), "application/x-protobuf"); w.Code != http.StatusOK {
		t.Errorf("beside those who send nothing: %d %s", w.Code, w.Body)
	}
	close(body.end)
	for range 100 {
		<-over
	}
}
