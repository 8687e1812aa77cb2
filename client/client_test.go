package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func server(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) *client.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(s.Close)
	return &client.Client{Base: s.URL + "/", Token: "bursar_admin_x"}
}

func TestCalls(t *testing.T) {
	t.Parallel()
	c := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer bursar_admin_x" {
			t.Errorf("%s without its token", r.URL)
		}
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s without its type", r.URL)
		}
		_, _ = w.Write([]byte(`{"said":"` + r.Method + " " + r.URL.RequestURI() + `"}`))
	})
	var out struct{ Said string }
	if err := c.Get(t.Context(), "/a", url.Values{"by": {"team,model"}}, &out); err != nil || out.Said != "GET /a?by=team%2Cmodel" {
		t.Errorf("%q, %v", out.Said, err)
	}
	if err := c.Post(t.Context(), "/b", map[string]int{"n": 1}, &out); err != nil || out.Said != "POST /b" {
		t.Errorf("%q, %v", out.Said, err)
	}
	if err := c.Delete(t.Context(), "/c"); err != nil {
		t.Error(err)
	}
	var raw strings.Builder
	if err := c.Raw(t.Context(), "/d", nil, &raw); err != nil || raw.String() != `{"said":"GET /d"}` {
		t.Errorf("%q, %v", raw.String(), err)
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	c := server(t, func(w http.ResponseWriter, r *http.Request) {
		order, file := r.FormValue("order"), ""
		if f, head, err := r.FormFile("file"); err == nil {
			text, _ := io.ReadAll(f)
			file = head.Filename + " " + string(text)
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"said": strings.TrimSpace(order) + " " + file})
	})
	var out struct{ Said string }
	err := c.Upload(t.Context(), "/", map[string]int{"n": 1}, client.File{Name: "u.csv", Body: strings.NewReader("a,b\n")}, &out)
	if err != nil || out.Said != "{\"n\":1} u.csv a,b\n" {
		t.Errorf("%q, %v", out.Said, err)
	}
	broken := client.File{Name: "u.csv", Body: iotest.ErrReader(errors.New("disk"))}
	if err := c.Upload(t.Context(), "/", nil, broken, &out); err == nil || !strings.Contains(err.Error(), "disk") {
		t.Errorf("a file that cannot be read gives %v", err)
	}
}

func TestErrorsKeepTheirKind(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]spend.Kind{
		`{"kind":"notfound","message":"none","hint":"look there"}`: spend.KindNotFound,
		`{"kind":"unauthenticated","message":"who","hint":""}`:     spend.KindForbidden,
		`{"kind":"toolarge","message":"much","hint":""}`:           spend.KindInvalid,
		`{"kind":"timeout","message":"slow","hint":""}`:            spend.KindUnavailable,
		`<html>`: spend.KindUnavailable,
		``:       spend.KindUnavailable,
	} {
		c := server(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = w.Write([]byte(body))
		})
		if err := c.Get(t.Context(), "/", nil, nil); spend.KindOf(err) != want {
			t.Errorf("%s: %v, want kind %s", body, err, want)
		}
	}
	c := server(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"kind":"invalid","message":"2 mistakes","hint":"mend them","problems":[{"field":"since","msg":"is no date"}]}`))
	})
	err := c.Get(t.Context(), "/", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "since: is no date") || spend.HintOf(err) != "mend them" {
		t.Errorf("%v, hint %q", err, spend.HintOf(err))
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	c := client.Client{Base: "http://127.0.0.1:1"}
	if err := c.Get(t.Context(), "/", nil, nil); spend.KindOf(err) != spend.KindUnavailable {
		t.Error(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if err := c.Get(ctx, "/", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's own error", err)
	}
}
