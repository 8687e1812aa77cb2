package config_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/bursarhq/bursar/config"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*config.Config)
		fields []string
	}{
		{"any address", func(c *config.Config) { c.Listen = ":4141" }, nil},
		{"an address of IPv6", func(c *config.Config) { c.Listen = "[::1]:4141" }, nil},
		{"a named address", func(c *config.Config) { c.Listen = "localhost:65535" }, nil},
		{"no port", func(c *config.Config) { c.Listen = "127.0.0.1" }, []string{"listen"}},
		{"an empty port", func(c *config.Config) { c.Listen = "127.0.0.1:" }, []string{"listen"}},
		{"a port too high", func(c *config.Config) { c.Listen = "127.0.0.1:65536" }, []string{"listen"}},
		{"no folder", func(c *config.Config) { c.Data = "" }, []string{"data"}},
		{"hosts", func(c *config.Config) { c.Hosts = []string{"a", "10.0.0.1", "fe80::1", "a_b.example.com"} }, nil},
		{"no hosts", func(c *config.Config) { c.Hosts = []string{"", "a:80", "*.example.com", "a/b", "[::1]", "a..b"} },
			[]string{"hosts[0]", "hosts[1]", "hosts[2]", "hosts[3]", "hosts[4]", "hosts[5]"}},
		{"an address of links", func(c *config.Config) { c.PublicURL = "https://bursar.example.com:8443/ai/" }, nil},
		{"a name alone", func(c *config.Config) { c.PublicURL = "bursar.example.com" }, []string{"public_url"}},
		{"a script", func(c *config.Config) { c.PublicURL = "javascript://x/%0aalert(1)" }, []string{"public_url"}},
		{"a user in links", func(c *config.Config) { c.PublicURL = "https://a:b@bursar.example.com" }, []string{"public_url"}},
		{"a question in links", func(c *config.Config) { c.PublicURL = "https://bursar.example.com/?a=b" }, []string{"public_url"}},
		{"a key alone", func(c *config.Config) { c.TLS.Key = "k.pem" }, []string{"tls.certificate"}},
		{"a certificate alone", func(c *config.Config) { c.TLS.Certificate = "c.pem" }, []string{"tls.key"}},
		{"a key itself", func(c *config.Config) { c.TLS = config.TLS{Certificate: "c.pem", Key: "-----BEGIN KEY" + "-----"} }, []string{"tls.key"}},
		{"memory without unit", func(c *config.Config) { c.Lake.Memory = "4" }, []string{"lake.memory"}},
		{"no memory", func(c *config.Config) { c.Lake.Memory = "0GB" }, []string{"lake.memory"}},
		{"memory", func(c *config.Config) { c.Lake.Memory = "512MiB" }, nil},
		{"a batch larger than the queue", func(c *config.Config) { c.Ingest.Queue = 4_999 }, []string{"limits.events_per_batch"}},
		{"kept too long", func(c *config.Config) { c.Journal.Retention = 31 * 24 * time.Hour }, []string{"journal.retention"}},
		{"kept without bound", func(c *config.Config) { c.Journal.Retention, c.Privacy.Retention.Journal = 31*24*time.Hour, 0 }, nil},
		{"a backup beside the data", func(c *config.Config) { c.Data, c.Backup.Folder = "/srv/data", "/srv/data-backups" }, nil},
		{"a backup of a data folder here", func(c *config.Config) { c.Data, c.Backup.Folder = "./data", "../backups" }, nil},
		{"a backup in the data", func(c *config.Config) { c.Data, c.Backup.Folder = "data", "./data/../data/backups" }, []string{"backup.folder"}},
		{"a backup as the data", func(c *config.Config) { c.Data, c.Backup.Folder = "data", "data/" }, []string{"backup.folder"}},
		{"tags beyond a line", func(c *config.Config) { c.Gateway.Tags = slices.Repeat([]string{"header.X-Project"}, 14) }, []string{"gateway.tags"}},
		{"zones of sellers", func(c *config.Config) { c.Vendors.Zones = []string{"azure=Europe/Vienna", "vertex=UTC"} }, nil},
		{"no zones", func(c *config.Config) {
			c.Vendors.Zones = []string{"azure", "=UTC", "a=", "a=Local", "a=Mars/Olympus", "b=UTC", "b=Asia/Tokyo"}
		}, []string{"vendors.zones[0]", "vendors.zones[1]", "vendors.zones[2]", "vendors.zones[3]", "vendors.zones[4]", "vendors.zones[6]"}},
		{"negative", func(c *config.Config) { c.Privacy.Retention.Charges, c.Lake.Threads = -1, -1 },
			[]string{"lake.threads", "privacy.retention.charges"}},
		{"groups of one", func(c *config.Config) { c.Privacy.MinimumGroup = 1 }, []string{"privacy.minimum_group"}},
		{"both ends", func(c *config.Config) { c.Journal.CommitWindowMS, c.Limits.QuerySeconds = 0, 3600 }, nil},
		{"past both ends", func(c *config.Config) { c.Journal.CommitWindowMS, c.Limits.QuerySeconds = 101, 0 },
			[]string{"limits.query_seconds", "journal.commit_window_ms"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changed := config.Default()
			c.change(&changed)
			var fields []string
			var refused *config.Error
			if errors.As(changed.Validate(), &refused) {
				for _, p := range refused.Problems {
					fields = append(fields, p.Field)
				}
			}
			if diff := cmp.Diff(c.fields, fields); diff != "" {
				t.Errorf("refused fields differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDurations reads each text and prints it the short way.
func TestDurations(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want time.Duration
		back string
	}{
		{"1s", time.Second, "1s"},
		{"90s", 90 * time.Second, "1m30s"},
		{"10m", 10 * time.Minute, "10m"},
		{"1500ms", 1500 * time.Millisecond, "1.5s"},
		{"1h", time.Hour, "1h"},
		{"1h10m", 70 * time.Minute, "1h10m"},
		{"1h0m5s", time.Hour + 5*time.Second, "1h0m5s"},
		{"24h", 24 * time.Hour, "1d"},
		{"0d1h", time.Hour, "1h"},
	} {
		got, err := config.Parse([]byte("lake: {checkpoint_idle: "+c.text+"}"), nil)
		if err != nil || got.Lake.CheckpointIdle != c.want {
			t.Errorf("%s: got %v and error %v, want %v", c.text, got.Lake.CheckpointIdle, err, c.want)
		}
		if printed := printed(t, got); err == nil && !contains(printed, "checkpoint_idle: "+c.back+"\n") {
			t.Errorf("%s is not printed as %s:\n%s", c.text, c.back, printed)
		}
	}
	for _, text := range []string{"1", "d", "1.5d", "-1d", "+1d", "1d-2h", "1d+2h", "1dd", "1h1d", "106752d", "106751d24h", "99999999999999999999d", "1w", "1d 2h"} {
		got := refusal(t, "privacy: {retention: {charges: '"+text+"'}}", nil)
		if !contains(got, "want a duration like 90s, 12h or 400d") {
			t.Errorf("%s: %s", text, got)
		}
	}
}
