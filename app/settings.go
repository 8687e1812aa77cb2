package app

import (
	"crypto/tls"
	"log/slog"
	"strings"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/lake/duck"
	"github.com/bursarhq/bursar/otlp"
	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Configured gives a configuration with what the operator's file says.
func (c Config) Configured(f *config.Config) Config {
	c.Data, c.Rules, c.Channels, c.StaleDays = f.Data, f.Rules, f.Notices.Channels, f.Prices.StaleDays
	c.Forecast = api.Maturity{LeastDays: f.Forecast.LeastDays, SettleDays: f.Forecast.SettleDays, LeastJudged: f.Forecast.LeastJudged}
	c.Public = strings.TrimRight(f.PublicURL, "/")
	c.Equal = outcome.Bar{Margin: int64(f.Quality.MarginPercent), LeastRuns: int64(f.Quality.LeastRuns), Share: int64(f.Quality.SharePercent)}
	c.Lake = duck.Options{
		MemoryLimit: f.Lake.Memory, Threads: f.Lake.Threads,
		Checkpoint: duck.Checkpoint{Rows: int64(f.Lake.CheckpointRows), Idle: f.Lake.CheckpointIdle},
	}
	c.Journal = journal.Options{
		SegmentSize: f.Journal.SegmentBytes, Keys: orNone(f.Journal.Keys),
		Window: orNone(time.Duration(f.Journal.CommitWindowMS) * time.Millisecond),
	}
	c.Privacy = Privacy{
		PersonViews: f.Privacy.PersonViews, MinimumGroup: f.Privacy.MinimumGroup, NewLabels: f.Limits.NewLabelsPerHour,
		Retention: Retention{Quarantine: f.Privacy.Retention.Quarantine, Charges: f.Privacy.Retention.Charges, Journal: f.Privacy.Retention.Journal},
	}
	c.Backups = Backups{Shelf: backup.Shelf(f.Backup.Folder), Every: f.Backup.Every, Keep: f.Backup.Keep}
	c.Polls = Polls{Accounts: f.Vendors.Accounts, Every: f.Vendors.Every}
	c.Zones = f.Vendors.Zones
	c.KeepJournal = f.Journal.Retention
	c.LabelSets = f.Metrics.LabelSets
	c.Batch, c.Backlog = f.Ingest.Batch, int64(f.Ingest.Queue)
	return c
}

// orNone turns the 0 of the file, which means none, into the one of options,
// where 0 is the default.
func orNone[T int | time.Duration](n T) T {
	if n == 0 {
		return -1
	}
	return n
}

// DoorOf gives the way in that the operator's file describes.
func DoorOf(f *config.Config) Door {
	l := f.Limits
	return Door{Hosts: f.Hosts, Quiet: !f.Metrics.Enabled, Limits: api.Limits{
		Body: int64(l.BodyBytes) / 4, Inflated: int64(l.BodyBytes), Events: l.EventsPerBatch,
		Rate: l.RequestsPerSecondPerToken, Burst: 2 * l.RequestsPerSecondPerToken,
		Queries: l.QueriesAtOnce, QueryTime: time.Duration(l.QuerySeconds) * time.Second, Streams: l.Streams,
	}, Calls: callsOf(&f.Gateway), Telemetry: telemetryOf(&f.Telemetry), Routes: f.Gateway.Routes, Access: f.Gateway.AccessFile, Grace: max(f.Gateway.GraceTime, 1)}
}

// telemetryOf says how OpenTelemetry comes in, nil when it does not.
func telemetryOf(t *config.Telemetry) *otlp.Config {
	if !t.Enabled {
		return nil
	}
	return &otlp.Config{Body: int64(t.BodyBytes) / 4, Inflated: int64(t.BodyBytes), Memory: int64(t.MemoryBytes), Spans: t.Spans, Metered: t.MeteredServices}
}

// PortsOf gives the addresses at which telemetry comes in beside the main one.
func PortsOf(f *config.Config) Ports {
	if !f.Telemetry.Enabled {
		return Ports{}
	}
	return Ports{GRPC: f.Telemetry.GRPC, HTTP: f.Telemetry.HTTP}
}

// callsOf says how calls to models pass, nil when none do.
func callsOf(g *config.Gateway) *gateway.Config {
	if !g.Enabled {
		return nil
	}
	return &gateway.Config{Body: int64(g.BodyBytes), Memory: int64(g.MemoryBytes), Tags: g.Tags, Access: gateway.Access(g.AccessLog), Stalled: gateway.Stalled(g.Stalled), Patience: gateway.Patience{
		Times:  gateway.Times{Connect: g.ConnectTime, Head: g.HeadTime, Idle: g.IdleTime, Call: g.CallTime},
		Client: g.ClientTime, Drain: max(g.DrainTime, 1),
		Queue: orNone(g.QueueTime), Stall: g.StallTime,
	}}
}

// CertificateOf reads the certificate of the listening port, nil without one.
func CertificateOf(f *config.Config) (*tls.Certificate, error) {
	if f.TLS.Certificate == "" {
		return nil, nil //nolint:nilnil // no certificate is plain HTTP
	}
	pair, err := tls.LoadX509KeyPair(f.TLS.Certificate, string(f.TLS.Key))
	if err != nil {
		return nil, spend.Errorf(spend.KindInvalid, "read the certificate", "%w", err).WithHint("tls.certificate and tls.key name PEM files that belong together")
	}
	return &pair, nil
}

// LevelOf gives the least important message that is logged.
func LevelOf(f *config.Config) slog.Level {
	var level slog.Level
	_ = level.UnmarshalText([]byte(f.Log.Level)) // one of the four words, see Validate
	return level
}
