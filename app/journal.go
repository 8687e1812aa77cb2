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

// Write writes entries in calls that the journal takes.
func (l journalLog) Write(entries []ingest.Entry) (kept int, behind uint64, err error) {
	for len(entries) > 0 {
		records := fitting(entries)
		receipt, err := l.AppendWritten(records...)
		if err != nil {
			return kept, behind, err
		}
		kept += len(records) - len(receipt.Duplicates)
		behind, entries = max(behind, uint64(receipt.Position)), entries[len(records):]
	}
	return kept, behind, nil
}

// Synced returns when everything before a position survives the loss of power.
func (l journalLog) Synced(ctx context.Context, behind uint64) error {
	return l.Journal.Synced(ctx, journal.Position(behind))
}

// Hasten begins that for who is going to wait for it soon.
func (l journalLog) Hasten(behind uint64) { l.Journal.Hasten(journal.Position(behind)) }

// fitting gives the first entries that one call of the journal may bring.
func fitting(entries []ingest.Entry) (records []journal.Record) {
	size := 0
	for _, e := range entries[:min(len(entries), journal.MaxGroup)] {
		if size += len(e.Payload); size > journal.MaxCall && len(records) > 0 {
			break
		}
		records = append(records, journal.Record{Kind: uint8(e.Kind), Key: e.Key, Payload: e.Payload})
	}
	return records
}

// Kept is the position before which everything survives the loss of power.
func (l journalLog) Kept() uint64 { return uint64(l.Journal.Kept()) }

// Wait returns when something behind a position survives that.
func (l journalLog) Wait(ctx context.Context, after uint64) error {
	return l.Journal.Wait(ctx, journal.Position(after))
}

func (l journalLog) Replay(ctx context.Context, from uint64, f func(uint64, ingest.Entry) error) error {
	return l.Journal.Replay(ctx, journal.Position(from), each(f))
}

func each(f func(uint64, ingest.Entry) error) func(journal.Position, journal.Record) error {
	return func(at journal.Position, r journal.Record) error {
		return f(uint64(at), ingest.Entry{Kind: ingest.EntryKind(r.Kind), Payload: r.Payload})
	}
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
	definitions, err := a.definitions(ctx)
	if err != nil {
		return err
	}
	s := ingest.Service{Log: journalLog{j}, Pipeline: pipeline, From: uint64(booked.Bytes)}
	s.Define(definitions)
	return s.CatchUp(ctx)
}
