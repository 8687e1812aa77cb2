package auth

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/bursarhq/bursar/spend"
)

const auditPage = 500

// Check is what a walk along the audit trail found.
type Check struct {
	Entries int64  `json:"entries"`       // sound entries before the first broken one
	Head    Head   `json:"head"`          // the last sound entry
	Broken  int64  `json:"broken"`        // sequence number of the first broken entry, 0 when all is sound
	Why     string `json:"why,omitempty"` // what is wrong with it
}

// Verify walks the trail from its start and names the first broken entry. The
// chain alone cannot show that its end was cut off or that all of it was written
// anew: that takes an anchor, a head noted earlier elsewhere. A zero anchor is
// none.
func Verify(ctx context.Context, trail AuditReader, anchor Head) (Check, error) {
	var check Check
	for {
		page, err := trail.AuditAfter(ctx, check.Head.Seq, auditPage)
		if err != nil {
			return check, err
		}
		for _, row := range page {
			if !check.step(row, anchor) {
				return check, nil
			}
		}
		if len(page) < auditPage {
			break
		}
	}
	if anchor.Seq > check.Head.Seq {
		check.broken(check.Head.Seq+1, "the trail ends before entry %d, which was noted elsewhere", anchor.Seq)
	}
	return check, nil
}

func (c *Check) step(row AuditRow, anchor Head) bool {
	entry, err := ReadEntry(row)
	want := c.Head.Seq + 1
	switch {
	case row.Seq != want:
		c.broken(want, "entry %d is missing, %d follows", want, row.Seq)
	case DigestOf(row.Entry) != row.Hash:
		c.broken(want, "its bytes do not give its hash")
	case err != nil:
		c.broken(want, "its bytes are no entry")
	case entry.Seq != row.Seq:
		c.broken(want, "its bytes say that it is entry %d", entry.Seq)
	case entry.Previous != c.Head.Hash:
		c.broken(want, "it does not follow the entry before")
	case anchor.Seq == row.Seq && anchor.Hash != row.Hash:
		c.broken(want, "another hash was noted elsewhere for it")
	default:
		c.Entries, c.Head = c.Entries+1, Head{row.Seq, row.Hash}
		return true
	}
	return false
}

func (c *Check) broken(seq int64, format string, args ...any) {
	c.Broken, c.Why = seq, fmt.Sprintf(format, args...)
}

// ReadEntry reads the canonical bytes of a row. The error is of kind internal:
// nothing but Append writes them.
func ReadEntry(row AuditRow) (Entry, error) {
	var e Entry
	if err := json.Unmarshal([]byte(row.Entry), &e); err != nil {
		return Entry{}, spend.Errorf(spend.KindInternal, "read the audit trail", "entry %d: %w", row.Seq, err).
			WithHint("verify the trail: these bytes were changed outside Bursar")
	}
	return e, nil
}
