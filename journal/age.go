package journal

import (
	"os"
	"time"
)

// Aged gives the position up to which nothing was written since an instant: what
// Truncate may remove for its age. It looks at whole segments and at their files'
// times.
func (j *Journal) Aged(since time.Time) (Position, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	aged := j.segments[0].start
	for i, s := range j.segments[:len(j.segments)-1] {
		info, err := os.Stat(s.path)
		if err != nil {
			return aged, diskError("look at journal segments", err)
		}
		if !info.ModTime().Before(since) {
			break
		}
		aged = j.segments[i+1].start
	}
	return aged, nil
}

// Turn begins a new segment when the one being written holds records and the one
// before it was last written before an instant: else the records of a quiet month
// would stay for as long as the segment has room.
func (j *Journal) Turn(since time.Time) error {
	before, err := j.beforeActive()
	if err != nil || before.After(since) {
		return err
	}
	j.rotate(j.opts.SegmentSize) // not even a full one has room for that beside a record
	return j.Ready()
}

// beforeActive says when the segment before the one being written was written
// last, the zero time when there is none.
func (j *Journal) beforeActive() (time.Time, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.segments) == 1 {
		return time.Time{}, nil
	}
	info, err := os.Stat(j.segments[len(j.segments)-2].path)
	if err != nil {
		return time.Time{}, diskError("look at journal segments", err)
	}
	return info.ModTime(), nil
}
