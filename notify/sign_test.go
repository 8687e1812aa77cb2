package notify_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
)

func key(t *testing.T, s string) notify.Key {
	t.Helper()
	k, err := notify.ParseKey(s)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The test vector of the Standard Webhooks libraries.
func TestSignsAsStandardWebhooks(t *testing.T) {
	t.Parallel()
	k := key(t, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	got := notify.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), k)
	want := notify.Signed{ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp: "1614265330", Signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
	if got != want {
		t.Errorf("it is %+v, want %+v", got, want)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	fresh := func(b byte) notify.Key {
		return key(t, "whsec_"+base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(rune('a'+b)), 24))))
	}
	old, current := fresh(1), fresh(2)
	body := []byte(`{"title":"x"}`)
	s := notify.Sign("m1", noon(), body, old, current)
	for _, k := range []notify.Key{old, current} {
		if err := k.Verify(s, body, noon().Add(5*time.Minute)); err != nil {
			t.Errorf("while keys overlap: %v", err)
		}
	}
	other, late, bare := s, s, s
	other.ID, late.Timestamp, bare.Signature = "m2", "1614265330", strings.ReplaceAll(s.Signature, "v1,", "")
	for name, f := range map[string]struct {
		key    notify.Key
		signed notify.Signed
		body   string
		now    time.Time
	}{
		"another key":       {fresh(3), s, string(body), noon()},
		"another body":      {current, s, string(body) + " ", noon()},
		"another message":   {current, other, string(body), noon()},
		"another time":      {current, late, string(body), noon()},
		"long ago":          {current, s, string(body), noon().Add(6 * time.Minute)},
		"in the future":     {current, s, string(body), noon().Add(-6 * time.Minute)},
		"without a version": {current, bare, string(body), noon()},
		"nothing":           {current, notify.Signed{}, "", noon()},
	} {
		if err := f.key.Verify(f.signed, []byte(f.body), f.now); spend.KindOf(err) != spend.KindForbidden {
			t.Errorf("%s: %v, want an error of kind forbidden", name, err)
		}
	}
}

func TestKeysStaySecret(t *testing.T) {
	t.Parallel()
	const secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	k := key(t, "whsec_"+secret)
	if got := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); got != "*** *** *** ***" {
		t.Errorf("it prints as %s", got)
	}
	for _, bad := range []string{"", secret, "whsec_", "whsec_short", "whsec_" + secret + "!", "whsec_" + strings.Repeat(secret, 3)} {
		if _, err := notify.ParseKey(bad); spend.KindOf(err) != spend.KindInvalid || spend.HintOf(err) == "" || strings.Contains(err.Error(), secret) {
			t.Errorf("%.10q…: %v, want an error of kind invalid that does not repeat it", bad, err)
		}
	}
}
