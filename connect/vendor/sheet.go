package vendor

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"

	"github.com/bursarhq/bursar/spend"
)

const (
	maxFile   = 16 << 30 // bytes, unpacked
	maxHeader = 64 << 10
)

// sheet is a file as rows: a table, or pages of records.
type sheet interface {
	// next gives the next row, one that is torn with its problem, and io.EOF at the end.
	next() (*row, error)
	// found is the header of the first row, nil before there is one, and the columns of
	// all rows so far.
	found() (first *header, names []string)
}

// openSheet finds out what a file is, packed or not, by how it begins.
func openSheet(in io.Reader) (sheet, error) {
	b := bufio.NewReaderSize(in, maxHeader)
	if magic, err := b.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		unpacked, err := gzip.NewReader(b)
		if err != nil {
			return nil, spend.Errorf(spend.KindInvalid, "read export", "it is packed with gzip and cannot be unpacked").WithHint("give the file as it was downloaded")
		}
		b = bufio.NewReaderSize(unpacked, maxHeader)
	}
	limited := &limit{in: b, left: maxFile}
	b = bufio.NewReaderSize(limited, maxHeader)
	head, err := b.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, broken(err)
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, mark) {
		_, _ = b.Discard(len(mark)) // they are in the buffer
		head = head[len(mark):]
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil, spend.Errorf(spend.KindInvalid, "read export", "the file is no text in UTF-8").
			WithHint("save it as CSV UTF-8; a spreadsheet program may have kept another form")
	}
	if start := bytes.TrimLeft(head, " \t\r\n"); len(start) > 0 && (start[0] == '{' || start[0] == '[') {
		return openPages(b), nil
	}
	return openTable(b, head)
}

// limit reads so many bytes, and then says that there are too many.
type limit struct {
	in   io.Reader
	left int64
}

func (l *limit) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, spend.Errorf(spend.KindExhausted, "read export", "the file is longer than %d GiB, or a record of it than %d MiB", maxFile>>30, maxRecord>>20).
			WithHint("download fewer days at once; each day is complete in one file")
	}
	n, err := l.in.Read(b[:min(int64(len(b)), l.left)])
	l.left -= int64(n)
	return n, err
}

func broken(err error) error {
	var told *spend.Error
	if errors.As(err, &told) {
		return err
	}
	return spend.Errorf(spend.KindUnavailable, "read export", "it broke off: %w", err).WithHint("nothing of it is booked; import it again")
}
