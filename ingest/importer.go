package ingest

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// Reader gives the records of one source, one by one, and io.EOF at the end. A
// bad record comes with its problems; an error ends the import.
type Reader interface {
	Next(*Record) error
}

// Partitions looks up what complete partitions hold.
type Partitions interface {
	// Partition calls f for the current line of every attempt that a source has
	// in a partition.
	Partition(ctx context.Context, source, partition string, f func(lake.Head) error) error
	// FileOffset gives a mark that was committed with a batch, false when there is none.
	FileOffset(ctx context.Context, source, file string) (lake.Offset, bool, error)
}

// Import is one run over a reader.
type Import struct {
	Pipeline *Pipeline
	Reader   Reader
	Offset   func(last *Record) *lake.Offset // where the source stands behind a record; nil keeps no offset
	Progress func(Result)                    // called after every batch, may be nil
	Complete Partitions                      // of a partitioned source, else nil
	Late     bool                            // an older version of a partition may come after a newer one
	Whole    []Part                          // partitions that are complete whether or not a record names them
	Batch    int                             // records the pipeline is given at once; 0 means 8192
}

// batchSize is how many records the pipeline is given at once unless it is said otherwise.
const batchSize = 8192

// Part is a partition of a source.
type Part struct{ Source, Partition string }

// Run books everything that the reader gives and returns what became of it. An
// interrupted run loses nothing: run it again.
func (im *Import) Run(ctx context.Context) (Result, error) {
	var total Result
	named := partitions{}
	for _, part := range im.Whole {
		named[part] = &version{}
	}
	for {
		records, end := im.read()
		var result Result
		err := ctx.Err()
		if err == nil && len(records) > 0 {
			result, err = im.book(ctx, records, named)
		}
		if err == nil {
			total, err = total.Add(result)
		}
		if err != nil {
			return total, errors.Join(err, im.Pipeline.Settle(context.WithoutCancel(ctx)))
		}
		if im.Progress != nil {
			im.Progress(total)
		}
		if errors.Is(end, io.EOF) {
			return im.finish(ctx, total, named)
		}
		if end != nil {
			return total, errors.Join(end, im.Pipeline.Settle(context.WithoutCancel(ctx)))
		}
	}
}

func (im *Import) book(ctx context.Context, records []Record, named partitions) (Result, error) {
	if err := identify(ctx, im.Pipeline.Directory, records); err != nil {
		return Result{}, err
	}
	for i := range records {
		if im.Complete == nil || len(records[i].Problems) > 0 && records[i].Event.Partition == "" { // a record that is refused is named all the same
			continue
		}
		if err := im.name(ctx, named, &records[i].Event); err != nil {
			return Result{}, err
		}
	}
	return im.Pipeline.Book(ctx, records, im.offset(records))
}

func (im *Import) finish(ctx context.Context, total Result, named partitions) (Result, error) {
	if err := im.Pipeline.Settle(ctx); err != nil {
		return total, err
	}
	if im.Complete == nil {
		return total, nil
	}
	withdrawn, err := im.Pipeline.withdraw(ctx, im.Complete, named, 4*orElse(im.Batch, batchSize))
	if err != nil {
		return total, err
	}
	total, err = total.Add(withdrawn)
	return total, errors.Join(err, im.Pipeline.Settle(context.WithoutCancel(ctx)))
}

func (im *Import) offset(records []Record) *lake.Offset {
	if im.Offset == nil {
		return nil
	}
	return im.Offset(&records[len(records)-1])
}

// read fills a batch; the error is io.EOF at the end of the source.
func (im *Import) read() ([]Record, error) {
	records := make([]Record, orElse(im.Batch, batchSize))
	for n := range records {
		r := &records[n]
		if err := im.Reader.Next(r); err != nil {
			return records[:n], err
		}
	}
	return records, nil
}

// partitions holds what each partition of a source named.
type partitions map[Part]*version

// version is the source keys of a partition, and its revision; without keys it is the newest.
type version struct {
	keys     map[spend.ID]bool
	revision int64
	held     map[spend.ID]bool // what the ledger had of the partition before, where it may have a newer one
	removes  bool              // it takes something away
}

// name adds an event to the version of its partition.
func (im *Import) name(ctx context.Context, named partitions, e *spend.Event) error {
	part := Part{e.Source, e.Partition}
	v := named[part]
	if v == nil {
		v = &version{}
		named[part] = v
	}
	if v.keys == nil {
		v.keys = map[spend.ID]bool{}
		if err := im.hold(ctx, v, part); err != nil {
			return err
		}
	}
	v.keys[spend.Digest("source", e.Source, e.SourceKey)] = true
	v.revision = max(v.revision, e.Revision)
	return nil
}

// hold notes what the ledger has of a partition before anything of this version is booked.
func (im *Import) hold(ctx context.Context, v *version, part Part) error {
	if !im.Late {
		return nil
	}
	v.held = map[spend.ID]bool{}
	return im.Complete.Partition(ctx, part.Source, part.Partition, func(h lake.Head) error {
		v.held[keyOf(&h)] = true
		return nil
	})
}

// lacks lists the attempts of a partition that its version does not name. Where the ledger
// holds a newer one, it lists those that this version alone has brought: calls that the
// newer one took back, or never had.
func (v *version) lacks(ctx context.Context, ledger Partitions, part Part) ([]spend.ID, error) {
	newest, err := v.marked(ctx, ledger, part)
	if err != nil {
		return nil, err
	}
	var gone, brought []spend.ID
	err = ledger.Partition(ctx, part.Source, part.Partition, func(h lake.Head) error {
		newest = max(newest, h.Revision)
		switch key := keyOf(&h); {
		case !v.keys[key]:
			gone = append(gone, h.Attempt)
		case v.held != nil && !v.held[key]:
			brought = append(brought, h.Attempt)
		}
		return nil
	})
	if v.keys != nil && newest > v.revision {
		return brought, err
	}
	v.removes = len(gone) > 0
	return gone, err
}

// marked gives the newest version of a partition that is known to have taken something
// away, this one when it is newer: no line may tell of it.
func (v *version) marked(ctx context.Context, ledger Partitions, part Part) (int64, error) {
	if v.held == nil {
		return v.revision, nil
	}
	mark, _, err := ledger.FileOffset(ctx, versionsOf(part), part.Partition)
	return max(v.revision, mark.Records), err
}

// mark notes a version that takes something away, with what it takes away.
func (v *version) mark(part Part, at time.Time) lake.Offset {
	return lake.Offset{Source: versionsOf(part), File: part.Partition, Records: v.revision, Done: true, UpdatedAt: at}
}

func versionsOf(part Part) string { return part.Source + " versions" }

func keyOf(h *lake.Head) spend.ID { return spend.Digest("source", h.Source, h.SourceKey) }

// withdraw reverses the lines of complete partitions that their new version does
// not name, so many attempts at once as memory is kept for: some 200 MB with four batches,
// and each time all of the ledger is searched for them.
func (p *Pipeline) withdraw(ctx context.Context, ledger Partitions, named partitions, atOnce int) (total Result, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var gone []spend.ID
	for part, v := range named {
		some, err := v.lacks(ctx, ledger, part)
		if err != nil {
			return Result{}, err
		}
		gone = append(gone, some...)
	}
	var marks []lake.Offset
	for part, v := range named {
		if v.held != nil && v.removes {
			marks = append(marks, v.mark(part, p.Now().UTC().Truncate(time.Microsecond)))
		}
	}
	for some := range slices.Chunk(gone, atOnce) {
		result, err := p.takeBack(ctx, some, marks)
		if err == nil {
			total, err = total.Add(result)
		}
		if err != nil {
			return total, err
		}
		marks = nil // they stand with the first of what they tell of, whatever happens to the rest
	}
	return total, nil
}

// takeBack reverses the lines of attempts, with more to follow.
func (p *Pipeline) takeBack(ctx context.Context, attempts []spend.ID, marks []lake.Offset) (Result, error) {
	lines, err := p.Ledger.Lines(ctx, attempts)
	if err != nil {
		return Result{}, err
	}
	if len(lines) > 0 {
		p.seen.forget() // what is withdrawn may come back with the same content
	}
	b := newBatch(p, nil)
	b.out.Charges = slices.Grow(b.out.Charges, len(lines))
	for i := range lines {
		b.Withdrawn++
		b.append(lines[i].Reverse(b.at, lines[i].Period.Post(p.Closed)))
	}
	err = b.finish(ctx, &Delivery{Marks: marks, More: true})
	return b.Result, err
}
