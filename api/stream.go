package api

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

// reset is the event that tells a reader to ask everything again.
const reset = "reset"

// follower is one open stream.
type follower struct {
	*call
	writer  http.ResponseWriter
	control *http.ResponseController
	topics  []string // none for all
	at      uint64   // number of the last message that was read
}

func liveRoutes() []route {
	return []route{
		{
			pattern: "GET /api/v1/live", action: auth.SpendRead, needs: inOwnScope, handle: (*call).stream,
			summary: "Streams what changes as server-sent events. The event reset says that some were missed: ask again.",
			params: []param{
				{"query", "topics", "topics by commas, like booked,pulse; all when empty"},
				{"header", "Last-Event-ID", "the last event that was seen, to go on after it"},
			}, status: http.StatusOK,
		},
	}
}

// stream answers with the messages that the caller may see, from where the
// caller left off.
func (c *call) stream() (reply, error) {
	q, err := c.parameters()
	if err != nil {
		return reply{}, err
	}
	topics := strings.FieldsFunc(q.Get("topics"), func(r rune) bool { return r == ',' })
	for _, t := range topics {
		if !topicShape.MatchString(t) {
			return reply{}, spend.Errorf(spend.KindInvalid, "read topics", "%.40q is no topic", t).
				WithHint("lower-case words by commas, like tiles,alerts")
		}
	}
	who := c.who.Actor()
	if err := c.Live.join(who, c.limits.Streams); err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, stream: func(w http.ResponseWriter) {
		defer c.Live.leave(who)
		f := &follower{call: c, writer: w, control: http.NewResponseController(w), topics: topics}
		f.follow()
	}}, nil
}

// follow writes until the reader leaves, its credential ends, the server ends or the
// stream's time is over: then the reader comes back with its last id.
func (f *follower) follow() {
	header := f.writer.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no")
	f.writer.WriteHeader(http.StatusOK)
	if f.request.Method == http.MethodHead {
		return
	}
	missed := false
	f.at, missed = f.Live.resume(f.request.Header.Get("Last-Event-ID"))
	if f.greet(missed) != nil {
		return
	}
	end := time.NewTimer(f.limits.StreamFor)
	defer end.Stop()
	pulse := time.NewTicker(f.limits.Heartbeat)
	defer pulse.Stop()
	look := time.NewTicker(f.limits.Recheck)
	defer look.Stop()
	for {
		more, err := f.catchUp()
		if err != nil || f.Live.over() {
			return
		}
		select {
		case <-more:
		case <-pulse.C:
			if f.write(": \n\n") != nil {
				return
			}
		case <-look.C:
			if f.recheck() != nil {
				return
			}
		case <-end.C:
			return
		case <-f.request.Context().Done():
			return
		}
	}
}

// recheck looks at the credential again: it may have ended, or may see less by now.
func (f *follower) recheck() error {
	if err := f.identify(f.request.Context()); err != nil {
		return err
	}
	return f.authorise()
}

// greet opens the stream, so that the reader knows that it stands.
func (f *follower) greet(missed bool) error {
	if missed {
		return f.write(f.event(reset, "{}"))
	}
	return f.write("retry: 3000\n\n")
}

// catchUp writes what is new and gives the channel that closes when there is more.
func (f *follower) catchUp() (<-chan struct{}, error) {
	found, missed, more := f.Live.after(f.at)
	if missed {
		f.at = found[0].number - 1
		if err := f.write(f.event(reset, "{}")); err != nil {
			return nil, err
		}
	}
	var text strings.Builder
	for i := range found {
		f.at = found[i].number
		if !f.sees(&found[i].Message) {
			continue
		}
		data, err := f.dataOf(&found[i].Message)
		if err != nil {
			return nil, err
		}
		text.WriteString(f.event(found[i].Topic, data))
		if text.Len() < sentAtOnce {
			continue
		}
		if err := f.write(text.String()); err != nil {
			return nil, err
		}
		text.Reset()
	}
	if text.Len() == 0 {
		return more, nil
	}
	return more, f.write(text.String())
}

func (f *follower) sees(m *Message) bool {
	return (len(f.topics) == 0 || slices.Contains(f.topics, m.Topic)) &&
		(m.pulse != nil || auth.Authorise(f.who, auth.SpendRead, auth.Target{Scope: m.Scope}).Allowed)
}

func (f *follower) event(topic, data string) string {
	return fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", f.Live.id(f.at), topic, data)
}

func (f *follower) write(text string) error {
	if _, err := io.WriteString(f.writer, text); err != nil {
		return err
	}
	return f.control.Flush()
}
