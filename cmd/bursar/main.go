// Command bursar keeps the accounts of an organisation's AI.
//
// One file holds one command; none holds logic. Start with root.go.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones, on hosts that have none
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(Main()) }

// Main runs the command line of the process and gives its exit code.
func Main() int {
	syscall.Umask(0o077) // the ledger's engine makes its files for everybody, again and again; they are their owner's
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		startTuned() // before signals are heard, which would be lost with this start
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	signal.Ignore(syscall.SIGXFSZ) // a file that may not grow is an error to tell, not a death
	root := newRoot()
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprint(os.Stderr, explain(err))
		return exitCode(err)
	}
	return 0
}
