package duck

import (
	"fmt"
	"time"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// exec runs one statement.
//
// The engine hands the work of a statement, a COMMIT with its sync too, to a thread of its
// own, and whoever asked for it would turn in a loop until that one is done: a whole core
// for as long as the disk takes. So the work is asked for piece by piece, and slept upon
// while another thread has it.
func (w *writer) exec(text string, args ...string) error {
	var stmt mapping.PreparedStatement
	defer mapping.DestroyPrepare(&stmt)
	if mapping.Prepare(w.conn, text, &stmt) == mapping.StateError {
		return fmt.Errorf("%s: %s", text, mapping.PrepareError(stmt))
	}
	for i, arg := range args {
		mapping.BindVarchar(stmt, mapping.IdxT(i+1), arg)
	}
	var work mapping.PendingResult
	defer mapping.DestroyPending(&work)
	if mapping.PendingPrepared(stmt, &work) == mapping.StateError {
		return fmt.Errorf("%s: %s", text, mapping.PendingError(work))
	}
	await(work)
	var result mapping.Result
	defer mapping.DestroyResult(&result)
	if mapping.ExecutePending(work, &result) == mapping.StateError {
		return fmt.Errorf("%s: %s", text, mapping.ResultError(&result))
	}
	return nil
}

// await does what there is to do of a statement, and sleeps while others do the rest:
// longer and longer, to a millisecond.
func await(work mapping.PendingResult) {
	const longest = time.Millisecond
	for pause := 20 * time.Microsecond; ; {
		state := mapping.PendingExecuteTask(work)
		switch {
		case mapping.PendingExecutionIsFinished(state):
			return
		case state == mapping.PendingStateNoTasksAvailable:
			time.Sleep(pause)
			pause = min(2*pause, longest)
		}
	}
}

// define runs a statement of the schema, which the engine may take apart into several.
func (w *writer) define(text string) error {
	var result mapping.Result
	defer mapping.DestroyResult(&result)
	if mapping.Query(w.conn, text, &result) == mapping.StateError {
		return fmt.Errorf("%s: %s", text, mapping.ResultError(&result))
	}
	return nil
}
