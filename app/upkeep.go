package app

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/spend"
)

// upkeep is the data folder's care as requests ask for it.
type upkeep struct{ server *Server }

// MakeBackup makes a backup on the server's own shelf. Who asked is noted first, so
// that the copy of the audit trail says so too.
func (u upkeep) MakeBackup(ctx context.Context, by auth.Identity) (backup.Note, error) {
	if u.server.Backups.Shelf == "" {
		return backup.Note{}, spend.Errorf(spend.KindInvalid, "make backup", "this server has no folder for backups").
			WithHint("set backup.folder in its configuration and start it again")
	}
	if err := (trail{u.server.State}).Note(ctx, auth.Note{Who: by, Action: auth.BackupMake, Target: "backup"}); err != nil {
		return backup.Note{}, err
	}
	return u.server.Backup(ctx, u.server.Backups.Shelf)
}

func (u upkeep) Backups(context.Context) ([]backup.Note, error) { return backup.Notes(u.server.Data) }

func (u upkeep) Doctor(ctx context.Context, now time.Time) ([]api.Finding, error) {
	return u.server.Doctor(ctx, now)
}
