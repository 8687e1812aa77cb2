package config

import "time"

// Config is everything that the file can set. Each field has its comment above
// and in its tags the name in the file, the default (the zero value when there is
// none), and the limits: min and max, both included, or one of some words.
type Config struct {
	// Address and port that the server listens on. Without an address, as in
	// `:4141`, it is reached from other machines; port 0 takes any free one.
	Listen string `yaml:"listen" default:"127.0.0.1:4141"`
	// Folder of the ledger, relative to where the server is started.
	Data string `yaml:"data" default:"bursar-data"`
	// Names and addresses, without a port, that the server is reached under beyond
	// loopback (`localhost`, `127.0.0.1`, `::1`). Requests for any other name are
	// refused, which protects browsers from names that are bound to a new address.
	Hosts []string `yaml:"hosts"`
	// Address that people reach the server under, like `https://bursar.example.com`. With
	// it the links in reports and notices lead there from anywhere; without it links in
	// reports are relative, and notices have none.
	PublicURL string `yaml:"public_url"`
	// File of attribution rules, relative to where the server is started; none when
	// empty.
	Rules string `yaml:"rules"`
	// Encryption of the listening port. Without it the server speaks plain HTTP.
	TLS TLS `yaml:"tls"`
	// What a client may ask for. What is beyond is refused with a clear error.
	Limits Limits `yaml:"limits"`
	// The files in which events are safe before they are booked.
	Journal Journal `yaml:"journal"`
	// Copies of the data folder, made by the server itself.
	Backup Backup `yaml:"backup"`
	// The database of the ledger.
	Lake Lake `yaml:"lake"`
	// The way of events from the journal into the ledger.
	Ingest Ingest `yaml:"ingest"`
	// The way of calls to the vendors of models, under `/openai/v1/…` and the like.
	Gateway Gateway `yaml:"gateway"`
	// The way of OpenTelemetry in, under `/otlp/v1/…`; see [telemetry.md](telemetry.md).
	Telemetry Telemetry `yaml:"telemetry"`
	// What is told to people, as that a budget has reached a threshold.
	Notices Notices `yaml:"notices"`
	// Usage and costs that are fetched from the vendors' interfaces.
	Vendors Vendors `yaml:"vendors"`
	// The price book.
	Prices Prices `yaml:"prices"`
	// What comes next, and from when on it is believed.
	Forecast Forecast `yaml:"forecast"`
	// When two models are taken to be of equal quality, see [outcomes.md](outcomes.md).
	Quality Quality `yaml:"quality"`
	// Figures about the server itself, for a monitoring system.
	Metrics Metrics `yaml:"metrics"`
	// What the server writes about its own work.
	Log Log `yaml:"log"`
	// What is shown about people, and how long it is kept.
	Privacy Privacy `yaml:"privacy"`
}

// TLS names the files for encryption; both are set, or neither.
type TLS struct {
	// File of the certificate and its chain, in PEM.
	Certificate string `yaml:"certificate"`
	// File of the private key, in PEM. It is shown as stars, in case that somebody
	// puts the key itself here, which is refused.
	Key Secret `yaml:"key"`
}

// Limits bounds what a client may ask for.
type Limits struct {
	// Bytes of one request, after decompression; as sent it may have a quarter of them.
	BodyBytes int `yaml:"body_bytes" default:"33554432" min:"1024" max:"1073741824"`
	// Events of one request; at most `ingest.queue`.
	EventsPerBatch int `yaml:"events_per_batch" default:"5000" min:"1" max:"1000000"`
	// New values of labels (workflow, agent, feature, customer, environment, tags)
	// that one token may bring each hour; more are booked as `(capped)`.
	NewLabelsPerHour int `yaml:"new_labels_per_hour" default:"1000" min:"1" max:"1000000"`
	// Requests that one token may send each second.
	RequestsPerSecondPerToken int `yaml:"requests_per_second_per_token" default:"100" min:"1" max:"1000000"`
	// Seconds after which a query is stopped.
	QuerySeconds int `yaml:"query_seconds" default:"30" min:"1" max:"3600"`
	// Queries that run at the same time; others wait in fair turns, and one user or
	// token never has the last of several.
	QueriesAtOnce int `yaml:"queries_at_once" default:"4" min:"1" max:"1000"`
	// Live streams that are open at the same time, a quarter of them of one user or token.
	Streams int `yaml:"streams" default:"128" min:"1" max:"100000"`
}

// Journal describes the files in which events are safe before they are booked.
type Journal struct {
	// Milliseconds that a record may wait for others to share its sync, while
	// nobody waits for it; 0 syncs at once. The system's timers add half of one,
	// seldom 1.5. When the power goes, a call whose end was not synced is found as
	// interrupted, and one whose beginning was not, and whose answer had not begun,
	// is not found.
	CommitWindowMS int `yaml:"commit_window_ms" default:"3" min:"0" max:"100"`
	// Bytes after which a file ends and the next one begins.
	SegmentBytes int `yaml:"segment_bytes" default:"67108864" min:"4096" max:"1073741824"`
	// Newest records whose keys are kept in memory to recognise repeats, about 100
	// bytes each; 0 leaves that to the ledger.
	Keys int `yaml:"keys" default:"131072" min:"0" max:"100000000"`
	// How long files are kept after their records were booked; 0 removes them then.
	// They also wait for a verified backup that holds what was booked from them, but
	// never beyond `privacy.retention.journal`, which is the most that may stand here.
	Retention time.Duration `yaml:"retention" default:"7d" min:"0" max:"36500d"`
}

// Backup describes the copies of the data folder that the server makes.
type Backup struct {
	// Folder that holds them, outside of `data` and best on another disk; none are
	// made when it is empty.
	Folder string `yaml:"folder"`
	// How often one is made; 0 makes them only when somebody asks.
	Every time.Duration `yaml:"every" default:"1d" min:"0" max:"366d"`
	// Newest backups that stay in the folder.
	Keep int `yaml:"keep" default:"7" min:"1" max:"10000"`
}

// Lake describes the database of the ledger.
type Lake struct {
	// Memory for the database's buffers, a number with KB, MB, GB, TB, KiB, MiB, GiB
	// or TiB. The server's own memory comes on top.
	Memory string `yaml:"memory" default:"1GB"`
	// Threads of queries; 0 is one for each core.
	Threads int `yaml:"threads" default:"0" min:"0" max:"1024"`
	// Booked lines after which the database's log is folded into its file; until then
	// each takes about 2 KB of memory. Where many come at once, the next time is twenty
	// times as long away as that took.
	CheckpointRows int `yaml:"checkpoint_rows" default:"14000" min:"1" max:"1000000000"`
	// How long nothing must have been booked for the log to be folded earlier.
	CheckpointIdle time.Duration `yaml:"checkpoint_idle" default:"1m" min:"1s" max:"1d"`
}

// Ingest describes the way of events from the journal into the ledger.
type Ingest struct {
	// Events that are booked in one transaction at most.
	Batch int `yaml:"batch" default:"8192" min:"1" max:"1000000"`
	// Events that may wait to be booked; more are refused until some are.
	Queue int `yaml:"queue" default:"1000000" min:"1" max:"100000000"`
}

// Gateway describes the way of calls to the vendors of models.
type Gateway struct {
	// Whether calls are passed through.
	Enabled bool `yaml:"enabled" default:"true"`
	// File of routes and upstreams beyond the built-in ones and in their place, see
	// [gateway.md](gateway.md); none when empty.
	Routes string `yaml:"routes"`
	// What else of a request is kept as a tag, for rules to read: `header.NAME`,
	// `baggage.NAME` or `metadata.NAME`, at most 13 names. Name nothing that holds persons
	// or texts.
	Tags []string `yaml:"tags"`
	// Requests that are written down, one record each and nothing of their content:
	// none, those that no upstream answered, or all.
	AccessLog string `yaml:"access_log" default:"off" one:"off refused all"`
	// File of these records, one JSON object a line, opened anew on SIGHUP; they are
	// in the server's log when it is empty.
	AccessFile string `yaml:"access_file"`
	// Bytes of one metered request; others pass at any size.
	BodyBytes int `yaml:"body_bytes" default:"67108864" min:"1024" max:"1073741824"`
	// Bytes of all requests in memory at the same time; more are told to come later.
	MemoryBytes int `yaml:"memory_bytes" default:"268435456" min:"1048576" max:"1099511627776"`
	// How long a client may take to send or to take the next bytes.
	ClientTime time.Duration `yaml:"client_time" default:"1m" min:"1s" max:"1h"`
	// How long an upstream may take until a connection takes a request.
	ConnectTime time.Duration `yaml:"connect_time" default:"10s" min:"100ms" max:"10m"`
	// How long an upstream may take until its answer begins.
	HeadTime time.Duration `yaml:"head_time" default:"10m" min:"1s" max:"1d"`
	// How long an upstream may be silent in the midst of an answer.
	IdleTime time.Duration `yaml:"idle_time" default:"5m" min:"1s" max:"1d"`
	// How long one call may take as a whole.
	CallTime time.Duration `yaml:"call_time" default:"1h" min:"1s" max:"7d"`
	// How long an answer is read on for its usage when its client is gone.
	DrainTime time.Duration `yaml:"drain_time" default:"2m" min:"0" max:"1d"`
	// What becomes of calls while the journal stalls: they are refused, or pass without a
	// record of their own, counted.
	Stalled string `yaml:"stalled" default:"refuse" one:"refuse pass"`
	// How long a call waits for the journal before it counts as stalled.
	StallTime time.Duration `yaml:"stall_time" default:"2s" min:"100ms" max:"1m"`
	// How long a call may wait for a place at an upstream, or for a rate that soon has
	// room. Callers wait in fair turns; 0 refuses at once.
	QueueTime time.Duration `yaml:"queue_time" default:"2s" min:"0" max:"1m"`
	// How long running requests may go on when the server stops; then calls are cut
	// and recorded as interrupted.
	GraceTime time.Duration `yaml:"grace_time" default:"20s" min:"0" max:"1h"`
}

// Telemetry describes the way of OpenTelemetry in.
type Telemetry struct {
	// Whether telemetry is taken, from whoever has a token of kind `telemetry`.
	Enabled bool `yaml:"enabled" default:"true"`
	// Address and port that take telemetry over gRPC, and over HTTP too, like
	// `127.0.0.1:4317`; none when it is empty.
	GRPC string `yaml:"grpc"`
	// Another one that takes both, like `127.0.0.1:4318`; none when it is empty. The main
	// port takes HTTP under `/otlp` whatever stands here.
	HTTP string `yaml:"http"`
	// Values of `service.name` whose calls all pass the gateway: what they tell names
	// the gateway's calls and is never charged by itself. Needed where a library sends
	// neither the vendor's ids nor the trace context, or sums of agents alone.
	MeteredServices []string `yaml:"metered_services"`
	// Bytes of one request, after decompression; as sent it may have a quarter of them.
	BodyBytes int `yaml:"body_bytes" default:"16777216" min:"1024" max:"1073741824"`
	// Bytes of all requests in memory at the same time; more are told to come later.
	MemoryBytes int `yaml:"memory_bytes" default:"134217728" min:"1048576" max:"1099511627776"`
	// Newest spans that are remembered, about 3 KiB each, so that what an agent
	// sums up is set against the calls below it.
	Spans int `yaml:"spans" default:"16384" min:"1" max:"10000000"`
}

// Notices describes what is told to people.
type Notices struct {
	// File of channels: the webhooks, rooms and mailboxes that owners are told by, see
	// [budgets.md](budgets.md). Nobody is told when it is empty.
	Channels string `yaml:"channels"`
}

// Vendors describes what is fetched from the vendors' interfaces.
type Vendors struct {
	// File of accounts at vendors, see [vendor-exports.md](vendor-exports.md). Nothing is
	// fetched when it is empty.
	Accounts string `yaml:"accounts"`
	// How often they are asked.
	Every time.Duration `yaml:"every" default:"1h" min:"1m" max:"7d"`
	// Time zones in which sellers count the days and months of their bills, like
	// `azure=Europe/Vienna`; see [reconcile.md](reconcile.md). Others count in UTC, but for
	// `google` and `vertex`, which count in America/Los_Angeles unless they are named here.
	Zones []string `yaml:"zones"`
}

// Prices describes the upkeep of the price book.
type Prices struct {
	// Days without a look at its source after which a price is reported as stale.
	StaleDays int `yaml:"stale_days" default:"90" min:"1" max:"3650"`
}

// Forecast says from when on what is forecast counts.
type Forecast struct {
	// Days of history with which a group is forecast by its own past; a younger one
	// follows what it is a part of.
	LeastDays int `yaml:"least_days" default:"28" min:"7" max:"400"`
	// Days after the end of a forecast for what comes late, before it is judged.
	SettleDays int `yaml:"settle_days" default:"3" min:"0" max:"90"`
	// Forecasts of a question that must have been judged before it is said how well
	// they held.
	LeastJudged int `yaml:"least_judged" default:"3" min:"1" max:"100"`
}

// Quality says when two models are taken to be of equal quality.
type Quality struct {
	// Points of success rate by which another model may be worse than the one in use, at the
	// lower end of the 95 % interval of their difference.
	MarginPercent int `yaml:"margin_percent" default:"5" min:"1" max:"50"`
	// Runs of a workflow that a model must have answered to be compared.
	LeastRuns int `yaml:"least_runs" default:"100" min:"20" max:"1000000"`
	// Share of the calls of a run, in percent, from which on the run is its model's.
	SharePercent int `yaml:"share_percent" default:"90" min:"51" max:"100"`
}

// Metrics describes the figures about the server itself.
type Metrics struct {
	// Whether `/metrics` is served.
	Enabled bool `yaml:"enabled" default:"true"`
	// Sets of workflow, agent and model that are told apart; calls of more are counted
	// together as `other`.
	LabelSets int `yaml:"label_sets" default:"1000" min:"1" max:"100000"`
}

// Log describes what the server writes about its own work.
type Log struct {
	// The least important message that is written.
	Level string `yaml:"level" default:"info" one:"debug info warn error"`
	// Lines for people, or one JSON object a line for programs.
	Format string `yaml:"format" default:"text" one:"text json"`
}

// Privacy says what is shown about people, and how long it is kept.
type Privacy struct {
	// Whether spending is shown by person. Otherwise it is shown by team and above.
	PersonViews bool `yaml:"person_views" default:"false"`
	// People that a group must have for its figures to be shown by themselves.
	MinimumGroup int `yaml:"minimum_group" default:"5" min:"2" max:"1000"`
	// How long records are kept.
	Retention Retention `yaml:"retention"`
}

// Retention says how long records are kept.
type Retention struct {
	// How long lines of the ledger are kept, by whole finance months; 0 is for ever.
	// What is removed is missing from every total of its month, and is not booked
	// again when its file comes again.
	Charges time.Duration `yaml:"charges" default:"0" min:"0" max:"36500d"`
	// How long rejected records are kept; 0 is for ever.
	Quarantine time.Duration `yaml:"quarantine" default:"90d" min:"0" max:"36500d"`
	// How long the journal may keep booked events at most, with a backup or without;
	// 0 is no bound.
	Journal time.Duration `yaml:"journal" default:"30d" min:"0" max:"36500d"`
}
