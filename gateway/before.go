package gateway

import "github.com/bursarhq/bursar/queue"

// A configuration that is read again makes another gateway, while calls of the one
// before go on. What both count together is handed on: the places, the breakers and the
// retries of the routes and upstreams that stay, the memory of requests, the lines of
// rates, the parents of runs, and the connections.

// before gives the gateway that this one follows, and forgets it: a chain of them would
// never end. It is an empty one where there is none.
func (g *Gateway) before() *Gateway {
	b := g.Before
	g.Before = nil
	if b == nil {
		b = &Gateway{held: &memory{}, lines: &lines{}, kin: &kin{}}
		b.Transport = NewTransport()
	}
	return b
}

// retriesOf are those of a route.
func (g *Gateway) retriesOf(route string) *retries {
	if r := g.routes[route]; r != nil {
		return r.retries
	}
	return newRetries()
}

// door is the way to an upstream of a route, with the places that are taken and what is
// known of its failures where it is the same as before.
func (g *Gateway) door(of *Route, i int, next *Gateway) *door {
	u, nth := &of.Upstreams[i], 0 // the same may stand there twice, for another key
	made := &door{Upstream: u, times: u.over(next.Times), gauges: next.Meter.gauges(of.Name, u.Name)}
	for j := range i {
		if of.Upstreams[j].same(u) {
			nth++
		}
	}
	if r := g.routes[of.Name]; r != nil {
		for _, d := range r.doors {
			if !d.same(u) {
				continue
			}
			if nth--; nth < 0 {
				d.places.Resize(u.places())
				made.places, made.breaker = d.places, d.breaker
				return made
			}
		}
	}
	made.places, made.breaker = queue.NewPlaces(u.places(), waiters()), newBreaker(u.Name)
	return made
}

// places are how many attempts it takes at the same time.
func (u *Upstream) places() int { return or(u.AtOnce, 1024) }

// waiters is a line for them. Those who wait hold their requests in memory.
func waiters() queue.Line { return queue.Line{Most: 4096, Each: 1024} }

// same says that two configurations mean one upstream.
func (u *Upstream) same(o *Upstream) bool {
	return u.Name == o.Name && u.Account == o.Account && u.Base.String() == o.Base.String()
}
