package notify_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/bursarhq/bursar/notify"
)

func message(n int) notify.Message {
	return notify.Message{ID: fmt.Sprint(n), Title: "x", At: noon().Add(time.Duration(n) * time.Second)}
}

func TestDeliveriesAreTriedAgain(t *testing.T) {
	t.Parallel()
	o := &notify.Outbox{}
	if !o.Add(message(1), noon(), "chat", "mail") || o.Add(message(1), noon(), "mail", "chat") {
		t.Error("a message is not put on its way once to each channel")
	}
	o.Tried(&notify.Outcome{Message: "1", Channel: "mail", At: noon()})
	now, tries := noon(), 0
	for due := o.Due(now); len(due) > 0; due = o.Due(now) {
		if len(due) != 1 || due[0].Channel != "chat" {
			t.Fatalf("due is %+v", due)
		}
		tries++
		o.Tried(&notify.Outcome{Message: "1", Channel: "chat", At: now, Why: "503\nnow"})
		next := o.All()[0].Next
		if next.After(now) && len(o.Due(next.Add(-1))) != 0 {
			t.Errorf("try %d is due before %s", tries+1, next)
		}
		now = now.Add(24 * time.Hour)
	}
	want := notify.Delivery{Message: message(1), Channel: "chat", Tries: 8, State: notify.GivenUp, Why: "503 now"}
	got := o.All()[0]
	got.Next = time.Time{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after %d tries (-want +got):\n%s", tries, diff)
	}
	if o.Add(message(1), now, "chat") || len(o.Due(now)) != 0 {
		t.Error("what was given up is told again")
	}
	o.Forget(now)
	if all := o.All(); len(all) != 1 || all[0].State != notify.GivenUp {
		t.Errorf("left is %+v, want what was given up", all)
	}
}

func TestFinalFailuresAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	o := &notify.Outbox{}
	o.Add(message(1), noon(), "chat")
	o.Tried(&notify.Outcome{Message: "1", Channel: "chat", At: noon(), Why: "410 gone", Final: true})
	o.Tried(&notify.Outcome{Message: "1", Channel: "chat", At: noon()})
	o.Tried(&notify.Outcome{Message: "2", Channel: "chat", At: noon()})
	if all := o.All(); len(all) != 1 || all[0].State != notify.GivenUp || all[0].Tries != 1 {
		t.Errorf("it stands as %+v", all)
	}
}

// Whatever is brought in whatever order, with restarts, each message succeeds on
// each channel at most once.
func TestAMessageIsDeliveredOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o, now := &notify.Outbox{}, noon()
		delivered := map[string]int{}
		channel := func(t *rapid.T) string { return rapid.SampledFrom([]string{"chat", "mail"}).Draw(t, "channel") }
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) { o.Add(message(rapid.IntRange(1, 4).Draw(t, "message")), now, channel(t)) },
			"try": func(t *rapid.T) {
				for _, d := range o.Due(now) {
					x := notify.Outcome{Message: d.Message.ID, Channel: d.Channel, At: now}
					if rapid.Bool().Draw(t, "fails") {
						x.Why = "503"
					} else {
						delivered[d.Message.ID+d.Channel]++
					}
					o.Tried(&x)
				}
			},
			"restart": func(*rapid.T) { o = notify.NewOutbox(append(o.All(), o.All()...)) },
			"wait": func(t *rapid.T) {
				now = now.Add(time.Duration(rapid.IntRange(1, 1000).Draw(t, "seconds")) * time.Second)
			},
			"": func(t *rapid.T) {
				for id, n := range delivered {
					if n > 1 {
						t.Fatalf("%s was delivered %d times", id, n)
					}
				}
			},
		})
	})
}

func TestWhatHasComeFurtherStands(t *testing.T) {
	t.Parallel()
	waiting := notify.Delivery{Message: message(1), Channel: "chat", State: notify.Waiting}
	tried, done := waiting, waiting
	tried.Tries, done.Tries, done.State = 2, 1, notify.Delivered
	for name, f := range map[string]struct{ stored, want []notify.Delivery }{
		"tried":     {[]notify.Delivery{waiting, tried}, []notify.Delivery{tried}},
		"delivered": {[]notify.Delivery{tried, done, waiting}, []notify.Delivery{done}},
	} {
		if diff := cmp.Diff(f.want, notify.NewOutbox(f.stored).All()); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", name, diff)
		}
	}
}
