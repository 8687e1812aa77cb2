package backup

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bursarhq/bursar/spend"
)

const (
	manifestName = "manifest.json"
	format       = "bursar-backup/1"
	maxManifest  = 16 << 20 // bytes; a folder of prices may have thousands of files
)

// Figures are counts and sums by name: two copies of one thing have the same.
type Figures map[string]string

// Manifest says what a backup holds. Positions are those of the journal.
type Manifest struct {
	Format  string         `json:"format"`
	MadeAt  time.Time      `json:"made_at"`
	Schemas map[string]int `json:"schemas"` // of the parts, for people: the parts check their own
	Booked  uint64         `json:"booked"`  // up to here the lake holds what was accepted
	Synced  uint64         `json:"synced"`  // up to here the journal's tail holds the rest
	Tail    Tail           `json:"tail"`
	Lake    Figures        `json:"lake"`
	State   Figures        `json:"state"`
	Files   []File         `json:"files"`
	Sum     string         `json:"sum"` // SHA-256 of this document with an empty sum
}

// Tail is what a journal holds behind a position.
type Tail struct {
	Records int64  `json:"records"`
	Digest  string `json:"digest"` // SHA-256 of their positions, keys and bytes
	End     uint64 `json:"end"`    // behind the last record, the position itself when there is none
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"` // with slashes, within the folder
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Bytes is the size of all files.
func (m *Manifest) Bytes() (n int64) {
	for _, f := range m.Files {
		n += f.Bytes
	}
	return n
}

// ReadManifest reads the manifest of a backup and checks that it is whole. The
// error is of kind notfound when the folder holds none, conflict when a newer Bursar
// wrote it, and invalid when it is damaged.
func ReadManifest(dir string) (Manifest, error) {
	text, err := readLimited(filepath.Join(dir, manifestName))
	if err != nil {
		return Manifest{}, err
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, damaged(manifestName, "it is no manifest: %w", err)
	}
	if m.Format != format {
		return Manifest{}, spend.Errorf(spend.KindConflict, "read backup", "its format is %.40q, this version reads %q", m.Format, format).
			WithHint("use the Bursar that made it")
	}
	again, err := m.encode()
	if err != nil || !bytes.Equal(again, text) {
		return Manifest{}, damaged(manifestName, "it is not as it was written")
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return Manifest{}, damaged(manifestName, "it names %q, which is outside of the folder", f.Name)
		}
	}
	return m, nil
}

func readLimited(path string) ([]byte, error) {
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, spend.Errorf(spend.KindNotFound, "read backup", "%w", err).
			WithHint("name the folder of one backup, in which %s lies; one that was cut short ends in %s", manifestName, partial)
	}
	if err != nil {
		return nil, diskError("read backup", err)
	}
	defer in.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(in, maxManifest+1))
	if err != nil {
		return nil, diskError("read backup", err)
	}
	if len(text) > maxManifest {
		return nil, damaged(manifestName, "it has more than %d bytes", maxManifest)
	}
	return text, nil
}

// encode gives the document with its sum.
func (m Manifest) encode() ([]byte, error) {
	m.Sum = ""
	bare, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(bare)
	m.Sum = hex.EncodeToString(sum[:])
	text, err := json.MarshalIndent(m, "", "  ")
	return append(text, '\n'), err
}

func damaged(file, format string, args ...any) *spend.Error {
	return spend.Errorf(spend.KindInvalid, "check backup, "+file, format, args...).
		WithHint("this backup cannot be relied on: take an earlier one, and check the disk it lies on")
}
