package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/journal"
)

// journalLog is the journal as the ingest service sees it.
type journalLog struct{ *journal.Journal }

const eventRecord = 1 // kind of a journal record that holds one usage record

func (l journalLog) Append(ctx context.Context, entries []ingest.Entry) error {
	var last journal.Position
	for len(entries) > 0 {
		n := min(len(entries), journal.MaxGroup)
		records := make([]journal.Record, n)
		for i, e := range entries[:n] {
			records[i] = journal.Record{Kind: eventRecord, Key: e.Key, Payload: e.Payload}
		}
		receipt, err := l.AppendWritten(records...)
		if err != nil {
			return err
		}
		last, entries = max(last, receipt.Position), entries[n:]
	}
	return l.Synced(ctx, last)
}

func (l journalLog) Tail(ctx context.Context, from uint64, f func(uint64, []byte) error) error {
	return l.Journal.Tail(ctx, journal.Position(from), func(at journal.Position, r journal.Record) error {
		return f(uint64(at), r.Payload)
	})
}

func (l journalLog) Replay(ctx context.Context, from uint64, f func(uint64, []byte) error) error {
	return l.Journal.Replay(ctx, journal.Position(from), func(at journal.Position, r journal.Record) error {
		return f(uint64(at), r.Payload)
	})
}

// CatchUp books what the journal of a data folder still holds, when a server has
// left one there and none runs.
func (a *App) CatchUp(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(a.Data, "journal")); err != nil {
		return nil //nolint:nilerr // no journal, nothing to catch up with
	}
	j, err := journal.Open(a.Data, a.Config.Journal)
	if err != nil {
		return err
	}
	err = a.catchUp(ctx, j)
	return errors.Join(err, j.Close())
}

func (a *App) catchUp(ctx context.Context, j *journal.Journal) error {
	booked, _, err := a.Lake.FileOffset(ctx, ingest.OffsetSource, "")
	if err != nil || uint64(j.Stats().Synced) <= uint64(booked.Bytes) {
		return err
	}
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return err
	}
	s := ingest.Service{Log: journalLog{j}, Pipeline: pipeline, From: uint64(booked.Bytes)}
	return s.CatchUp(ctx)
}
