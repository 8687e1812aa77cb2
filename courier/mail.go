package courier

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"

	"github.com/wneessen/go-mail"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/notify"
)

// postman hands letters to a mail server.
type postman struct {
	host    string
	from    string
	options []mail.Option
}

func isAddress(s string) bool {
	a, err := netmail.ParseAddress(s)
	return err == nil && a.Address == s
}

func (w *writtenMail) read(at string, from Environment, found *document.Problems) *postman {
	host, port, err := net.SplitHostPort(w.Server)
	number, errPort := strconv.Atoi(port)
	found.Add(err != nil || errPort != nil || host == "" || number < 1 || number > 65535, at+".server", "must be like smtp.example.com:587")
	found.Add(!isAddress(w.From), at+".from", "is no address like bursar@example.com")
	password, err := from.secret(w.PasswordEnv, w.PasswordFile)
	found.Add(err != nil, at+".password", "%v", err)
	found.Add((w.User == "") != (password == "") && err == nil, at, "user and password belong together")
	p := &postman{host: host, from: w.From, options: []mail.Option{
		mail.WithPort(number), mail.WithTimeout(patience), mail.WithDialContextFunc(dialer().DialContext),
	}}
	switch w.Security {
	case "", "starttls":
		p.options = append(p.options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "tls":
		p.options = append(p.options, mail.WithDialContextFunc(dialTLS), mail.WithTLSPolicy(mail.NoTLS))
	case "none":
		p.options = append(p.options, mail.WithTLSPolicy(mail.NoTLS))
		found.Add(w.User != "", at+".security", "a password is not sent in the clear: starttls or tls")
	default:
		found.Add(true, at+".security", "must be starttls, tls or none")
	}
	if w.User != "" {
		p.options = append(p.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(w.User), mail.WithPassword(password))
	}
	return p
}

// send hands one letter over. What the server says is told by its number alone:
// its text may repeat an address.
func (p *postman) send(ctx context.Context, c *Channel, m *notify.Message) (why string, final bool) {
	letter := mail.NewMsg()
	if err := errors.Join(letter.From(p.from), letter.To(c.To...)); err != nil {
		return "an address of the channel is none", true
	}
	subject, body := m.Mail()
	letter.Subject(subject)
	letter.SetMessageIDWithValue(m.ID + "@bursar")
	letter.SetDateWithValue(m.At)
	letter.SetBodyString(mail.TypeTextPlain, body)
	client, err := mail.NewClient(p.host, p.options...)
	if err != nil {
		return "the mail server is named wrongly", true
	}
	err = client.DialAndSendWithContext(ctx, letter)
	var refused *mail.SendError
	switch {
	case err == nil:
		return "", false
	case errors.As(err, &refused) && refused.ErrorCode() != 0:
		return fmt.Sprintf("the mail server answers %d", refused.ErrorCode()), false
	}
	return unreached(err), false
}
