package state

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/bursarhq/bursar/spend"
)

const (
	readers  = 4
	patience = "5000" // milliseconds to wait for another process's lock
)

// SQLite is the dialect of the embedded engine.
func SQLite() Dialect {
	return Dialect{
		Name:   "sqlite",
		Rebind: func(query string) string { return query },
		IsUnique: func(err error) bool {
			code := sqliteCode(err)
			return code == lib.SQLITE_CONSTRAINT_UNIQUE || code == lib.SQLITE_CONSTRAINT_PRIMARYKEY
		},
		IsBusy: func(err error) bool { return sqliteCode(err)&0xff == lib.SQLITE_BUSY },
		IsFull: func(err error) bool { // a quota and a limit of the process fail as writes
			code := sqliteCode(err)
			return code == lib.SQLITE_FULL || code == lib.SQLITE_IOERR_WRITE || code == lib.SQLITE_IOERR_SHMSIZE
		},
		Tables: `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
	}
}

// sqliteCode is the extended result code, 0 for another error.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// openPools opens a file with one connection that writes and a few that read.
// The file is made for its owner alone; the write-ahead log inherits that.
func openPools(path string) (writer, reader *sql.DB, err error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, spend.Errorf(spend.KindUnavailable, "open the state", "cannot write %s: %w", path, err).
			WithHint("check that the folder exists and belongs to this user")
	}
	if err := file.Close(); err != nil {
		return nil, nil, spend.Errorf(spend.KindUnavailable, "open the state", "cannot write %s: %w", path, err)
	}
	if writer, err = sql.Open("sqlite", source(path, "_txlock=immediate")); err != nil {
		return nil, nil, spend.Errorf(spend.KindInternal, "open the state", "%w", err)
	}
	if reader, err = sql.Open("sqlite", source(path, "_pragma=query_only(1)")); err != nil {
		return nil, nil, errors.Join(spend.Errorf(spend.KindInternal, "open the state", "%w", err), writer.Close())
	}
	writer.SetMaxOpenConns(1)
	reader.SetMaxOpenConns(readers)
	return writer, reader, nil
}

// source names the file with its settings. The timeout stands before WAL, since
// two processes that open a new file at once contend for the change to WAL.
// Full sync, because accepted means on disk; secure delete, because erased means
// gone from the file and not only from the table.
func source(path, more string) string {
	settings := []string{
		"_pragma=busy_timeout(" + patience + ")",
		"_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		"_pragma=secure_delete(1)",
		more,
	}
	return fileURL(path) + "?" + strings.Join(settings, "&")
}

func fileURL(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// truncateLog writes the log back into the file and empties it. Until then it
// holds the pages as they were before an erasure. It does not wait long for
// readers, because the only writer waits with it.
func (s *Store) truncateLog(ctx context.Context) error {
	const op = "empty the log after an erasure"
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return s.failed(op, err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 20"); err != nil {
		return s.failed(op, err)
	}
	var busy, pages, moved int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	_, back := conn.ExecContext(ctx, "PRAGMA busy_timeout = "+patience)
	switch {
	case err != nil:
		return s.failed(op, err)
	case back != nil:
		return s.failed(op, back)
	case busy != 0:
		return spend.Errorf(spend.KindUnavailable, op, "a reader or another process is still in the way").
			WithHint("the person is erased; the log's copy goes with one of the next writes, or ask again")
	}
	return nil
}
