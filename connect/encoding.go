package connect

import (
	"bytes"

	"github.com/bursarhq/bursar/spend"
)

// decoded passes a UTF-8 byte order mark and refuses a stream that is not plain
// UTF-8 text from its first bytes on.
func (s *splitter) decoded() error {
	head := s.peek(512)
	if err := CheckText(head); err != nil {
		return err
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		s.pass(3)
	}
	return nil
}

// CheckText refuses a file whose first bytes, at most 512, are not those of plain UTF-8
// text, and says what to do with it. The error is of kind invalid.
func CheckText(head []byte) error {
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		return nil
	}
	for _, k := range [...]struct{ magic, what, hint string }{
		{"\xff\xfe", "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8, or save it as \"CSV UTF-8\""},
		{"\xfe\xff", "UTF-16 text", "convert it: iconv -f UTF-16 -t UTF-8, or save it as \"CSV UTF-8\""},
		{"\x1f\x8b", "compressed by gzip", "unpack it first: gunzip -c FILE.gz"},
		{"\x28\xb5\x2f\xfd", "compressed by zstd", "unpack it first: zstd -dc FILE.zst"},
		{"PK\x03\x04", "a zip archive or a spreadsheet", "unpack it, or save the sheet as \"CSV UTF-8\""},
		{"PAR1", "a Parquet file", "write it out as CSV first"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return spend.Errorf(spend.KindInvalid, "read file", "it is %s, not UTF-8 text", k.what).WithHint("%s", k.hint)
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return spend.Errorf(spend.KindInvalid, "read file", "it has zero bytes in its beginning: UTF-16 text without a mark, or no text at all").
			WithHint("convert it: iconv -f UTF-16LE -t UTF-8")
	}
	return nil
}
