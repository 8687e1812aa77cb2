package duck

import (
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// Options tune the engine; the zero value is right for a small server.
type Options struct {
	MemoryLimit string     // DuckDB's buffer limit, "1GB" when empty; Go's heap comes on top
	Threads     int        // for queries, all cores when 0
	Checkpoint  Checkpoint // when the write-ahead log is folded into the file
	Rolled      int64      // lines that the roll-up by days is extended by at least, 20,000 when 0
}

// Checkpoint says when MaybeCheckpoint acts. Until then a line takes about 2 KB of memory;
// a checkpoint holds appends up, for a tenth of a second or two after as many lines as here.
type Checkpoint struct {
	Rows int64         // after so many appended lines, 14,000 when 0
	Idle time.Duration // or once nothing was appended for so long, one minute when 0
}

// blockSize is that of a new file in bytes. Each column of a table that grows has a block in
// memory: at the engine's own 262,144 bytes, lines and open calls keep 70 MB for theirs.
// Queries and files are the same at a quarter of it.
const blockSize = "65536"

// storage is the engine whose files a new one is like, the first that packs documents.
const storage = "v1.2.0"

// rowGroup is how many rows the engine packs together. A checkpoint packs the last ones
// anew, with all their columns: at the engine's own 122,880 it takes up to a second and
// 150 MB when they are nearly full, at these some 100 ms and no memory to speak of.
const rowGroup = "16384"

// toOpen are the settings of the engine with which the file is opened. Until the size of
// row groups is known, none are merged.
func toOpen() url.Values {
	return url.Values{"default_block_size": {blockSize}, "storage_compatibility_version": {storage}, "max_vacuum_tasks": {"0"}}
}

func (o Options) settings(exports string) []string {
	set := []string{
		o.limit(),
		"SET GLOBAL checkpoint_threshold = '1GB'",          // ours to decide, see Checkpoint
		"SET GLOBAL max_vacuum_tasks = 100",                // as it is by default
		"SET GLOBAL disabled_compression_methods = 'fsst'", // a third of the cost of an append, for a few percent of the file
		"SET GLOBAL allocator_background_threads = true",   // so that what a checkpoint frees goes back to the system
		"SET GLOBAL autoload_known_extensions = false",
		"SET GLOBAL autoinstall_known_extensions = false",
		"SET GLOBAL allow_community_extensions = false",
		fmt.Sprintf("SET GLOBAL allowed_directories = [%s]", quote(exports)),
		"SET GLOBAL enable_external_access = false",
	}
	if o.Threads > 0 {
		set = append(set, fmt.Sprintf("SET GLOBAL threads = %d", o.Threads))
	}
	return append(set, "SET GLOBAL allowed_configs = ['memory_limit']", "SET GLOBAL lock_configuration = true")
}

func (o Options) limit() string {
	return "SET GLOBAL memory_limit = " + quote(orText(o.MemoryLimit, "1GB"))
}

// toRead are the settings of an engine that reads one file. They are given while it
// is opened, since a second reader of the file shares the engine.
func (o Options) toRead() url.Values {
	set := url.Values{
		"access_mode": {"READ_ONLY"}, "memory_limit": {orText(o.MemoryLimit, "1GB")},
		"autoload_known_extensions": {"false"}, "autoinstall_known_extensions": {"false"}, "allow_community_extensions": {"false"},
		"enable_external_access": {"false"}, "lock_configuration": {"true"},
	}
	if o.Threads > 0 {
		set.Set("threads", strconv.Itoa(o.Threads))
	}
	return set
}

// rows stays below 16,384 with the last batch, behind which a column of short texts, as most
// are empty, begins another block: all of them would at once. Fewer would be folded more often,
// and calls notice each time.
func (c Checkpoint) rows() int64 {
	if c.Rows > 0 {
		return c.Rows
	}
	return 14_000
}

func (c Checkpoint) idle() time.Duration {
	if c.Idle > 0 {
		return c.Idle
	}
	return time.Minute
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (o Options) leastRolled() int64 {
	if o.Rolled > 0 {
		return o.Rolled
	}
	return leastRolled
}
