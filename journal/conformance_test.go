package journal_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/bursarhq/bursar/journal"
	"github.com/bursarhq/bursar/journal/journaltest"
)

const childFolder = "JOURNAL_TEST_CHILD_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		if err := journaltest.Child(os.Stdout, dir, openSmall); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// openSmall opens a journal whose segments hold about 50 records of the suite.
func openSmall(dir string, files journaltest.Files) (journaltest.Journal, error) {
	j, err := journal.Open(dir, journal.Options{SegmentSize: 4 << 10, OpenFile: files})
	if err != nil {
		return nil, err
	}
	return j, nil
}

func TestConformance(t *testing.T) {
	t.Parallel()
	journaltest.Run(t, openSmall)
}

func TestDisk(t *testing.T) {
	t.Parallel()
	journaltest.RunDisk(t, openSmall)
}

func TestCrash(t *testing.T) {
	t.Parallel()
	journaltest.Crash(t, openSmall, func(dir string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFolder+"="+dir)
		return cmd
	})
}
