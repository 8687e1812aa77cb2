package courier

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// errForbidden is said of addresses that are never spoken to.
var errForbidden = errors.New("its address is of the link or of a cloud's metadata, which is never spoken to")

// dialer connects to no forbidden address: it looks at what a name resolved to, when
// it connects.
func dialer() *net.Dialer {
	return &net.Dialer{Timeout: patience, KeepAlive: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || Forbidden(at.Addr()) {
			return errForbidden
		}
		return nil
	}}
}

// dialTLS connects to a server that speaks TLS from the first byte.
func dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := tls.Dialer{NetDialer: dialer(), Config: &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}}
	return d.DialContext(ctx, network, address)
}

// Forbidden says that an address is of the link, of nobody, of many, or of the metadata
// service of a cloud, also as one of IPv4 within IPv6.
func Forbidden(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if nat := netip.MustParsePrefix("64:ff9b::/96"); nat.Contains(a) {
		bytes := a.As16()
		a = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	metadata := []string{"fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd20:ce::254"}
	return !a.IsValid() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsMulticast() || slices.Contains(metadata, a.String())
}
