package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/bursarhq/bursar/policy"
	"github.com/bursarhq/bursar/spend"
)

func newAttributeLint(c *common) *cobra.Command {
	return &cobra.Command{
		Use:   "lint FILE|FOLDER…",
		Short: "Find rules that do not do what they say",
		Long: `Lint reads files of rules, and documents as for bursar apply, and finds rules that
decide nothing, because another always comes first or nothing satisfies them; rules of
which another always decides a part; pairs that nothing but their order tells apart;
groups that are captured and not used; and, when the organisation is among the files,
names that it does not have. What it says is proven: of expressions it compares only
equal ones. It fails when a rule can decide nothing, or sets an unknown name.`,
		Example: "  bursar attribute lint rules.yaml\n  bursar attribute lint policies/ --output json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			book, err := rulebookIn(args)
			if err != nil {
				return err
			}
			found, out := book.Lint(), cmd.OutOrStdout()
			err = c.form(map[string]func() error{
				"json":  func() error { return json.NewEncoder(out).Encode(found) },
				"table": func() error { return findingsText(out, found, len(book.Rules.All())) },
			})
			wrong := slices.ContainsFunc(found, func(f policy.Located) bool { return f.Slip.Wrong() })
			if err == nil && wrong {
				return spend.Errorf(spend.KindInvalid, "lint rules", "a rule cannot do what it says").WithHint("mend or remove those that are unreachable or unknown")
			}
			return err
		},
	}
}

func findingsText(w io.Writer, found []policy.Located, rules int) error {
	for _, f := range found {
		if _, err := fmt.Fprintf(w, "%s:%d: %s: rule %s: %s\n", f.File, f.Line, f.Slip, f.Rule, f.Msg); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d rules, %d findings\n", rules, len(found))
	return err
}

// rulebookIn reads the rules of files and of folders.
func rulebookIn(paths []string) (policy.Rulebook, error) {
	declared, err := declaredIn(paths)
	if err != nil {
		return policy.Rulebook{}, err
	}
	files := make([]policy.File, len(declared.Documents))
	for i, d := range declared.Documents {
		files[i] = policy.File{Name: d.File, Text: d.Text}
	}
	return policy.ReadRulebook(files)
}
