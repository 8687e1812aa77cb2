package forecast

import "math"

// simple is exponential smoothing of the level, its weight by the least squared error of
// one step ahead.
func simple(y []float64, horizon int) []float64 {
	best, level := math.Inf(1), y[len(y)-1]
	for step := 1; step <= 49; step++ {
		alpha, l, squares := 0.02*float64(step), y[0], 0.0
		for _, v := range y[1:] {
			e := v - l
			squares += e * e
			l += alpha * e
		}
		if squares < best {
			best, level = squares, l
		}
	}
	return seasonalNaive([]float64{level}, horizon, 1)
}

// theta is the classic method: half the line through y, half the smoothed level of the
// line that bends twice as much.
func theta(y []float64, horizon int) []float64 {
	if len(y) < 3 {
		return naive(y, horizon)
	}
	a, b := line(y)
	bent := make([]float64, len(y))
	for i, v := range y {
		bent[i] = 2*v - (a + b*float64(i))
	}
	out := simple(bent, horizon)
	for k := range out {
		out[k] = out[k]/2 + (a+b*float64(len(y)+k))/2
	}
	return out
}

// line is the least-squares line a + b·i.
func line(y []float64) (a, b float64) {
	middle, level := float64(len(y)-1)/2, mean(y)
	above, below := 0.0, 0.0
	for i, v := range y {
		x := float64(i) - middle
		above += x * (v - level)
		below += x * x
	}
	if below > 0 {
		b = above / below
	}
	return level - b*middle, b
}

// smoother is ETS(A,Ad,A), or ETS(A,Ad,N) without a season. With e the error of one step:
// l' = l + φb + αe, b' = φb + αβe, s' = s + γ(1−α)e.
type smoother struct {
	alpha, beta, gamma, phi float64
	level, trend            float64
	season                  []float64
}

// run goes through y and gives the squared error of one step ahead. The first season
// only starts the level.
func (s *smoother) run(y []float64) float64 {
	squares, level, trend := 0.0, s.level, s.trend
	along, around := s.alpha*s.beta, s.gamma*(1-s.alpha)
	slot, m := 0, len(s.season)
	for _, v := range y[m:] {
		e := v - (level + s.phi*trend + s.season[slot])
		squares += e * e
		level += s.phi*trend + s.alpha*e
		trend = s.phi*trend + along*e
		s.season[slot] += around * e
		if slot++; slot == m {
			slot = 0
		}
	}
	s.level, s.trend = level, trend
	return squares
}

// damped is exponential smoothing with a damped trend and, for m over 1, a season. The
// weights are those of a grid with the least squared error.
func damped(y []float64, horizon, m int) []float64 {
	if len(y) < 2*m+2 {
		return naive(y, horizon)
	}
	start := mean(y[:m])
	best, least := smoother{}, math.Inf(1)
	for _, s := range grid(m) {
		s.level, s.season = start, make([]float64, m)
		for i := range m {
			s.season[i] = y[i] - start
		}
		if squares := s.run(y); squares < least {
			best, least = s, squares
		}
	}
	return best.ahead(len(y), horizon)
}

// grid are the weights that are tried.
func grid(m int) []smoother {
	gammas := []float64{0}
	if m > 1 {
		gammas = []float64{0.05, 0.2, 0.5}
	}
	var out []smoother
	for _, gamma := range gammas {
		for _, alpha := range []float64{0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95} {
			for _, rest := range [][2]float64{{0, 0.9}, {0.05, 0.9}, {0.05, 0.98}, {0.2, 0.9}, {0.2, 0.98}} {
				out = append(out, smoother{alpha: alpha, beta: rest[0], gamma: gamma, phi: rest[1]})
			}
		}
	}
	return out
}

// ahead gives level, damped trend and season of the steps after n values.
func (s *smoother) ahead(n, horizon int) []float64 {
	out := make([]float64, horizon)
	sum, power := 0.0, 1.0
	for k := range out {
		power *= s.phi
		sum += power
		out[k] = s.level + sum*s.trend
		if m := len(s.season); m > 0 {
			out[k] += s.season[(n+k)%m]
		}
	}
	return out
}
