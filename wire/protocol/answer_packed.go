package protocol

import (
	"compress/gzip"
	"errors"
	"io"
	"iter"
)

// gzipped is the encoding that can be read.
const gzipped = "gzip"

// mostUnpacked bounds what is unpacked of one answer. Little that is packed may be as much
// as anybody likes.
const mostUnpacked = 64 << 20

// packed unpacks a copy of an answer that passes packed, as its bytes come. It runs while
// they are written, and at no other time.
type packed struct {
	on    func() (struct{}, bool) // until it needs more
	stop  func()
	come  []byte // not unpacked yet
	ended bool   // nothing more comes
	lost  bool   // it is not what it says, or too much
}

// unpack makes ready for an answer that is packed.
func (a *Answer) unpack() {
	u := &packed{}
	u.on, u.stop = iter.Pull(func(yield func(struct{}) bool) { u.run(yield, a.look) })
	a.packed = u
}

// run hands on what is unpacked, and yields whenever it needs more.
func (u *packed) run(yield func(struct{}) bool, look func([]byte)) {
	from, err := gzip.NewReader(&pieces{u, yield})
	room := make([]byte, 16<<10)
	for all := 0; err == nil; {
		var n int
		n, err = from.Read(room)
		look(room[:n])
		if all += n; all > mostUnpacked {
			err = errors.New("too much")
		}
	}
	u.lost = !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) // a cut one is read as far as it came
}

func (u *packed) write(p []byte) {
	u.come = p
	u.on()
	u.come = nil
}

// close ends it, and says whether what was unpacked is what came.
func (u *packed) close() (good bool) {
	u.ended = true
	u.on()
	u.stop()
	return !u.lost
}

// pieces are the bytes of it, which wait until more have come.
type pieces struct {
	*packed
	yield func(struct{}) bool
}

func (s *pieces) Read(p []byte) (int, error) {
	for len(s.come) == 0 {
		if s.ended || !s.yield(struct{}{}) {
			s.ended = true
			return 0, io.EOF
		}
	}
	n := copy(p, s.come)
	s.come = s.come[n:]
	return n, nil
}
