package harvest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/bursarhq/bursar/connect/agentlog"
	"github.com/bursarhq/bursar/spend"
)

// found is a log file.
type found struct {
	look
	path string // on this machine
	name string // below its folder, with slashes
	id   string // stands for the path
}

// look is what a file looked like; while it does, it holds nothing new.
type look struct {
	size     int64
	modified time.Time
}

// Default gives the folders that a program uses on this machine.
func Default(p *agentlog.Program) ([]string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "find the logs of "+p.Title, "%w", err).WithHint("name the folder: bursar import %s DIR", p.Name)
	}
	return p.Folders(agentlog.Env{Home: home, Get: os.Getenv}), nil
}

// Within gives the folders of a program below one that a person named: the home of the
// program, such as ~/.claude, or the very folder of its logs.
func Within(p *agentlog.Program, dir string) []string {
	var below []string
	for _, folder := range p.Folders(agentlog.Env{Home: dir, Get: func(string) string { return "" }}) {
		below = append(below, filepath.Join(dir, filepath.Base(folder)), folder)
	}
	below = slices.DeleteFunc(below, func(dir string) bool {
		info, err := os.Stat(dir)
		return err != nil || !info.IsDir()
	})
	if len(below) == 0 {
		return []string{dir}
	}
	return below
}

// Look says why there is nothing to read, nil when there is a folder.
func (h *Harvest) Look() error {
	_, err := h.find()
	return err
}

// find lists the log files of all folders, in the order of their names.
func (h *Harvest) find() ([]found, error) {
	var all []found
	there, known := 0, map[string]bool{}
	for _, folder := range h.Folders {
		real, err := filepath.EvalSymlinks(folder)
		if errors.Is(err, fs.ErrNotExist) || err == nil && known[real] {
			continue
		}
		if err == nil {
			known[real] = true
			err = h.walk(real, &all)
		}
		if err != nil {
			return nil, spend.Errorf(spend.KindUnavailable, "look for logs of "+h.Program.Title, "%w", err)
		}
		there++
	}
	if there == 0 {
		return nil, noFolder(&h.Program, h.Folders)
	}
	return all, nil
}

// walk adds the files below a folder. What lies in a folder that may not be read is
// passed over, but for the first one.
func (h *Harvest) walk(folder string, all *[]found) error {
	return filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && file == folder:
			return err
		case err != nil:
			return nil //nolint:nilerr // of one folder among many
		case file == folder && !d.IsDir():
			return spend.Errorf(spend.KindInvalid, "read the folder", "%s is a file", folder).WithHint("name the folder that it lies in")
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(folder, file)
		if err != nil || !h.Program.Takes(filepath.ToSlash(name)) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // it is gone
		}
		*all = append(*all, found{look: look{info.Size(), info.ModTime()}, path: file, name: filepath.ToSlash(name), id: idOf(file)})
		return nil
	})
}

// Changed says whether any file looks otherwise than when it was read last.
func (h *Harvest) Changed() bool {
	files, err := h.find()
	return err == nil && slices.ContainsFunc(files, func(f found) bool { return h.looked[f.id] != f.look })
}

// idOf stands for a path, which is not told.
func idOf(file string) string {
	if absolute, err := filepath.Abs(file); err == nil {
		file = absolute
	}
	sum := sha256.Sum256([]byte("log\x00" + file))
	return hex.EncodeToString(sum[:16])
}

// base is the name of a file without its path.
func (f *found) base() string { return path.Base(f.name) }
