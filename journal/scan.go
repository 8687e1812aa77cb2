package journal

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// scanBuffer is how much of a segment is read at once; less where less is asked for, as
// by whoever follows the end.
const scanBuffer = 256 << 10

// errNoRecord says that no whole record stands at the scanner's place.
var errNoRecord = errors.New("no whole record")

// scanner reads the records of one segment up to a limit. Its buffers are
// reused: a payload is valid until the next record is read.
type scanner struct {
	in      *bufio.Reader
	at      Position // of the next record's first byte
	limit   int64    // offset at which the segment ends
	payload []byte
}

func newScanner(file io.ReaderAt, at Position, limit int64) *scanner {
	from := int64(at.Offset())
	length := max(limit-from, 0)
	return &scanner{
		in: bufio.NewReaderSize(io.NewSectionReader(file, from, length), int(min(max(length, headSize), scanBuffer))),
		at: at, limit: limit,
	}
}

// next reads a record and moves behind it. It fails with io.EOF exactly at the
// limit, and with errNoRecord where a record is torn or damaged.
func (s *scanner) next() (head, []byte, error) {
	left := s.limit - int64(s.at.Offset())
	if left == 0 {
		return head{}, nil, io.EOF
	}
	b, err := s.in.Peek(int(min(headSize, max(left, 0))))
	if err != nil && !errors.Is(err, io.EOF) {
		return head{}, nil, err
	}
	if len(b) < headSize {
		return head{}, nil, errNoRecord
	}
	h, ok := readHead(b, s.at)
	if !ok || int64(headSize)+int64(h.length) > left {
		return head{}, nil, errNoRecord
	}
	if err := s.readPayload(h); err != nil {
		return head{}, nil, err
	}
	s.at += Position(headSize + h.length)
	return h, s.payload, nil
}

func (s *scanner) readPayload(h head) error {
	if _, err := s.in.Discard(headSize); err != nil {
		return err
	}
	if uint32(cap(s.payload)) < h.length {
		s.payload = make([]byte, h.length)
	}
	s.payload = s.payload[:h.length]
	if _, err := io.ReadFull(s.in, s.payload); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return errNoRecord
		}
		return err
	}
	if checksum(s.payload) != h.sum {
		return errNoRecord
	}
	return nil
}

// remains tells what stands behind the last whole record.
type remains struct {
	torn     int64    // bytes up to the last one that is not zero
	promised Position // the furthest position that a later head saw synced
}

// inspect looks through everything behind a place for heads that still say how
// far the journal had been synced.
func inspect(file io.ReaderAt, at Position, size int64) (remains, error) {
	var found remains
	buf := make([]byte, scanBuffer)
	from := int64(at.Offset())
	for off := from; off < size; off += scanBuffer - headSize {
		n, err := file.ReadAt(buf[:min(scanBuffer, size-off)], off)
		if err != nil && !errors.Is(err, io.EOF) {
			return remains{}, err
		}
		if used := len(bytes.TrimRight(buf[:n], "\x00")); used > 0 {
			found.torn = off + int64(used) - from
		}
		found.promised = max(found.promised, witnesses(buf[:n], place(at.Segment(), uint32(off))))
	}
	return found, nil
}

// witnesses gives the furthest position that any head in a chunk saw synced.
func witnesses(chunk []byte, at Position) (promised Position) {
	for i := 0; ; i++ {
		k := bytes.Index(chunk[i:], []byte(marker))
		if k < 0 || i+k+headSize > len(chunk) {
			return promised
		}
		i += k
		if h, ok := readHead(chunk[i:], at+Position(i)); ok {
			promised = max(promised, h.witness)
		}
	}
}
