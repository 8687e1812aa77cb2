package harvest

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/url"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/spend"
)

// Harvest reads the logs of one coding agent. It is for one goroutine.
type Harvest struct {
	Program  agentlog.Program
	Folders  []string                // below which its files lie
	Plan     agentlog.Plan           // "" for the one that was said last, a seat when none was
	Progress func(read, total int64) // bytes, told after each file and between; may be nil

	looked map[string]look // at each file, when it was read last by this process
}

// Result is what became of the logs.
type Result struct {
	ingest.Result
	Files    int   // that were found
	Grown    int   // that held something new
	Replaced int   // that were cut or written anew, and read from their start
	Unread   int   // that could not be opened or read to their end
	Bytes    int64 // read now
	Plan     agentlog.Plan
}

// Run reads what is new in every file and sends it to a server. Ending it early loses
// nothing: the next one goes on from what was booked.
func (h *Harvest) Run(ctx context.Context, to *client.Client) (Result, error) {
	files, err := h.find()
	if err != nil {
		return Result{}, err
	}
	r := &run{Harvest: h, result: Result{Files: len(files)}, sending: newSender(ctx, to)}
	if err = r.begin(ctx, to); err == nil {
		err = r.files(ctx, files)
	}
	booked, sent := r.sending.end()
	r.result.Result = booked
	if err = cmp.Or(sent, err); err != nil {
		h.looked = nil // what was looked at may not have been booked
	}
	return r.result, err
}

// run is one harvest.
type run struct {
	*Harvest
	result  Result
	era     int64
	marks   map[string]api.LogMark // by file, as the server has them
	sheaf   sheaf
	sending *sender
	read    int64 // bytes that are done with, passed over or read
	total   int64
}

// begin asks how far the files have been read before. Another plan than was said last
// has them all read again.
func (r *run) begin(ctx context.Context, to *client.Client) error {
	var standing api.LogStanding
	if err := to.Get(ctx, "/api/v1/imports/logs/"+url.PathEscape(r.Program.Name), nil, &standing); err != nil {
		return err
	}
	said := agentlog.Plan(standing.Plan)
	r.result.Plan, r.era = cmp.Or(r.Plan, said, agentlog.Seat), standing.Era
	r.marks = make(map[string]api.LogMark, len(standing.Marks))
	if said != "" && said != r.result.Plan {
		r.era, r.looked = min(r.era+1, agentlog.MaxEra), nil
		return nil
	}
	for _, m := range standing.Marks {
		r.marks[m.File] = m
	}
	return nil
}

func (r *run) files(ctx context.Context, files []found) error {
	for i := range files {
		r.total += files[i].size
	}
	r.sheaf = r.empty()
	if r.looked == nil {
		r.looked = make(map[string]look, len(files))
	}
	for i := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.one(&files[i]); err != nil {
			return err
		}
		r.read += files[i].size
		r.tell(0)
	}
	return r.flush()
}

// one reads one file. A file that cannot be read keeps no other from being read.
func (r *run) one(f *found) error {
	if r.looked[f.id] == f.look {
		return nil
	}
	err := r.file(f)
	var unread unreadable
	switch {
	case errors.Is(err, fs.ErrNotExist): // it was removed since it was found
		return nil
	case errors.As(err, &unread):
		r.result.Unread++
		return nil
	}
	return err
}

func (r *run) tell(more int64) {
	if r.Progress != nil {
		r.Progress(r.read+more, r.total)
	}
}

func (r *run) empty() sheaf {
	return newSheaf(&api.ImportOrder{Format: "logs", Name: "logs", Source: r.Program.Name, Plan: string(r.result.Plan)})
}

// flush sends what is gathered.
func (r *run) flush() error {
	if r.sheaf.isEmpty() {
		return nil
	}
	full := r.sheaf
	r.sheaf = r.empty()
	return r.sending.send(full)
}

// markOf is how far a file is read.
func markOf(id string, at agentlog.Position, sign [32]byte) api.LogMark {
	return api.LogMark{File: id, Bytes: at.Offset, Line: at.Line, Sign: hex.EncodeToString(sign[:])}
}

// unreadable is a file that cannot be read, for a reason of its own.
type unreadable struct{ error }

func (u unreadable) Unwrap() error { return u.error }

// noFolder says that there is nothing to read.
func noFolder(p *agentlog.Program, folders []string) error {
	return spend.Errorf(spend.KindNotFound, "import "+p.Name, "there is no log of %s below %q", p.Title, folders).
		WithHint("name the folder: bursar import %s DIR", p.Name)
}
