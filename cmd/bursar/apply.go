package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

const applyPath = "/api/v1/apply"

func newApply(c *common) *cobra.Command {
	var paths []string
	var dry, yes bool
	cmd := &cobra.Command{
		Use:   "apply -f FILE|FOLDER",
		Short: "Put declarative files in force: as a diff first",
		Long: `Apply reads documents of the organisation, of outcomes, of attribution rules, of the register, of
budgets, of the calendar and of plans (YAML; of a folder every .yaml and .yml file), shows what they change, and puts them
in force, all or none. What is booked stays; what is booked next follows them, also in
a running server. Documents that are not among the files stay in force. It asks first;
without a terminal it wants --yes. See docs/organisation.md.`,
		Example: "  bursar apply -f policies/ --dry-run\n  bursar apply -f policies/organisation.yaml --yes",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			order, err := declaredIn(paths)
			if err != nil {
				return err
			}
			c.create = !dry
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				return c.apply(ctx, cmd, cl, applying{order, dry, yes})
			})
		},
	}
	cmd.Flags().StringArrayVarP(&paths, "file", "f", nil, "a file or a folder; may be repeated")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only show what would change, and what would be refused")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// declaredIn reads the documents of files and of folders.
func declaredIn(paths []string) (order api.ApplyOrder, err error) {
	if len(paths) == 0 {
		return order, spend.Errorf(spend.KindInvalid, "apply", "no file is named").WithHint("bursar apply -f FILE or -f FOLDER")
	}
	for _, path := range paths {
		files, err := filesOf(path)
		if err != nil {
			return order, err
		}
		for _, file := range files {
			text, err := bounded(file)
			if err != nil {
				return order, err
			}
			order.Documents = append(order.Documents, api.Declared{File: filepath.Base(file), Text: text})
		}
	}
	return order, nil
}

// filesOf lists a file itself, or the documents in a folder by name.
func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, spend.Errorf(spend.KindNotFound, "apply", "%w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	for _, pattern := range []string{"*.yaml", "*.yml"} {
		found, err := filepath.Glob(filepath.Join(path, pattern))
		if err != nil {
			return nil, spend.Errorf(spend.KindInvalid, "apply", "%w", err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, spend.Errorf(spend.KindNotFound, "apply", "there is no .yaml file in %s", path)
	}
	slices.Sort(files)
	return files, nil
}

func bounded(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", spend.Errorf(spend.KindNotFound, "apply", "%w", err)
	}
	defer discard(f)
	text, err := io.ReadAll(io.LimitReader(f, policy.MaxBytes+1))
	if err != nil {
		return "", spend.Errorf(spend.KindUnavailable, "apply", "%w", err)
	}
	return string(text), nil
}

// applying is what is to be applied, and how.
type applying struct {
	order    api.ApplyOrder
	dry, yes bool
}

// apply shows what documents change and, when that is meant, does it.
func (c *common) apply(ctx context.Context, cmd *cobra.Command, cl *client.Client, a applying) error {
	var found api.Application
	a.order.DryRun = true
	if err := cl.Post(ctx, applyPath, a.order, &found); err != nil {
		return err
	}
	if a.dry {
		return c.showChanges(cmd.OutOrStdout(), &found)
	}
	if c.output == "table" {
		if err := c.showChanges(cmd.OutOrStdout(), &found); err != nil {
			return err
		}
	}
	if refused(&found) == 0 && len(found.Changes) > 0 {
		if err := sure(cmd, a.yes, "apply", "these changes count for what is booked from now on"); err != nil {
			return err
		}
	}
	a.order.DryRun, a.order.Over = false, found.Over
	if err := cl.Post(ctx, applyPath, a.order, &found); err != nil {
		return err
	}
	if c.output != "table" {
		return c.showChanges(cmd.OutOrStdout(), &found)
	}
	if len(found.Changes) == 0 { // comments at most, which are kept as well
		return nil
	}
	_, err := fmt.Fprintln(cmd.OutOrStdout(), "applied")
	return err
}

func refused(a *api.Application) (n int) {
	for _, c := range a.Changes {
		if c.Refused != "" {
			n++
		}
	}
	return n
}

func (c *common) showChanges(out io.Writer, a *api.Application) error {
	return c.form(map[string]func() error{
		"json":  func() error { return json.NewEncoder(out).Encode(a) },
		"table": func() error { return changesText(out, a) },
	})
}

func changesText(out io.Writer, a *api.Application) error {
	if len(a.Changes) == 0 {
		_, err := fmt.Fprintln(out, "nothing changes")
		return err
	}
	for _, c := range a.Changes {
		line := string(c.Mark) + " " + c.What
		if c.Refused != "" {
			line += "\n  refused: " + c.Refused
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	for _, remark := range a.Remarks {
		if _, err := fmt.Fprintln(out, "! "+remark); err != nil {
			return err
		}
	}
	return nil
}
