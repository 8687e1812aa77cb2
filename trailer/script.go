package trailer

import (
	"slices"
	"strings"
)

// Key is the trailer's name in a commit message.
const Key = "AI-Run"

// Variables are those of the environment that name the run, the strongest first:
// what somebody says on purpose, then what coding agents give to the programs that
// they start.
func Variables() []string {
	return []string{"BURSAR_RUN", "CLAUDE_CODE_SESSION_ID", "CODEX_THREAD_ID"}
}

// mark is the line by which a hook is known as ours, whatever its version.
const mark = "# Written by bursar outcome trailer install."

// aside is what the name of a hook that was there before is given behind it.
const aside = ".before-bursar"

// script is the hook. Git says in the second argument where the message comes from;
// only a message that somebody has written gets the trailer: one that is still to be
// typed must stay empty, so that leaving it empty gives the commit up.
func script() string {
	run := ""
	for _, name := range slices.Backward(Variables()) {
		run = "${" + name + ":-" + run + "}"
	}
	return strings.NewReplacer("MARK", mark, "ASIDE", aside, "KEY", Key, "RUN", run).Replace(`#!/bin/sh
MARK
# It adds "KEY: <run>" to the message of a commit that an AI run makes.
if [ -x "$0ASIDE" ]; then
	"$0ASIDE" "$@" || exit $?
fi
case "${2-}" in
message | commit) ;;
*) exit 0 ;;
esac
run=RUN
case "$run" in
'' | *[!A-Za-z0-9._:/@+-]*) exit 0 ;;
esac
[ "${#run}" -le 200 ] || exit 0
for state in rebase-merge rebase-apply CHERRY_PICK_HEAD MERGE_HEAD SQUASH_MSG; do
	[ ! -e "$(git rev-parse --git-path "$state" 2>/dev/null)" ] || exit 0
done
git interpret-trailers --in-place --no-divider --where end --if-exists addIfDifferent \
	--if-missing add --trailer "KEY: $run" "$1" 2>/dev/null
exit 0
`)
}
