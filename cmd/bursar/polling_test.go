package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/vault"
)

// TestVendorsAreAsked fetches costs of a made-up vendor with a sealed key, past a refusal,
// and again with another revision of the same day, which replaces it. The key is nowhere.
func TestVendorsAreAsked(t *testing.T) {
	t.Setenv(vault.Variable, oneMaster)
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -1)
	var cost atomic.Value
	var refused, fetched atomic.Int64
	v := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer "+sealedKey+"1":
			w.WriteHeader(http.StatusUnauthorized)
		case !strings.HasSuffix(r.URL.Path, "/costs"):
			fmt.Fprint(w, `{"object":"page","data":[],"has_more":false}`)
		case refused.Add(1) == 1:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		case cost.Load() == "":
			fmt.Fprintf(w, `{"object":"page","data":[{"start_time":%d,"end_time":%d,"results":[]}],"has_more":false}`, day.Unix(), day.Unix()+86400)
		default:
			fetched.Add(1)
			fmt.Fprintf(w, `{"object":"page","data":[{"start_time":%d,"end_time":%d,"results":[{"amount":{"value":%s,"currency":"usd"},"line_item":"x","project_id":"p"}]}],"has_more":false}`,
				day.Unix(), day.Unix()+86400, cost.Load())
		}
	}))
	defer v.Close()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for name, text := range map[string]string{
		"accounts.yaml": fmt.Sprintf("poll: bursar/1\naccounts: [{name: main, vendor: openai, account: acme, base: %q, key: admin, since: %s}]\n", v.URL, day.Format(time.DateOnly)),
		"bursar.yaml":   fmt.Sprintf("data: %s\nlisten: 127.0.0.1:0\nvendors: {accounts: %s}\n", at("data"), at("accounts.yaml")),
	} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	start := func() *keyed {
		return &keyed{T: t, server: startServerWith(t, &log, "serve", "--config", at("bursar.yaml")), data: at("data")}
	}
	reported := func(k *keyed, want string) {
		said := ""
		for range 200 {
			if said = k.run("spend", "--book", "reported", "--by", "seller", "--measures", "cost", "--output", "csv"); strings.Contains(said, want) {
				return
			}
		}
		t.Errorf("reported is\n%s\nwant %s in it", said, want)
	}
	cost.Store("0.5")
	k := start()
	for range 2000 {
		if pollersOf(k)["costs"].Tried != nil {
			break
		}
	}
	if costs := pollersOf(k)["costs"]; costs.Rhythm != api.Silent || costs.Succeeded != nil || !strings.Contains(costs.Error, "there is no key") || !strings.Contains(costs.Hint, "upstream-key set") {
		t.Errorf("without a key costs are asked for as %+v", costs)
	}
	cmd := bursar("upstream-key", "set", "admin", "--data", at("data"))
	cmd.Stdin = strings.NewReader(sealedKey + "1\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	stop(t, k.server)
	k = start()
	reported(k, "openai,0.5,")
	stop(t, k.server)
	cost.Store("0.25")
	k = start()
	reported(k, "openai,0.25,")
	stop(t, k.server)
	cost.Store("") // the vendor takes back what it said of the day
	k = start()
	reported(k, "TOTAL,,0,")
	told := pollersOf(k)
	if costs := told["costs"]; costs.Rhythm != api.Talking || costs.Succeeded == nil || costs.Error != "" || costs.Through != day.AddDate(0, 0, 1).Format(time.DateOnly) || !costs.Next.After(*costs.Tried) {
		t.Errorf("costs are asked for as %+v", costs)
	}
	stop(t, k.server)
	if refused.Load() < 3 || fetched.Load() != 2 || !strings.Contains(log.String(), "there is no key") {
		t.Errorf("asked %d times and answered %d times:\n%s", refused.Load(), fetched.Load(), log.String())
	}
	tellsNobody(t, folder, &log)
}

// pollersOf is what the server says of the lists that it asks for.
func pollersOf(k *keyed) map[string]api.Poller {
	var list api.SourceList
	k.read(k.T, k.data, "/api/v1/sources", &list)
	found := map[string]api.Poller{}
	for _, p := range list.Pollers {
		found[p.Feed] = p
	}
	return found
}
