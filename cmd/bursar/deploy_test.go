package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bursarhq/bursar/config"
)

// TestDeployFiles keeps what an operator copies in step with the commands.
func TestDeployFiles(t *testing.T) {
	t.Parallel()
	c, err := config.Load("../../deploy/bursar.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/var/lib/bursar" {
		t.Errorf("the sample keeps its data in %s, the unit owns /var/lib/bursar", c.Data)
	}
	unit, err := os.ReadFile("../../deploy/bursar.service")
	if err != nil {
		t.Fatal(err)
	}
	if want := "\nStateDirectory=bursar " + filepath.Base(c.Backup.Folder) + "\n"; filepath.Dir(c.Backup.Folder) != "/var/lib" || !strings.Contains(string(unit), want) {
		t.Errorf("the sample keeps its backups in %s, which the unit does not own", c.Backup.Folder)
	}
	image, err := os.ReadFile("../../deploy/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range regexp.MustCompile(`(?m)^Exec\w*=/usr/local/bin/bursar (.*)$`).FindAllStringSubmatch(string(unit), -1) {
		lines = append(lines, m[1])
	}
	m := regexp.MustCompile(`(?m)^CMD \[(.*)\]$`).FindStringSubmatch(string(image))
	if len(lines) != 2 || m == nil {
		t.Fatalf("commands of the unit: %q, of the image: %q", lines, m)
	}
	lines = append(lines, strings.NewReplacer(`"`, "", ",", "").Replace(m[1]))
	for _, line := range lines {
		cmd, rest, err := newRoot().Find(strings.Fields(line))
		if err == nil {
			err = cmd.ParseFlags(rest)
		}
		if err != nil || cmd.Name() != "serve" {
			t.Errorf("%q: %v", line, err)
		}
	}
}
