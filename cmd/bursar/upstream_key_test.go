package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/bursarhq/bursar/vault"
)

const (
	sealedKey = "sk-tell-nobody-" // the vendor's key, but for its end
	oneMaster = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
	another   = "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
)

// TestSealedKeysOpenTheVendorsDoor sets, replaces and removes a vendor's key beside a
// server that runs, starts it again with and without the master key, and looks for the
// key in everything that is left.
func TestSealedKeysOpenTheVendorsDoor(t *testing.T) {
	t.Setenv(vault.Variable, oneMaster)
	var shown atomic.Value // the key that the vendor saw last
	v := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown.Store(r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c-1","model":"gpt-5","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":0,"total_tokens":1000}}`)
	}))
	defer v.Close()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for name, text := range map[string]string{
		"routes.yaml": "gateway: bursar/1\nroutes: [{name: openai, api: openai, upstreams: [{base: " + v.URL + ", seller: openai, key_env: NO_SUCH_KEY, key_sealed: openai}]}]\n",
		"bursar.yaml": fmt.Sprintf("data: %s\nlisten: 127.0.0.1:0\ngateway: {routes: %s}\nlog: {level: debug}\n", at("data"), at("routes.yaml")),
	} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	start := func() *keyed {
		return &keyed{T: t, server: startServerWith(t, &log, "serve", "--config", at("bursar.yaml")), data: at("data")}
	}
	set := func(value string) {
		cmd := bursar("upstream-key", "set", "openai", "--data", at("data"))
		cmd.Stdin = strings.NewReader(value + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	k := start()
	key := k.key()
	k.wants(key, http.StatusForbidden, "holds no key of the vendor")
	for _, value := range []string{sealedKey + "1", sealedKey + "2"} {
		set(value)
		k.wants(key, http.StatusOK, "c-1")
		if shown.Load() != "Bearer "+value {
			t.Errorf("the vendor saw another key than that of %s", value[len(sealedKey):])
		}
	}
	stop(t, k.server)
	k = start()
	k.wants(key, http.StatusOK, "c-1")
	stop(t, k.server)
	t.Setenv(vault.Variable, another)
	k = start()
	k.wants(key, http.StatusForbidden, "holds no key of the vendor")
	stop(t, k.server)
	if !strings.Contains(log.String(), "which is not here") || !strings.Contains(log.String(), "bursar upstream-key set openai") {
		t.Errorf("the log does not say what to do:\n%s", log.String())
	}
	t.Setenv(vault.Variable, another+" "+oneMaster)
	k = start()
	k.run("upstream-key", "reseal")
	k.wants(key, http.StatusOK, "c-1")
	k.run("upstream-key", "remove", "openai")
	k.wants(key, http.StatusForbidden, "holds no key of the vendor")
	set(sealedKey + "3")
	stop(t, k.server)
	k.run("backup", at("shelf"))
	tellsNobody(t, folder, &log)
}

// tellsNobody looks for the vendor's key and for master keys in every file and in the log.
func tellsNobody(t *testing.T, folder string, log *bytes.Buffer) {
	t.Helper()
	seen := func(where string, text []byte) {
		for _, secret := range []string{sealedKey, oneMaster[:20], another[:20]} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds a key", where)
			}
		}
	}
	seen("the log", log.Bytes())
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files++
		seen(path, text)
		return err
	})
	if err != nil || files < 8 {
		t.Errorf("%d files were read: %v", files, err)
	}
}
