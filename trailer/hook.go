package trailer

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Hook is the place of the hook of one repository.
type Hook struct {
	Path string // of the file that git runs
}

// State is what stands there.
type State struct {
	Path      string `json:"path"`
	Installed bool   `json:"installed"`
	Outdated  bool   `json:"outdated"`          // installed, and another version wrote it
	Before    bool   `json:"runs_another_hook"` // a hook that was there before goes first
}

// Find gives the hook of the repository that a folder belongs to, a worktree's or a
// submodule's too. It is where git looks, also when core.hooksPath says another place.
func Find(ctx context.Context, folder string) (Hook, error) {
	top, err := git(ctx, folder, "rev-parse", "--show-toplevel")
	if err != nil {
		return Hook{}, err
	}
	hooks, err := git(ctx, top, "rev-parse", "--git-path", "hooks")
	if err != nil {
		return Hook{}, err
	}
	if !filepath.IsAbs(hooks) {
		hooks = filepath.Join(top, hooks)
	}
	return Hook{Path: filepath.Join(hooks, "prepare-commit-msg")}, nil
}

// git gives what one line of git prints.
func git(ctx context.Context, folder string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", folder}, args...)...)
	var told bytes.Buffer
	cmd.Stderr = &told
	out, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", spend.Errorf(spend.KindNotFound, "find the hooks", "git is not installed, or not in the path")
	case err != nil:
		return "", spend.Errorf(spend.KindInvalid, "find the hooks", "%s", strings.TrimSpace(told.String())).
			WithHint("name a folder inside the working tree of a repository")
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(out), "\n"), "\r"), nil
}

// State reads what stands in the place of the hook.
func (h Hook) State() (State, error) {
	s := State{Path: h.Path}
	text, err := os.ReadFile(h.Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, spend.Errorf(spend.KindForbidden, "read the hook", "%w", err)
	}
	s.Installed = bytes.Contains(text, []byte(mark))
	s.Outdated = s.Installed && string(text) != script()
	s.Before = s.Installed && exists(h.Path+aside)
	return s, nil
}

// Install writes the hook and puts one that was there aside, to be run first. A hook
// of ours is brought up to date.
func (h Hook) Install() (State, error) {
	s, err := h.State()
	if err != nil || s.Installed && !s.Outdated {
		return s, err
	}
	if !s.Installed && exists(h.Path) {
		if exists(h.Path + aside) {
			return s, spend.Errorf(spend.KindConflict, "install the hook", "%s is there, and so is %s from before", h.Path, filepath.Base(h.Path)+aside).
				WithHint("remove the one that is not wanted any more, then install again")
		}
		if err := os.Rename(h.Path, h.Path+aside); err != nil {
			return s, spend.Errorf(spend.KindForbidden, "install the hook", "%w", err)
		}
	}
	if err := h.write(); err != nil {
		return s, spend.Errorf(spend.KindForbidden, "install the hook", "%w", err)
	}
	return h.State()
}

// write replaces the file as a whole: git may run it at any moment.
func (h Hook) write() error {
	folder := filepath.Dir(h.Path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".prepare-commit-msg-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(script())
	if err = errors.Join(err, f.Chmod(0o755), f.Close()); err == nil {
		err = os.Rename(f.Name(), h.Path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Uninstall removes the hook and puts the one from before back. A hook of somebody
// else stays.
func (h Hook) Uninstall() (removed bool, err error) {
	s, err := h.State()
	if err != nil || !s.Installed {
		return false, err
	}
	if s.Before {
		err = os.Rename(h.Path+aside, h.Path)
	} else {
		err = os.Remove(h.Path)
	}
	if err != nil {
		return false, spend.Errorf(spend.KindForbidden, "remove the hook", "%w", err)
	}
	return true, nil
}

// exists says that something has the name, a broken link too.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
