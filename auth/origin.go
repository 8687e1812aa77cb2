package auth

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// CheckOrigin refuses a request whose Host header is none of our hosts (a name
// that was rebound to our address), and one that a page of another origin sent,
// another port of the same machine included. Hosts are names or addresses
// without a port; an empty origin comes from programs and plain navigation. The
// error is of kind forbidden.
func CheckOrigin(hosts []string, host, origin string) error {
	name := hostName(host)
	if name == "" || !slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(hostName(h), name) }) {
		return spend.Errorf(spend.KindForbidden, "check the host", "%.100q is none of this server's names", host).
			WithHint("use one of %v, or add the name to the configuration", hosts)
	}
	if origin == "" {
		return nil
	}
	from, err := url.Parse(origin)
	if err != nil || !isOrigin(from) || !strings.EqualFold(from.Host, bare(host, from.Scheme)) {
		return spend.Errorf(spend.KindForbidden, "check the origin", "a page of %.100q asked, and this is %.100q", origin, host).
			WithHint("open the dashboard under the address that it is asked at")
	}
	return nil
}

// isOrigin says that a URL is scheme and host and nothing else.
func isOrigin(u *url.URL) bool {
	alone := url.URL{Scheme: u.Scheme, Host: u.Host}
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && *u == alone
}

// bare drops the port that browsers do not write into an origin.
func bare(host, scheme string) string {
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// hostName drops the port and the brackets of an IPv6 address, "" for a text
// that is no host.
func hostName(host string) string {
	if name, port, err := net.SplitHostPort(host); err == nil {
		if port == "" {
			return ""
		}
		return name
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		host, ok = strings.CutSuffix(inner, "]")
		if !ok {
			return ""
		}
	}
	if strings.ContainsAny(host, "/@[] ") || strings.Contains(host, ":") && net.ParseIP(host) == nil {
		return ""
	}
	return host
}
