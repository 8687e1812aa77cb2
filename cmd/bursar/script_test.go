package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// asCommand makes the test binary run as bursar itself.
const asCommand = "BURSAR_RUN_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(Main())
	}
	if to := os.Getenv(asPeer); to != "" {
		os.Exit(peer(to))
	}
	testscript.Main(m, map[string]func(){"bursar": func() { os.Exit(Main()) }})
}

// TestScripts runs every command, and every example of the documentation, as
// its user would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", UpdateScripts: os.Getenv("UPDATE") != ""})
}
