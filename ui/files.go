package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
)

// The pattern means placeholder, which is kept, and dist, which is there when it was
// built: naming dist would break a build without Node.
//
//go:embed all:[pd][il]*
var built embed.FS

// pages are the paths that the dashboard itself takes apart.
var pages = []string{
	"/", "/explore", "/workflows", "/agents", "/runs", "/bill", "/outcomes", "/adoption", "/forecast", "/budgets", "/alerts", "/quality", "/reconciliation", "/settings",
}

// details are the pages of one thing each, whose name follows.
var details = []string{"/workflows/", "/agents/", "/settings/"}

// file is one file of the dashboard as it is sent. It is read when it is asked for, since
// most servers are asked for few of them.
type file struct {
	name    string
	packed  map[string]string // the names of the same by content encoding, made when it was built
	media   string
	tag     string // its content's hash, so that a new binary shows its new page
	forever bool   // its name holds its content's hash
}

// read gives the files by their paths; every page is the same file.
func read() (map[string]file, error) {
	folder := "dist"
	if _, err := fs.Stat(built, "dist/index.html"); err != nil {
		folder = "placeholder"
	}
	files := map[string]file{}
	err := fs.WalkDir(built, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || encoded(name) {
			return err
		}
		found, err := load(name)
		files[strings.TrimPrefix(name, folder)] = found
		return err
	})
	for _, page := range pages {
		files[page] = files["/index.html"]
	}
	delete(files, "/index.html")
	return files, err
}

// pageOf gives the path of the page that shows a path: the one of a thing is that of all.
func pageOf(path string) string {
	for _, one := range details {
		if strings.HasPrefix(path, one) && len(path) > len(one) {
			return strings.TrimSuffix(one, "/")
		}
	}
	return path
}

func encoded(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

func load(name string) (file, error) {
	body, err := built.ReadFile(name)
	sum := sha256.Sum256(body)
	found := file{
		name: name, packed: map[string]string{}, media: media(name), tag: hex.EncodeToString(sum[:8]),
		forever: strings.Contains(name, "/assets/"),
	}
	for encoding, ending := range map[string]string{"br": ".br", "gzip": ".gz"} {
		if _, err := fs.Stat(built, name+ending); err == nil {
			found.packed[encoding] = name + ending
		}
	}
	return found, err
}

// media does not lean on the machine's table of types, which may know less, and is large.
func media(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return "application/octet-stream"
}
