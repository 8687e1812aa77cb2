package paper_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// said is a text of a page with its place, in points from the lower left.
type said struct {
	x, y float64
	text string
}

// readPDF reads back what each page says, in the order in which it was set.
func readPDF(t testing.TB, file []byte) (pages [][]said) {
	t.Helper()
	for _, found := range regexp.MustCompile(`(?s)/FlateDecode[^\n]*>>\nstream\n(.*?)\nendstream`).FindAllSubmatch(file, -1) {
		z, err := zlib.NewReader(bytes.NewReader(found[1]))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(" Td (")) {
			pages = append(pages, textsOf(t, content))
		}
	}
	return pages
}

func textsOf(t testing.TB, content []byte) (all []said) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?s)BT ([-0-9.]+) ([-0-9.]+) Td \((.*?)\) Tj ET`).FindAllSubmatch(content, -1) {
		x, err1 := strconv.ParseFloat(string(m[1]), 64)
		y, err2 := strconv.ParseFloat(string(m[2]), 64)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		all = append(all, said{x, y, decoded(m[3])})
	}
	return all
}

// decoded reads an escaped string of two bytes a sign.
func decoded(raw []byte) string {
	raw = regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(raw, func(b []byte) []byte {
		if b[1] == 'r' {
			return []byte{'\r'}
		}
		return b[1:]
	})
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
	}
	return string(utf16.Decode(units))
}

// linesOf joins what stands on one line of a page.
func linesOf(page []said) []string {
	var lines []string
	last := -1.0
	for _, s := range page {
		if s.y != last || len(lines) == 0 {
			lines, last = append(lines, s.text), s.y
			continue
		}
		lines[len(lines)-1] += " | " + s.text
	}
	return lines
}

// allOf joins whatever a PDF says, so that what was broken over lines is whole again.
func allOf(pages [][]said) string {
	var b strings.Builder
	for _, page := range pages {
		for _, s := range page {
			b.WriteString(s.text + " ")
		}
	}
	return b.String()
}
