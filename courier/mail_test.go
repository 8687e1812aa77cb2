package courier_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
)

// mailServer takes letters without a cipher, and refuses those to nobody@.
func mailServer(t *testing.T) (address string, letters chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	letters = make(chan string, 9)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go converse(conn, letters)
		}
	}()
	return l.Addr().String(), letters
}

func converse(conn net.Conn, letters chan string) {
	defer conn.Close()
	say := func(line string) { _, _ = fmt.Fprint(conn, line+"\r\n") }
	say("220 here")
	in := bufio.NewScanner(conn)
	letter, reading := "", false
	for in.Scan() {
		line := in.Text()
		switch verb, _, _ := strings.Cut(line, " "); {
		case reading && line == ".":
			reading = false
			letters <- letter
			say("250 taken")
		case reading:
			letter += line + "\n"
		case strings.HasPrefix(line, "RCPT TO:<nobody@"):
			say("550 no such user nobody@example.com")
		case verb == "DATA":
			reading = true
			say("354 go on")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestMail(t *testing.T) {
	t.Parallel()
	address, letters := mailServer(t)
	b := read(t, "courier: bursar/1\nmail: {server: \""+address+"\", from: bursar@example.com, security: none}\nchannels:\n"+
		"  - {name: leads, kind: mail, for: [support], to: [ada@example.com, bo@example.com]}\n  - {name: lost, kind: mail, for: [sales], to: [nobody@example.com]}\n", nil)
	m := message()
	if why, _ := b.Send(t.Context(), "leads", &m, noon()); why != "" {
		t.Fatal(why)
	}
	letter := <-letters
	for _, want := range []string{"Subject: Budget a has used 80 % of 5 USD\n", "Message-ID: <m1@bursar>\n", "From: <bursar@example.com>\n", "ada@example.com", "Used: 4 USD"} {
		if !strings.Contains(letter, want) {
			t.Errorf("%q is not in the letter:\n%s", want, letter)
		}
	}
	why, final := b.Send(t.Context(), "lost", &m, noon())
	if why != "the mail server answers 550" || final {
		t.Errorf("%q, %v", why, final)
	}
	secret := read(t, "courier: bursar/1\nmail: {server: \""+address+"\", from: bursar@example.com}\nchannels: [{name: leads, kind: mail, for: [x], to: [ada@example.com]}]", nil)
	if why, _ := secret.Send(t.Context(), "leads", &m, noon()); why == "" || strings.Contains(why, "example.com") {
		t.Errorf("in the clear, where a cipher is wanted: %q", why)
	}
}
