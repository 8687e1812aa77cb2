package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/spend"
)

func newExportApplied(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "applied FOLDER",
		Short: "Write the declarative files that are in force",
		Long: `Applied writes every document that is in force as a file of its own, as it was
written. Applying the folder again changes nothing. Files that are there already are
not written over.`,
		Example: "  bursar export applied policies/\n  bursar apply -f policies/ --dry-run",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.client(cmd, func(ctx context.Context, cl *client.Client) error {
				var found api.Applied
				if err := cl.Get(ctx, "/api/v1/applied", nil, &found); err != nil {
					return err
				}
				if err := writeDocuments(args[0], found.Documents); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d documents in %s\n", len(found.Documents), args[0])
				return err
			})
		},
	}
}

func writeDocuments(folder string, documents []api.AppliedDocument) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return spend.Errorf(spend.KindUnavailable, "export what is applied", "%w", err)
	}
	for _, d := range documents {
		path := filepath.Join(folder, strings.ReplaceAll(d.Name, "/", "-")+".yaml")
		if err := writeNew(path, d.Text); err != nil {
			return err
		}
	}
	return nil
}

// writeNew writes a file that is not there yet.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return spend.Errorf(spend.KindConflict, "export what is applied", "%w", err).WithHint("name an empty folder")
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return spend.Errorf(spend.KindUnavailable, "export what is applied", "%w", err)
	}
	return nil
}
