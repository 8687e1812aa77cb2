package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/spend"
)

// Lives serves a data folder through times in which its disk is full. A server that
// met a full disk knows no more what is on it: it is closed, and the folder is opened
// anew when there is room, as after a crash. A folder that is gone meanwhile, with its
// disk, is waited for: nothing is made in its place. Until then every request is answered
// with the reason.
type Lives struct {
	Data        string
	Certificate *tls.Certificate // nil for plain HTTP
	Log         *slog.Logger
	Open        func(ctx context.Context) (*Server, error)                 // makes no folder
	Serve       func(ctx context.Context, s *Server, l net.Listener) error // one life, until the context ends or a part fails
	Pause       time.Duration                                              // between two looks at the disk; 2 s when 0

	why atomic.Pointer[error] // the folder is closed
}

// Run serves with an open server on a listener until the context ends or something
// fails that room does not mend. It closes both.
func (v *Lives) Run(ctx context.Context, s *Server, l net.Listener) error {
	p := share(l)
	defer p.Close() //nolint:errcheck // nobody listens any more
	for {
		err := errors.Join(v.Serve(ctx, s, p.lease()), s.Close())
		if !diskFull(err) || ctx.Err() != nil {
			return err
		}
		v.Log.Error("the disk is full: nothing is accepted until there is room", "error", err)
		if s, err = v.wait(ctx, p.lease(), v.refusing(s)); s == nil {
			return err
		}
		v.Log.Info("there is room again")
	}
}

// wait answers for the closed folder until it can be opened; the server is nil when
// the context ends first or the folder has another defect.
func (v *Lives) wait(ctx context.Context, l net.Listener, refusing http.Handler) (s *Server, err error) {
	v.because(full())
	closed := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: refusing}
	answering := begin(func() {}, func() error { return listen(closed, l, v.Certificate) })
	look := time.NewTicker(orDefault(v.Pause, 2*time.Second))
	defer look.Stop()
	for err == nil && s == nil {
		select {
		case <-ctx.Done():
			err = errors.Join(closed.Close(), leaseEnd(<-answering))
			return nil, err
		case <-look.C:
			s, err = v.reopen(ctx)
		}
	}
	return s, errors.Join(err, closed.Shutdown(context.WithoutCancel(ctx)), leaseEnd(<-answering))
}

// refusing says why the folder is closed, to calls as the routes of the life before did.
func (v *Lives) refusing(before *Server) http.Handler {
	why := func() error { return *v.why.Load() }
	return lingering(before.calling.Load().Refusing(why, api.Refusing(why)))
}

// full and gone are why a folder is closed.
func full() error {
	return spend.Errorf(spend.KindExhausted, "serve", "the disk is full").WithHint("send it again later; nothing of this request was kept")
}

func gone() error {
	return spend.Errorf(spend.KindUnavailable, "serve", "the data folder is not where it was").
		WithHint("mount its disk again; nothing of this request was kept")
}

// because notes why the folder is closed, and logs it when it is another reason.
func (v *Lives) because(err error) {
	if before := v.why.Swap(&err); before != nil && spend.KindOf(*before) != spend.KindOf(err) {
		v.Log.Warn("the folder stays closed", "error", err)
	}
}

// reopen gives no server while the disk is full or not there.
func (v *Lives) reopen(ctx context.Context) (*Server, error) {
	if err := v.there(); err != nil {
		v.because(err)
		return nil, nil //nolint:nilnil // not yet
	}
	if !v.room() {
		v.because(full())
		return nil, nil //nolint:nilnil // not yet
	}
	s, err := v.Open(ctx)
	if diskFull(err) {
		v.because(full())
		v.Log.Warn("the disk is still full", "error", err)
		return nil, nil //nolint:nilnil // not yet
	}
	return s, err
}

// there says why the folder is not the one that was closed: an empty mount point has none
// of what every ledger has.
func (v *Lives) there() error {
	for _, file := range []string{"lake.duckdb", "state.db"} {
		if _, err := os.Stat(filepath.Join(v.Data, file)); err != nil {
			return gone()
		}
	}
	return nil
}

// enoughRoom is what must be free before a folder is opened again.
const enoughRoom = 64 << 20

func (v *Lives) room() bool {
	var fsys unix.Statfs_t
	err := unix.Statfs(v.Data, &fsys)
	return err != nil || int64(fsys.Bavail)*int64(fsys.Bsize) >= enoughRoom //nolint:unconvert // the type differs between systems
}

// diskFull says that an error comes from a disk, a quota or a limit that is reached.
func diskFull(err error) bool {
	if err == nil {
		return false
	}
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			return true
		}
	}
	return spend.KindOf(err) == spend.KindExhausted
}

// leaseEnd drops the error with which a server says that it was stopped.
func leaseEnd(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}
