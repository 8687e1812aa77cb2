package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	segmentSuffix = ".seg"
	spareSuffix   = ".spare"
	segmentMagic  = "bursarj1"
)

// A segment file begins with
//
//	0  magic, 8 bytes, its last one the version of the format
//	8  the position where the segment before ended; zero in the first one
//	16 the number of this segment
//	20 CRC-32C of the bytes before
//	24 zeros
//
// so every segment but the newest has a known end, and everything before that
// end was synced.
const preambleSize = 32

// segment is one file of the journal.
type segment struct {
	number  uint32
	start   Position // where the segment before ended
	path    string
	readers int // replays that have it open; such a segment is not taken away
}

func segmentPath(dir string, number uint32) string {
	return filepath.Join(dir, fmt.Sprintf("%010d%s", number, segmentSuffix))
}

func preamble(number uint32, start Position) []byte {
	b := make([]byte, preambleSize)
	copy(b, segmentMagic)
	binary.LittleEndian.PutUint64(b[8:], uint64(start))
	binary.LittleEndian.PutUint32(b[16:], number)
	binary.LittleEndian.PutUint32(b[20:], checksum(b[:20]))
	return b
}

// createSegment makes a segment whole before it has its name: a file that is
// called .seg always has its preamble. A spare, when there is one, becomes it.
func (j *Journal) createSegment(number uint32, start Position) (*segment, File, error) {
	s := &segment{number: number, start: start, path: segmentPath(j.dir, number)}
	from := filepath.Join(j.dir, "new"+spareSuffix)
	if n := len(j.spares); n > 0 {
		from, j.spares = j.spares[n-1], j.spares[:n-1]
	}
	file, err := j.opts.OpenFile(from)
	if err != nil {
		return nil, nil, err
	}
	if err = nameSegment(file, from, s); err == nil {
		j.filled, err = sizeOf(s.path)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return s, file, nil
}

func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func nameSegment(file File, from string, s *segment) error {
	if _, err := file.WriteAt(preamble(s.number, s.start), 0); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(from, s.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(s.path))
}

// listSegments reads the preambles of all segments, oldest first, and refuses
// gaps.
func listSegments(dir string) ([]*segment, error) {
	entries, err := os.ReadDir(dir) // sorted by name, which is by number
	if err != nil {
		return nil, diskError("open journal", err)
	}
	var all []*segment
	for _, e := range entries {
		name, ours := strings.CutSuffix(e.Name(), segmentSuffix)
		number, err := strconv.ParseUint(name, 10, 32)
		if !ours || err != nil {
			continue
		}
		s, err := readPreamble(segmentPath(dir, uint32(number)), uint32(number))
		if err != nil {
			return nil, err
		}
		if err := follows(all, s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func readPreamble(path string, number uint32) (*segment, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, diskError("open journal", err)
	}
	defer file.Close()
	b := make([]byte, preambleSize)
	if _, err := file.ReadAt(b, 0); err != nil {
		return nil, damaged("open journal", number, 0, "its beginning cannot be read: "+err.Error())
	}
	start := Position(binary.LittleEndian.Uint64(b[8:]))
	if string(b) != string(preamble(number, start)) {
		return nil, damaged("open journal", number, 0, "its beginning is not one of this journal's")
	}
	return &segment{number: number, start: start, path: path}, nil
}

// follows checks that a segment continues the ones before it.
func follows(before []*segment, s *segment) error {
	if len(before) == 0 {
		return nil
	}
	last := before[len(before)-1]
	if s.number != last.number+1 || s.start.Segment() != last.number {
		return damaged("open journal", last.number+1, 0, fmt.Sprintf("it is missing between %d and %d", last.number, s.number))
	}
	size, err := sizeOf(last.path)
	if err != nil {
		return diskError("open journal", err)
	}
	if size < int64(s.start.Offset()) {
		return damaged("open journal", last.number, size, fmt.Sprintf("it ends before byte %d", s.start.Offset()))
	}
	return nil
}
