package harvest

import (
	"context"

	"github.com/bursarhq/bursar/client"
	"github.com/bursarhq/bursar/ingest"
)

// sender sends one sheaf while the next one is gathered.
type sender struct {
	sheaves chan sheaf
	stopped chan struct{}
	booked  ingest.Result
	err     error // that ended it
}

func newSender(ctx context.Context, to *client.Client) *sender {
	s := &sender{sheaves: make(chan sheaf), stopped: make(chan struct{})}
	go func() {
		defer close(s.stopped)
		for next := range s.sheaves {
			if s.err = s.one(ctx, to, &next); s.err != nil {
				return
			}
		}
	}()
	return s
}

func (s *sender) one(ctx context.Context, to *client.Client, next *sheaf) error {
	body, err := next.body()
	if err != nil {
		return err
	}
	var result ingest.Result
	if err := to.Upload(ctx, "/api/v1/imports", next.order, client.File{Name: next.order.Name, Body: body}, &result); err != nil {
		return err
	}
	s.booked, err = s.booked.Add(result)
	return err
}

// send hands a sheaf over; it waits while one is under way.
func (s *sender) send(next sheaf) error {
	select {
	case s.sheaves <- next:
		return nil
	case <-s.stopped:
		return s.err
	}
}

// end waits for what is under way and gives what was booked.
func (s *sender) end() (ingest.Result, error) {
	close(s.sheaves)
	<-s.stopped
	return s.booked, s.err
}
