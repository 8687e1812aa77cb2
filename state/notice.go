package state

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Told is a crossing of a threshold that is told once.
type Told struct {
	ID   string
	Text string    // the crossing, as its owner writes it
	Ends time.Time // of its window, zero when that has no end
	At   time.Time
}

// Notice is a message on its way to one channel.
type Notice struct {
	Message string
	Channel string
	State   string
	Text    string // message and delivery, as their owner writes them
	Made    time.Time
	Next    time.Time // not to be tried before
}

// Tell keeps what is told once; what is kept already stays as it is.
func (tx *Tx) Tell(ctx context.Context, t Told) error {
	if t.ID == "" || t.At.IsZero() {
		return spend.Errorf(spend.KindInvalid, "keep a crossing", "an id and an instant are needed")
	}
	return tx.exec(ctx, ask(`INSERT INTO crossings (id, crossing, ends_at, told_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		t.ID, t.Text, micros(t.Ends), micros(t.At)))
}

// Told lists what was told of windows without an end, told since an instant, and of
// those that end after it.
func (tx *Tx) Told(ctx context.Context, since time.Time) ([]Told, error) {
	return list(ctx, tx, ask(`SELECT id, crossing, ends_at, told_at FROM crossings WHERE ends_at > ? OR ends_at = 0 AND told_at >= ? ORDER BY id`,
		micros(since), micros(since)), func(scan scanner) (t Told, err error) {
		return t, scan(&t.ID, &t.Text, instant{&t.Ends}, instant{&t.At})
	})
}

const selectNotices = `SELECT message, channel, state, delivery, made_at, next_at FROM notices `

func scanNotice(scan scanner) (n Notice, err error) {
	return n, scan(&n.Message, &n.Channel, &n.State, &n.Text, instant{&n.Made}, instant{&n.Next})
}

// AddNotice keeps a new notice; one of the same message and channel stays as it is.
func (tx *Tx) AddNotice(ctx context.Context, n Notice) error {
	return tx.exec(ctx, ask(`INSERT INTO notices (message, channel, state, delivery, made_at, next_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (message, channel) DO NOTHING`, n.Message, n.Channel, n.State, n.Text, micros(n.Made), micros(n.Next)))
}

// SetNotice says how the delivery of a notice went. The error is of kind notfound when
// there is none.
func (tx *Tx) SetNotice(ctx context.Context, n Notice) error {
	changed, err := tx.change(ctx, ask(`UPDATE notices SET state = ?, delivery = ?, next_at = ? WHERE message = ? AND channel = ?`,
		n.State, n.Text, micros(n.Next), n.Message, n.Channel))
	if err == nil && changed == 0 {
		err = noNotice()
	}
	return err
}

func noNotice() error {
	return spend.Errorf(spend.KindNotFound, "find a notice", "no message of this id is on its way to that channel").
		WithHint("bursar notice list has both")
}

// Notice gives the notice of a message to a channel. The error is of kind notfound
// when there is none.
func (tx *Tx) Notice(ctx context.Context, message, channel string) (Notice, error) {
	n, found, err := first(ctx, tx, ask(selectNotices+`WHERE message = ? AND channel = ?`, message, channel), scanNotice)
	if err == nil && !found {
		err = noNotice()
	}
	return n, err
}

// DropNotice forgets the notice of a message to a channel, if there is one.
func (tx *Tx) DropNotice(ctx context.Context, message, channel string) error {
	return tx.exec(ctx, ask(`DELETE FROM notices WHERE message = ? AND channel = ?`, message, channel))
}

// DueNotices lists what is to be tried at an instant: by channel, the longest waiting
// first, and so many of each.
func (tx *Tx) DueNotices(ctx context.Context, state string, at time.Time, each int) ([]Notice, error) {
	return list(ctx, tx, ask(`SELECT message, channel, state, delivery, made_at, next_at FROM (
  SELECT n.*, row_number() OVER (PARTITION BY channel ORDER BY next_at, message) AS place FROM notices n WHERE state = ? AND next_at <= ?
) AS due WHERE place <= ? ORDER BY channel, next_at, message`, state, micros(at), each), scanNotice)
}

// Notices lists notices of a state, of all when it is "", the newest first.
func (tx *Tx) Notices(ctx context.Context, state string, limit int) ([]Notice, error) {
	return list(ctx, tx, ask(selectNotices+`WHERE ? = '' OR state = ? ORDER BY made_at DESC, message, channel LIMIT ?`, state, state, limit), scanNotice)
}

// ForgetNotices drops what was told of windows that ended before an instant, or told
// before it where they have no end, with delivered notices from before.
func (tx *Tx) ForgetNotices(ctx context.Context, delivered string, before time.Time) error {
	err := tx.exec(ctx, ask(`DELETE FROM crossings WHERE ends_at <> 0 AND ends_at <= ? OR ends_at = 0 AND told_at < ?`, micros(before), micros(before)))
	if err != nil {
		return err
	}
	return tx.exec(ctx, ask(`DELETE FROM notices WHERE state = ? AND made_at < ?`, delivered, micros(before)))
}
