package api

import (
	"net/http"
	"slices"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
)

// BackupOrder is empty: where backups are kept is for the operator's file to say, and
// never for a request.
type BackupOrder struct{}

// VerifiedBackup is a backup that was made and read back whole.
type VerifiedBackup struct {
	Folder   string    `json:"folder"` // on the server's machine
	MadeAt   time.Time `json:"made_at"`
	Verified time.Time `json:"verified_at"`
	Bytes    int64     `json:"bytes"`
	Held     int64     `json:"held_ms"` // milliseconds in which nothing was booked
}

// Backups are those that the data folder remembers, the newest first. Their folders
// may be gone since.
type Backups struct {
	Backups []VerifiedBackup `json:"backups"`
}

// Condition is how a doctor's check came out.
type Condition string

// The conditions of what is checked.
const (
	Healthy   Condition = "ok"
	Attention Condition = "look"   // a person should look
	Broken    Condition = "broken" // a law of the ledger does not hold, or nothing is accepted
)

// Finding is one line of a doctor's report.
type Finding struct {
	Name  string    `json:"name"`
	State Condition `json:"state"`
	Msg   string    `json:"msg"`
	Mend  string    `json:"mend,omitempty"` // what to do about it, "" when all is well
}

// Report is what a doctor finds.
type Report struct {
	Findings []Finding `json:"findings"`
}

// Broken says that something must not stay as it is.
func (r *Report) Broken() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.State == Broken })
}

func backupRoutes() []route {
	return []route{
		{
			pattern: "POST /api/v1/backups", action: auth.BackupMake, handle: (*call).makeBackup,
			summary: "Makes a backup in the folder that the configuration names, and reads it back. Events are accepted meanwhile.",
			params:  []param{repeatKey()}, in: BackupOrder{}, out: VerifiedBackup{}, status: http.StatusCreated,
		},
		{
			pattern: "GET /api/v1/backups", action: auth.BackupMake, handle: (*call).listBackups,
			summary: "Lists the backups that were verified, the newest first.",
			out:     Backups{}, status: http.StatusOK,
		},
		{
			pattern: "GET /api/v1/doctor", action: auth.SpendRead, handle: (*call).doctor,
			summary: "Checks the ledger's laws, files, disk, clock, backups and offsets, and says how to mend what it finds.",
			params:  []param{listFormat()}, out: Report{}, status: http.StatusOK,
		},
	}
}

func (c *call) makeBackup() (reply, error) {
	if err := decode(c.body, &BackupOrder{}); err != nil {
		return reply{}, err
	}
	if err := c.Ready(); err != nil {
		return reply{}, err
	}
	note, err := c.Upkeep.MakeBackup(c.request.Context(), c.who)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusCreated, ShownBackup(&note)), nil
}

// ShownBackup is a backup without the positions of the journal.
func ShownBackup(n *backup.Note) VerifiedBackup {
	held := time.Duration(n.Held * float64(time.Second))
	return VerifiedBackup{Folder: n.Folder, MadeAt: n.MadeAt.UTC(), Verified: n.Verified.UTC(), Bytes: n.Bytes, Held: held.Milliseconds()}
}

func (c *call) listBackups() (reply, error) {
	notes, err := c.Upkeep.Backups(c.request.Context())
	if err != nil {
		return reply{}, err
	}
	list := Backups{Backups: []VerifiedBackup{}}
	for _, n := range slices.Backward(notes) {
		list.Backups = append(list.Backups, ShownBackup(&n))
	}
	return jsonReply(http.StatusOK, list), nil
}

// doctor waits for its turn as a question does, for it reads the whole ledger. It
// takes as long as it takes: a large ledger's laws are checked too.
func (c *call) doctor() (reply, error) {
	v, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	if err := c.enter(); err != nil {
		return reply{}, err
	}
	defer c.leave()
	findings, err := c.Upkeep.Doctor(c.request.Context(), c.now)
	if err != nil {
		return reply{}, err
	}
	return pageReply(v, &Report{Findings: append([]Finding{}, findings...)}, DoctorCSV)
}
