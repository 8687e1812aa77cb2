package app_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/app"
)

// imported by the order of a client: the status and the body of the answer.
func (r *running) importLogs(t *testing.T, order, events string) (int, string) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormField("order")
	if err == nil {
		_, err = part.Write([]byte(order))
	}
	if err == nil {
		part, err = form.CreateFormFile("file", "logs")
	}
	if err == nil {
		_, err = part.Write([]byte(events))
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	return r.ask(t, http.MethodPost, "/api/v1/imports", body.String(), "Content-Type", form.FormDataContentType())
}

const sign, digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff"

// logged is a call that a client read.
func logged(id, data string) string {
	return fmt.Sprintf(`{"specversion":"1.0","type":"com.bursarhq.usage.v1","source":"gateway","id":%q,"time":"2026-03-01T10:00:00Z","data":{"seller":"openai",`+
		`"requested_model":"gpt-5","usage":{"input_tokens":1000000}%s}}`+"\n", id, data)
}

func TestWhatIsNoLogIsRefused(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	for order, want := range map[string]string{
		`{"format":"logs","source":"notepad","plan":"seat"}`: "claude-code, codex, gemini-cli, copilot-cli",
		`{"format":"logs","source":"codex","plan":"free"}`:   "is no plan",
		`{"format":"logs","source":"codex"}`:                 "is no plan",
		`{"format":"logs","source":"codex","plan":"api","marks":[{"file":"home","bytes":1,"line":1,"sign":"` + sign + `"}]}`:                             "mark 1 is none",
		`{"format":"logs","source":"codex","plan":"api","marks":[{"file":"` + digest + `","bytes":-1,"line":1,"sign":"` + sign + `"}]}`:                  "mark 1 is none",
		`{"format":"logs","source":"codex","plan":"api","rejected":[{"file":"a","line":1,"digest":"` + digest + `"}]}`:                                   "rejected line 1",
		`{"format":"logs","source":"codex","plan":"api","rejected":[{"file":"a","line":1,"digest":"x","problems":[{"field":"a","msg":"b"}]}]}`:           "rejected line 1",
		`{"format":"logs","source":"codex","plan":"api","rejected":[{"file":"a","line":1,"digest":"` + digest + `","problems":[{"field":"a prompt"}]}]}`: "rejected line 1",
	} {
		if status, answer := admin.importLogs(t, order, logged("1", "")); status != http.StatusBadRequest || !strings.Contains(answer, want) {
			t.Errorf("%s: %d %s", order, status, answer)
		}
	}
	if status, answer := admin.ask(t, http.MethodGet, "/api/v1/imports/logs/notepad", ""); status != http.StatusBadRequest || !strings.Contains(answer, "codex") {
		t.Errorf("%d %s", status, answer)
	}
	if _, answer := admin.ask(t, http.MethodGet, "/api/v1/imports/logs/codex", ""); !strings.Contains(answer, `"plan":"","era":0,"marks":[]`) {
		t.Errorf("something is kept of what was refused: %s", answer)
	}
}

// TestALogSpeaksForItself sends what claims to be more than a coding agent's log: the
// scope is the credential's, source and rank are the program's.
func TestALogSpeaksForItself(t *testing.T) {
	t.Parallel()
	admin := serve(t, app.Door{}, nil)
	laptop := admin.within(t, "imports", `{"business_unit":"u","team":"claims"}`)
	order := `{"format":"logs","name":"logs","source":"codex","plan":"seat","marks":[{"file":"` + digest + `","bytes":7,"line":2,"sign":"` + sign + `"}],` +
		`"rejected":[{"file":"/home/ada/a.jsonl","line":3,"digest":"` + digest + `","problems":[{"field":"used_at","msg":"is missing"}]}]}`
	events := logged("1", `,"scope":{"team":"sales","run":"r"},"flags":"notional","revision":8`) +
		logged("1", `,"scope":{"run":"r"},"revision":7`) + // an earlier telling
		strings.Replace(logged("2", `,"hold":"1"`), "usage.v1", "call.opened.v1", 1)
	for range 2 {
		if status, answer := laptop.importLogs(t, order, events); status != http.StatusOK || !strings.Contains(answer, `"quarantined":2`) {
			t.Fatalf("%d %s", status, answer)
		}
	}
	_, answer := admin.ask(t, http.MethodGet, "/api/v1/spend?by=source,team,run&measures=calls,cost,notional&format=csv", "")
	if !strings.Contains(answer, "codex,claims,r,1,0,1.25,") || strings.Contains(answer, "sales") {
		t.Errorf("%s: want a call of the credential's team that costs nothing more", answer)
	}
	if _, answer = laptop.ask(t, http.MethodGet, "/api/v1/imports/logs/codex", ""); !strings.Contains(answer, `"plan":"seat","era":0,"marks":[{"file":"`+digest+`","bytes":7,"line":2,"sign":"`+sign+`"}]`) {
		t.Errorf("where the logs stand: %s", answer)
	}
	if _, answer = admin.ask(t, http.MethodGet, "/api/v1/imports/logs/codex", ""); !strings.Contains(answer, `"marks":[]`) {
		t.Errorf("another credential is told of the files: %s", answer)
	}
	if _, answer = admin.ask(t, http.MethodGet, "/api/v1/quarantine", ""); !strings.Contains(answer, "a.jsonl") || strings.Contains(answer, "ada") {
		t.Errorf("the quarantine: %s", answer)
	}
	if status, answer := laptop.importLogs(t, `{"format":"logs","name":"logs","source":"codex","plan":"api"}`, ""); status != http.StatusOK {
		t.Fatalf("%d %s", status, answer)
	}
	if _, answer = laptop.ask(t, http.MethodGet, "/api/v1/imports/logs/codex", ""); !strings.Contains(answer, `"plan":"api","era":1,"marks":[]`) {
		t.Errorf("another plan: %s", answer)
	}
}
