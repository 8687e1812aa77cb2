package lake

import (
	"time"

	"github.com/bursarhq/bursar/outcome"
	"github.com/bursarhq/bursar/spend"
)

// Batch is what one transaction appends: all of it becomes visible and durable,
// or none. A batch with More set is so with the first batch after it that has not. Nothing in it is ever changed later but the offset.
type Batch struct {
	Charges    []spend.Charge
	Sightings  []Sighting
	Keys       []KeyLink
	Quarantine []Rejected
	Outcomes   []outcome.Line
	Opens      []spend.Charge // lines of the open calls, see OpenCalls
	Resolved   []Resolution
	Offset     *Offset  // nil when the batch does not come from a resumable source
	Marks      []Offset // of the files of a source that has many
	More       bool     // the next batch follows at once: both may be committed together
}

// Empty says that there is nothing to append.
func (b *Batch) Empty() bool {
	return len(b.Charges)+len(b.Sightings)+len(b.Keys)+len(b.Quarantine)+len(b.Outcomes)+len(b.Opens)+len(b.Resolved)+len(b.Marks) == 0 && b.Offset == nil
}

// Head is the narrow form of a booked line, enough to recognise a repeated or
// revised record.
type Head struct {
	Attempt   spend.ID
	ID        spend.ID // of the line
	ContentID spend.ID
	Source    string
	SourceKey string
	Rank      spend.Rank
	Revision  int64
}

// Sighting is what one source said about one attempt. It is kept for ever and
// never summed; its event holds numbers and identities only.
type Sighting struct {
	Attempt   spend.ID
	Source    string
	SourceKey string
	Rank      spend.Rank
	Revision  int64
	BookedAt  time.Time
	ContentID spend.ID
	Event     spend.Event
}

// KeyLink says that an attempt is also known under a key that is not its id.
type KeyLink struct {
	Key     spend.ID
	Attempt spend.ID
}

// Offset is how far a source has been read. It is committed with the lines that
// came from the bytes before it.
type Offset struct {
	Source    string
	File      string   // file within the source, "" for a stream
	Bytes     int64    // read so far
	Records   int64    // read so far, rejected ones included
	Prefix    [32]byte // SHA-256 of the bytes read so far
	Done      bool     // the file was read to its end
	UpdatedAt time.Time
}

// Window bounds a look-up by time of use, From included and To not; a zero time
// leaves that side open. It lets an engine skip what cannot match.
type Window struct{ From, To time.Time }
