package duck

import (
	"context"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Of the records of one place only the one that was rejected last is listed.
const (
	lastOfPlace = "\nQUALIFY row_number() OVER (PARTITION BY source, file, record, digest ORDER BY rejected_at DESC) = 1"
	newestFirst = "\nORDER BY rejected_at DESC, digest, file, record, source"
)

// unresolved leaves out what was booked since it was rejected.
const unresolved = `NOT EXISTS (FROM quarantine_resolutions AS r WHERE r.digest = quarantine.digest AND r.source = quarantine.source
	AND r.file = quarantine.file AND r.record = quarantine.record AND r.result IN ('booked', 'duplicate') AND r.resolved_at >= rejected_at)`

// Quarantined lists rejected records, the newest first.
func (l *Lake) Quarantined(ctx context.Context, q lake.Listing) ([]lake.Rejected, error) {
	text, args := "? IN ('', source)", []any{q.Source}
	if !q.All {
		text += " AND " + unresolved
	}
	text += lastOfPlace
	if p := q.After; p != nil { // behind QUALIFY: an older record must not stand in for its place
		text += " AND (rejected_at < ? OR rejected_at = ? AND (digest, file, record, source) > (CAST(? AS UUID), ?, ?, ?))"
		args = append(args, p.At.UTC(), p.At.UTC(), p.Digest.String(), p.File, p.Record, p.Source)
	}
	return l.rejected(ctx, text+newestFirst+" LIMIT ?", append(args, q.Limit)...)
}

// Rejected gives every rejected record with a digest, the newest first: the same
// bytes may stand in several sources, files and places.
func (l *Lake) Rejected(ctx context.Context, digest spend.ID) ([]lake.Rejected, error) {
	return l.rejected(ctx, "digest = CAST(? AS UUID)"+lastOfPlace+newestFirst, digest.String())
}

// Resolutions gives the tries of the records with a digest, oldest first.
func (l *Lake) Resolutions(ctx context.Context, digest spend.ID) ([]lake.Resolution, error) {
	return all(ctx, l, lake.Resolutions(), "digest = CAST(? AS UUID) ORDER BY resolved_at", digest.String())
}

// rejected reads records and how the last try of each ended.
func (l *Lake) rejected(ctx context.Context, where string, args ...any) ([]lake.Rejected, error) {
	found, err := all(ctx, l, lake.Rejections(), where, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	digests := make([]spend.ID, len(found))
	for i := range found {
		digests[i] = found[i].Digest
	}
	tried, err := all(ctx, l, lake.Resolutions(), "digest IN "+wanted, joined(digests))
	lake.Resolve(found, tried)
	return found, err
}
