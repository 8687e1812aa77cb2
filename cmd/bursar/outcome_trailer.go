package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/trailer"
)

func newOutcomeTrailer(c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "trailer",
		Short: "Put the run that makes a commit into its message",
		Long: fmt.Sprintf(`A hook of git adds the line "%s: ID" to the message of each commit that a
run makes, once, so that shipped work is joined with its cost. The run is named by
$%s, whichever is set first. The hook never makes a commit fail,
leaves merges, squashes and rewritten commits alone, and runs a hook that was there
before it. docs/outcomes.md explains what the line is for.`, trailer.Key, strings.Join(trailer.Variables(), ", $")),
		Example: "  bursar outcome trailer install\n  bursar outcome trailer status ../shop\n  bursar outcome trailer uninstall",
	}
	cmd.AddCommand(
		c.trailer(&cobra.Command{Use: "install [DIR]", Short: "Write the hook of a repository, or bring it up to date"}, trailer.Hook.Install),
		c.trailer(&cobra.Command{Use: "uninstall [DIR]", Short: "Remove the hook, and put back the one from before"}, uninstall),
		c.trailer(&cobra.Command{Use: "status [DIR]", Short: "Say whether the hook is there"}, trailer.Hook.State),
	)
	return cmd
}

// trailer completes a command that works on the hook of one repository.
func (c *common) trailer(cmd *cobra.Command, do func(trailer.Hook) (trailer.State, error)) *cobra.Command {
	cmd.Long = "DIR is a folder of the repository's working tree; without it the current one."
	cmd.Example = "  bursar outcome trailer " + cmd.Name() + "\n  bursar outcome trailer " + cmd.Name() + " ../shop"
	cmd.Args = cobra.MaximumNArgs(1)
	cmd.RunE = func(cmd *cobra.Command, folders []string) error {
		hook, err := trailer.Find(cmd.Context(), append(folders, ".")[0])
		if err != nil {
			return err
		}
		state, err := do(hook)
		if err != nil {
			return err
		}
		return c.showTrailer(cmd, state)
	}
	return cmd
}

func uninstall(h trailer.Hook) (trailer.State, error) {
	if _, err := h.Uninstall(); err != nil {
		return trailer.State{}, err
	}
	return h.State()
}

func (c *common) showTrailer(cmd *cobra.Command, s trailer.State) error {
	out := cmd.OutOrStdout()
	return c.form(map[string]func() error{
		"json": func() error { return json.NewEncoder(out).Encode(s) },
		"table": func() error {
			_, err := fmt.Fprintln(out, trailerText(s))
			return err
		},
	})
}

func trailerText(s trailer.State) string {
	switch {
	case !s.Installed:
		return "not installed: commits do not name their run (" + s.Path + ")"
	case s.Outdated:
		return "installed by another version: bursar outcome trailer install brings it up to date (" + s.Path + ")"
	case s.Before:
		return "installed, behind the hook that was there before: " + s.Path
	}
	return "installed: " + s.Path
}
