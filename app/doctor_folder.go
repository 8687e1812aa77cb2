package app

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/backup"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

const (
	lowestFree = 1 << 30             // bytes under which a person should look
	lowestDays = 30                  // of growth that should be free
	oldBackup  = 7 * 24 * time.Hour  // for a folder without a pace of its own
	growthSeen = 14 * 24 * time.Hour // over which growth is measured
)

// stateFile lets the engine of the state look through its own file.
func (a *App) stateFile(ctx context.Context, _ time.Time) (api.Finding, error) {
	problems, err := a.State.Sound(ctx)
	if err != nil || len(problems) == 0 {
		return api.Finding{Name: "state", State: api.Healthy, Msg: "its file is whole"}, err
	}
	return unwell("state", api.Broken, "its file is damaged: "+strings.Join(problems, "; "),
		"stop the server, keep the folder, and restore the newest verified backup into a new folder (bursar restore)"), nil
}

// auditTrail walks the chain.
func (a *App) auditTrail(ctx context.Context, _ time.Time) (api.Finding, error) {
	var check auth.Check
	err := a.State.Read(ctx, func(tx *state.Tx) (err error) {
		check, err = auth.Verify(ctx, tx, auth.Head{})
		return err
	})
	if err != nil || check.Broken == 0 {
		return api.Finding{Name: "audit trail", State: api.Healthy, Msg: fmt.Sprintf("%d entries, whole", check.Entries)}, err
	}
	return unwell("audit trail", api.Broken, fmt.Sprintf("entry %d: %s", check.Broken, check.Why),
		"somebody changed state.db outside of Bursar: keep it, and compare it with the newest verified backup"), nil
}

// clock compares this machine's with the ledger's last entry.
func (a *App) clock(ctx context.Context, now time.Time) (api.Finding, error) {
	g, err := lake.GrowthOf(ctx, a.Lake, now)
	ahead := g.Last.Sub(now).Round(time.Second)
	if err != nil || ahead < time.Minute {
		return api.Finding{Name: "clock", State: api.Healthy, Msg: "is not behind the ledger"}, err
	}
	return unwell("clock", api.Attention, fmt.Sprintf("the ledger was written %s ahead of this machine's clock", ahead),
		"set the clock (NTP); lines that were booked under a wrong one keep their instant, and reports as of an instant go by it"), nil
}

// disk sets what is free against what the ledger takes more each day.
func (a *App) disk(ctx context.Context, now time.Time) (api.Finding, error) {
	var fsys unix.Statfs_t
	if err := unix.Statfs(a.Data, &fsys); err != nil {
		return api.Finding{}, spend.Errorf(spend.KindUnavailable, "look at the disk", "%w", err)
	}
	size, err := sizeOf(a.Data)
	if err != nil {
		return api.Finding{}, spend.Errorf(spend.KindUnavailable, "look at the disk", "%w", err)
	}
	g, err := lake.GrowthOf(ctx, a.Lake, now.Add(-growthSeen))
	if err != nil {
		return api.Finding{}, err
	}
	free := int64(fsys.Bavail) * int64(fsys.Bsize) //nolint:unconvert // the type differs between systems
	msg := fmt.Sprintf("%s are free, the folder has %s", bytesText(free), bytesText(size))
	short := free < lowestFree
	if daily := dailyGrowth(size, g); daily > 0 {
		msg += fmt.Sprintf(" and grows by %s a day", bytesText(daily))
		short = short || free/daily < lowestDays
	}
	return look("disk", when(short, "free space on the data folder's disk or move the folder to a larger one; when it is full, nothing more is accepted"), msg), nil
}

// dailyGrowth is what the recent lines took, by the size of an average line.
func dailyGrowth(size int64, g lake.Growth) int64 {
	if g.Lines == 0 {
		return 0
	}
	return size / g.Lines * g.Recent / int64(growthSeen/(24*time.Hour))
}

func sizeOf(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += info.Size()
		}
		return nil //nolint:nilerr // a file that is gone has no size
	})
	return n, err
}

func bytesText(n int64) string {
	switch {
	case n >= 10<<30:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// backups says how old the newest verified one is.
func (a *App) backups(_ context.Context, now time.Time) (api.Finding, error) {
	newest, found, err := backup.Newest(a.Data)
	if err != nil {
		return api.Finding{}, err
	}
	if !found {
		return look("backup", "bursar backup DIR makes one; backup.folder in the configuration lets the server make them", "there is no verified one"), nil
	}
	most := oldBackup
	if a.Backups.Every > 0 {
		most = 2 * a.Backups.Every
	}
	age := now.Sub(newest.MadeAt)
	return look("backup", when(age > most, "see the server's log for why none was made since; bursar backup DIR makes one now"),
		fmt.Sprintf("the newest verified one is %s old: %s", age.Round(time.Minute), newest.Folder)), nil
}
