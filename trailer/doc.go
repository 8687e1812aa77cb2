// Package trailer puts the run that made a commit into the commit's message, so
// that the work which ships can be joined with what it cost.
//
// It writes one hook of git, prepare-commit-msg, which adds the line "AI-Run: ID"
// when a coding agent or its user has named the run in the environment. The hook is
// plain shell and needs nothing but git. It refuses to make a commit fail, to let an
// empty message pass for a written one, to speak for merges, squashes and rewritten
// commits, and to replace a hook that was there: that one goes first.
//
// Start with Find, then Hook.Install.
//
// Invariant: installing twice changes nothing, and uninstalling leaves the folder of
// hooks as it was before.
package trailer
