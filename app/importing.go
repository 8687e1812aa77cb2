package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/bursarhq/bursar/connect"
	"github.com/bursarhq/bursar/connect/history"
	"github.com/bursarhq/bursar/ingest"
	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/spend"
)

// File is a usage file to import.
type File struct {
	Path     string           // "-" is standard input
	Mapping  *connect.Mapping // nil for CloudEvents and for what a product wrote down
	History  *history.Product // that wrote it down, else nil
	Seller   string           // of a history's records that name none
	Options  connect.Options  // source, origin and revision
	Scope    spend.Scope      // of the credential that brings it: what it names is not the file's to say
	Progress func(Progress)   // called after every transaction, may be nil
}

// Progress says how far an import has come.
type Progress struct {
	ingest.Result
	Bytes int64 // read and booked
	Size  int64 // of the file, 0 when unknown
}

// Import books a file. It is idempotent, and a file with key columns goes on
// where an interrupted import stopped.
func (a *App) Import(ctx context.Context, f File) (ingest.Result, error) {
	in, size, err := openFile(f.Path)
	if err != nil {
		return ingest.Result{}, err
	}
	defer in.Close() //nolint:errcheck // only read
	pipeline, err := a.Pipeline(ctx)
	if err != nil {
		return ingest.Result{}, err
	}
	run := &fileRun{file: f, app: a, in: in, size: size, prefix: f.newPrefix()}
	if size > 0 {
		run.disk = in
	}
	return a.run(ctx, pipeline, run)
}

func (a *App) run(ctx context.Context, pipeline *ingest.Pipeline, run *fileRun) (ingest.Result, error) {
	if err := run.start(ctx); err != nil {
		return ingest.Result{}, err
	}
	im := ingest.Import{Pipeline: pipeline, Reader: run, Offset: run.offset, Progress: run.progress}
	if run.revisions() == spend.Partitioned {
		im.Complete, im.Late = a.Lake, true
	}
	result, err := im.Run(ctx)
	result.Skipped = run.skipped
	if err != nil {
		return result, err
	}
	return result, a.finish(ctx, run)
}

// newPrefix starts the digest that tells one reading of a file from another: by
// what the mapping, the origin and this build make of its bytes.
func (f *File) newPrefix() hash.Hash {
	h := sha256.New()
	if f.Mapping != nil {
		seed := spend.Digest(f.Mapping.Digest.String(), f.Options.Origin.String(), strconv.Itoa(ingest.Schema))
		h.Write(seed[:])
	}
	return h
}

// finish marks the file as read to its end and folds the log into the lake.
func (a *App) finish(ctx context.Context, run *fileRun) error {
	if done := run.done(); done != nil {
		if err := a.Lake.Append(ctx, lake.Batch{Offset: done}); err != nil {
			return err
		}
	}
	if err := a.Lake.RollDays(ctx, a.View().Location()); err != nil { // where no server does it before somebody asks
		return err
	}
	_, err := a.Lake.MaybeCheckpoint(ctx, a.Now())
	return err
}

func openFile(path string) (*os.File, int64, error) {
	if path == "-" {
		return os.Stdin, 0, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, spend.Errorf(spend.KindNotFound, "import", "%w", err).WithHint("give the path of a file, or - for standard input")
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		return nil, 0, errors.Join(spend.Errorf(spend.KindInvalid, "import", "%s: %w", path, err), f.Close())
	}
	if !info.Mode().IsRegular() {
		return f, 0, nil
	}
	return f, info.Size(), nil
}

// records are those of a file, in their order.
type records interface {
	Next() (connect.Record, error)
	Position() connect.Position
}

// fileRun reads one file for the pipeline and keeps how far it has come.
type fileRun struct {
	file   File
	app    *App
	in     io.Reader
	disk   *os.File // in, when it can be read twice; else nil
	size   int64    // 0 when it cannot
	reader records
	source string

	prefix hash.Hash // of the file's first hashed bytes
	hashed int64
	last   lake.Offset
	before connect.Position // where the last record begins
	err    error            // of hashing, told at the end

	skipped int64 // lines that an earlier run has read
}

// start opens the reader, behind what an earlier run of the same file booked.
func (r *fileRun) start(ctx context.Context) error {
	options := r.file.Options
	r.source = options.Source
	switch {
	case r.source != "":
	case r.file.Mapping != nil:
		r.source = r.file.Mapping.Source
	case r.file.History != nil:
		r.source = r.file.History.Name
	}
	from, err := r.resume(ctx)
	if err != nil {
		return err
	}
	if from.Offset > 0 {
		options.From = from
	}
	if _, err := r.seek(from.Offset); err != nil {
		return spend.Errorf(spend.KindUnavailable, "import", "%w", err)
	}
	switch {
	case r.file.History != nil:
		r.reader = history.Open(r.in, r.file.History, history.Options{Source: r.source, Seller: r.file.Seller})
	case r.file.Mapping == nil:
		r.reader = connect.OpenEvents(r.in, options)
	default:
		r.reader = connect.Open(r.in, r.file.Mapping, options)
	}
	return nil
}

func (r *fileRun) seek(to int64) (int64, error) {
	if r.size == 0 {
		return 0, nil
	}
	return r.disk.Seek(to, io.SeekStart)
}

func (r *fileRun) name() string { return filepath.Base(r.file.Path) }

// resume finds where an earlier import of this very file stopped. Only a file
// whose records are named by key columns can go on in the middle.
func (r *fileRun) resume(ctx context.Context) (connect.Position, error) {
	var none connect.Position
	if r.size == 0 || r.file.Mapping == nil || !r.file.Mapping.Keyed() {
		return none, nil
	}
	offset, found, err := r.app.Lake.FileOffset(ctx, r.source, r.name())
	if err != nil || !found || offset.Bytes > r.size {
		return none, err
	}
	if r.hashTo(offset.Bytes); r.err != nil {
		return none, r.err
	}
	if [32]byte(r.prefix.Sum(nil)) != offset.Prefix { // another file of the same name
		r.prefix, r.hashed = r.file.newPrefix(), 0
		return none, nil
	}
	r.last, r.skipped = offset, offset.Records-1
	return r.header(offset)
}

// header reads the first record again for the names of the columns.
func (r *fileRun) header(offset lake.Offset) (connect.Position, error) {
	if _, err := r.seek(0); err != nil {
		return connect.Position{}, spend.Errorf(spend.KindUnavailable, "import", "%w", err)
	}
	top := connect.Open(r.in, r.file.Mapping, r.file.Options)
	if _, err := top.Next(); err != nil {
		return connect.Position{}, err
	}
	return connect.Position{Offset: offset.Bytes, Line: offset.Records, Header: top.Position().Header}, nil
}

// hashTo brings the prefix digest up to a byte of the file.
func (r *fileRun) hashTo(end int64) {
	n, err := io.Copy(r.prefix, io.NewSectionReader(r.disk, r.hashed, end-r.hashed))
	r.hashed += n
	if err != nil && r.err == nil {
		r.err = spend.Errorf(spend.KindUnavailable, "import", "read %s again: %w", r.name(), err)
	}
}

// Next gives the next record to the pipeline.
func (r *fileRun) Next(out *ingest.Record) error {
	at := r.reader.Position()
	rec, err := r.reader.Next()
	if err != nil {
		return err
	}
	r.before = at
	*out = ingest.Record{
		Event: rec.Event, Open: rec.Open, Hold: rec.Hold, Revisions: r.revisions(), File: r.name(), Line: rec.Line, End: rec.End,
		Digest: rec.Hash, Problems: rec.Problems, Bound: !r.file.Scope.Equal(&spend.Scope{}),
	}
	if out.Event.Source == "" {
		out.Event.Source = r.source
	}
	hold(&r.file.Scope, &out.Event.Scope)
	return nil
}

// hold puts what a credential's scope names over what is said.
func hold(scope, said *spend.Scope) {
	theirs := said.Fields()
	for i, own := range scope.Fields() {
		if *own != "" {
			*theirs[i] = *own
		}
	}
}

func (r *fileRun) revisions() spend.Revisions {
	switch {
	case r.file.Mapping != nil:
		return r.file.Mapping.Revisions
	case r.file.History != nil:
		return spend.Growing
	}
	return spend.Immutable
}

func (r *fileRun) offset(last *ingest.Record) *lake.Offset {
	if r.size == 0 {
		return nil
	}
	behind := r.reader.Position()
	if behind.Offset = last.End; r.file.Mapping != nil && r.unended(last.End) {
		behind = r.before
	}
	if behind.Offset == 0 { // its first record may still be written
		return nil
	}
	r.hashTo(behind.Offset)
	r.last = lake.Offset{
		Source: last.Event.Source, File: r.name(), Bytes: behind.Offset, Records: behind.Line,
		Prefix: [32]byte(r.prefix.Sum(nil)), UpdatedAt: r.app.Now().UTC(),
	}
	if r.source != "" {
		r.last.Source = r.source
	}
	offset := r.last
	return &offset
}

// unended says that the file ends within the line before a byte: it may still be written,
// so that the next import reads that line again.
func (r *fileRun) unended(end int64) bool {
	var last [1]byte
	n, _ := r.disk.ReadAt(last[:], end-1) // what cannot be read fails when it is hashed
	return n == 1 && last[0] != '\n'
}

func (r *fileRun) done() *lake.Offset {
	if r.last.File == "" || r.err != nil {
		return nil
	}
	r.last.Done = true
	return &r.last
}

func (r *fileRun) progress(so ingest.Result) {
	if r.file.Progress != nil {
		r.file.Progress(Progress{Result: so, Bytes: r.last.Bytes, Size: r.size})
	}
}
